"""A query whose single value must be true. Pure."""

from collections.abc import Iterator
from functools import cached_property
from typing import Literal

from zdtui.sql.split import split
from zdtui.sql.statement import Statement
from zdtui.steps.execution import AtOnce
from zdtui.steps.key import Key, Kind
from zdtui.steps.kind import Given, Judged, StepKind, TableUse
from zdtui.steps.mistake import Mistake, query_mistakes
from zdtui.steps.wording import fence, short


class CheckAction(StepKind):
    """A query whose single value must be true."""

    kind: Literal["check"] = "check"
    query: str

    @classmethod
    def step_keys(cls) -> tuple[Key, ...]:
        """`check`."""
        return (Key("check", Kind.SQL, "A query whose single value must be true.", field="query"),)

    @classmethod
    def read(cls, given: Given) -> "CheckAction":
        """The query that was given."""
        return CheckAction(query=given.value)

    def mistakes(self) -> Iterator[Mistake]:
        """It is one query, which changes nothing."""
        return query_mistakes(self.query, self.asked, "check")

    @cached_property
    def asked(self) -> tuple[Statement, ...]:
        """The one query, as a statement."""
        return split(self.query)

    @property
    def execution(self) -> AtOnce:
        """One query."""
        return AtOnce(self.query)

    @property
    def judged(self) -> Judged:
        """The query."""
        return Judged(self.query, self.asked)

    @property
    def tables(self) -> tuple[TableUse, ...]:
        """None but those the query names."""
        return ()

    @property
    def expressions(self) -> tuple[str, ...]:
        """The query."""
        return (self.query,)

    def confirm_text(self) -> str:
        """The query."""
        return self.query

    def summary(self) -> Iterator[str]:
        """The query, cut."""
        yield f"check: {short(self.query)}"

    def review(self) -> Iterator[str]:
        """The query."""
        yield "This must give true:"
        yield ""
        yield from fence(self.query)

    def how(self, lock_timeout: str, statement_timeout: str) -> str:
        """How long it may take."""
        return f"one query that must be true; statement_timeout {statement_timeout}"

    def when_paused(self) -> str:
        """A query is never cut off for that."""
        return "the query is waited for, then we leave"
