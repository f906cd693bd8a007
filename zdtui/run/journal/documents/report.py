"""`zdtui report --json`: the migration log of one run: what was done, what got in the way, and every event. Pure."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from zdtui.plan.model import Frozen
from zdtui.run.journal.damage import Damage
from zdtui.run.journal.documents.parts import RunPart, run_part
from zdtui.run.journal.event_text import sentence_of
from zdtui.run.model import events as e
from zdtui.run.model.state import RunState, lasted


class EventPart(Frozen):
    """One event of the journal."""

    sequence: int = Field(description="its place in the journal, from 1, without gaps")
    at: datetime
    operator: str
    kind: str
    step: str | None
    text: str = Field(description="what happened, as the report says it")


class ReportDocument(Frozen):
    """One run, whole."""

    format: Literal["zdtui report 1"] = "zdtui report 1"
    run: RunPart
    seconds: float | None = Field(description="from the run's beginning to its newest event")
    pauses: int
    tries_given_up: int = Field(description="tries for locks that came to nothing")
    sessions_waited_behind_us: int
    waited_behind_us_seconds: float = Field(description="what those sessions lost together")
    all_waits_counted: bool = Field(description="false: not always watched, so that both are the least")
    guards_tripped: int
    events: tuple[EventPart, ...]


def report_document(run: UUID, state: RunState, events: Sequence[e.Recorded], damage: Damage | None) -> ReportDocument:
    """The document of this run."""
    totals = state.totals
    return ReportDocument(
        run=run_part(run, state, damage),
        seconds=lasted(state),
        pauses=totals.pauses,
        tries_given_up=totals.tries_given_up,
        sessions_waited_behind_us=totals.behind.sessions,
        waited_behind_us_seconds=totals.behind.seconds,
        all_waits_counted=not totals.uncounted,
        guards_tripped=totals.guards_tripped,
        events=tuple(_event(each) for each in events),
    )


def _event(recorded: e.Recorded) -> EventPart:
    return EventPart(
        sequence=recorded.sequence,
        at=recorded.at,
        operator=recorded.operator,
        kind=recorded.event.kind,
        step=getattr(recorded.event, "step", None),
        text=sentence_of(recorded.event),
    )
