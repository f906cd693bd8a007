"""A soak: time that passes, counted from the journal, so that it survives restarts. Pure."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Literal

from zdtui.quantities import format_duration
from zdtui.steps.execution import Soak
from zdtui.steps.key import Key, Kind
from zdtui.steps.kind import Given, SendsNothing


class WaitAction(SendsNothing):
    """A soak time, counted from the journal, so that it survives restarts."""

    kind: Literal["wait"] = "wait"
    duration: timedelta

    @classmethod
    def step_keys(cls) -> tuple[Key, ...]:
        """`wait`."""
        return (Key("wait", Kind.DURATION, "A soak time, counted from the journal.", field="duration"),)

    @classmethod
    def read(cls, given: Given) -> "WaitAction":
        """The time that was given."""
        return WaitAction(duration=given.value)

    @property
    def execution(self) -> Soak:
        """A time that passes."""
        return Soak(self.duration)

    def confirm_text(self) -> str:
        """How long, and from when on."""
        return f"wait {format_duration(self.duration)}, counted from the moment the step is started"

    def summary(self) -> Iterator[str]:
        """How long."""
        yield f"wait {format_duration(self.duration)}"

    def review(self) -> Iterator[str]:
        """How long."""
        yield f"Wait {format_duration(self.duration)}."
        yield ""

    def how(self, lock_timeout: str, statement_timeout: str) -> str:
        """What counts the time; until when is the console's to say."""
        return "the time is counted from the journal, also without us"

    def when_paused(self) -> str:
        """It needs nobody."""
        return "the time goes on counting, from the journal"

    @property
    def text_name(self) -> str:
        """No SQL."""
        return "wait"
