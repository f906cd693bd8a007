"""What a screen is given: the view of one moment, with the verdict over it. The newest replaces the one before."""

from dataclasses import dataclass, fields
from enum import StrEnum

from zdtui.run.decisions.view import RunView


class VerdictWord(StrEnum):
    """The one word that says how things stand."""

    READY = "ready"
    """Nothing runs; the next step waits for a person."""
    RUNNING = "running"
    THROTTLED = "throttled"
    BLOCKED = "blocked"
    ARMED = "armed"
    """A confirmed step starts by itself in the next quiet moment."""
    HELD = "held"
    STALLED = "stalled"
    FAILED = "failed"
    LOST = "lost"
    OBSERVING = "observing"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class Verdict:
    """How things stand, why, with the figure, and what a person can do next."""

    word: VerdictWord
    reason: str
    """'by 4711 report-nightly for 1.2 s', 'replay lag 8.1 s is over 5 s' ..."""
    advice: str
    """'X cancels it; p pauses', 'R goes on' ..."""


@dataclass(frozen=True, kw_only=True)
class Snapshot(RunView):
    """A view and its verdict: `decide` takes a snapshot as it takes any view, so a screen asks it directly."""

    verdict: Verdict

    @classmethod
    def of(cls, view: RunView, verdict: Verdict) -> "Snapshot":
        """The view as it stands, with its verdict."""
        return cls(verdict=verdict, **{each.name: getattr(view, each.name) for each in fields(view)})
