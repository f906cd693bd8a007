"""Something a person does outside the database. Pure."""

from collections.abc import Iterator
from typing import Literal

from zdtui.steps.execution import ByHand
from zdtui.steps.key import Key, Kind
from zdtui.steps.kind import Given, SendsNothing
from zdtui.steps.wording import short


class ManualAction(SendsNothing):
    """Something a person does outside the database, confirmed with a note."""

    kind: Literal["manual"] = "manual"
    instructions: str

    @classmethod
    def step_keys(cls) -> tuple[Key, ...]:
        """`manual`."""
        description = "Something a person does, confirmed with a note."
        return (Key("manual", Kind.TEXT, description, field="instructions"),)

    @classmethod
    def read(cls, given: Given) -> "ManualAction":
        """The instructions that were given."""
        return ManualAction(instructions=given.value)

    @property
    def execution(self) -> ByHand:
        """A person does it."""
        return ByHand()

    def confirm_text(self) -> str:
        """The instructions."""
        return self.instructions

    def summary(self) -> Iterator[str]:
        """The instructions, cut."""
        yield f"by hand: {short(self.instructions)}"

    def review(self) -> Iterator[str]:
        """The instructions."""
        yield f"By hand: {self.instructions.strip()}"
        yield ""

    def how(self, lock_timeout: str, statement_timeout: str) -> str:
        """Who does it."""
        return "nothing is sent to the server: you say what was done, and it is journaled"

    def when_paused(self) -> str:
        """Only its verify queries are ever under way."""
        return "the query is waited for, then we leave"

    @property
    def text_name(self) -> str:
        """No SQL."""
        return "what to do"
