"""What a whole run came to, counted as its events are folded. Pure."""

from dataclasses import dataclass, replace
from typing import assert_never

from zdtui.run.model import events as e


@dataclass(frozen=True, slots=True)
class Behind:
    """Sessions that waited behind us, and what they lost together."""

    sessions: int = 0
    seconds: float = 0.0

    def and_then(self, other: "Behind") -> "Behind":
        """Both, one after the other."""
        return Behind(self.sessions + other.sessions, self.seconds + other.seconds)

    def at_least(self, other: "Behind") -> "Behind":
        """The greater of each: an event tells what its step has cost so far."""
        return Behind(max(self.sessions, other.sessions), max(self.seconds, other.seconds))


NOBODY = Behind()


@dataclass(frozen=True, slots=True)
class Totals:
    """Counts over all events of a run, however many the log keeps."""

    pauses: int = 0
    tries_given_up: int = 0
    guards_tripped: int = 0
    of_steps_before: Behind = NOBODY
    of_this_start: Behind = NOBODY
    """Since a step was last started."""
    uncounted: bool = False
    """A step ended, and nobody had counted who waited behind it: there may be more."""

    @property
    def behind(self) -> Behind:
        """Who waited behind us in the whole run."""
        return self.of_steps_before.and_then(self.of_this_start)


NOTHING = Totals()


def counting(totals: Totals, event: e.Event) -> Totals:
    """The totals after one more event."""
    match event:
        case e.StepStarted() | e.RetryStarted():
            return replace(totals, of_steps_before=totals.behind, of_this_start=NOBODY)
        case e.PauseRequested():
            return replace(totals, pauses=totals.pauses + 1)
        case e.GuardTripped():
            return replace(totals, guards_tripped=totals.guards_tripped + 1)
        case e.AttemptFailed():
            return _behind(replace(totals, tries_given_up=totals.tries_given_up + 1), event)
        case e.StepApplied() | e.StepSucceeded() | e.SaysWhoWaited():
            return _behind(totals, event)
        case e.ChangesStep() | e.ChangesRun() | e.ChangesNothing() | e.StepSkipped():
            return totals
        case _ as never:
            assert_never(never)


def _behind(totals: Totals, event: e.AttemptFailed | e.StepApplied | e.StepSucceeded | e.SaysWhoWaited) -> Totals:
    if event.victims is None:
        return replace(totals, uncounted=True)
    so_far = Behind(event.victims, event.victim_seconds)
    return replace(totals, of_this_start=totals.of_this_start.at_least(so_far))
