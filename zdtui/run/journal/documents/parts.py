"""What both documents say of a run and of its steps, as they say it. Pure."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from zdtui.plan.model import Frozen
from zdtui.run.journal.damage import Damage
from zdtui.run.journal.standing import Standing, standing
from zdtui.run.model.state import OVER, RunState, StepState


class StepPart(Frozen):
    """Where one step stands."""

    id: str
    status: str = Field(description="pending, running, rolling back, held, failed, in doubt, applied, done or skipped")
    rolled_back: bool
    attempt: int = Field(description="how often it was begun")
    started_at: datetime | None
    changed_at: datetime | None
    seconds: float | None = Field(description="how long it took, once it is over")
    rows: int | None
    rejected: int = Field(description="rows that it could not take")
    fraction: float | None = Field(description="0 to 1 of a backfill")
    hold: str | None = Field(description="why it is held, as one word")
    message: str | None = Field(description="why it is held, failed or in doubt, as a sentence")


class BlindPart(Frozen):
    """A figure the operator goes on without."""

    figure: str
    about: tuple[str, ...]
    reason: str
    by: str


class RunPart(Frozen):
    """One run."""

    run: UUID
    standing: Standing | None = Field(description="null: the journal is not whole, so that nobody can say")
    plan: str | None = Field(description="null, as the six below: the journal's beginning is lost")
    title: str | None
    plan_digest: str | None
    environment: str | None
    database: str | None
    server: str | None
    opened_at: datetime | None = Field(description="UTC, as all times here")
    last_at: datetime | None = Field(description="of its newest event")
    last_by: str | None = Field(description="who acted last")
    steps_over: int = Field(description="done or skipped")
    current: str | None = Field(description="the step that is begun and not over")
    paused_by: str | None
    blind: tuple[BlindPart, ...]
    journal_whole: bool = Field(description="false: nothing said here is to be relied on")
    damage: str | None = Field(description="what is wrong with the journal, as a sentence")
    steps: tuple[StepPart, ...]


def run_part(run: UUID, state: RunState, damage: Damage | None) -> RunPart:
    """The run as it stands. What is not known of one whose beginning is lost is None, and never an empty text."""
    opened = state.opened
    return RunPart(
        run=run,
        standing=standing(state) if damage is None else None,
        plan=None if opened is None else opened.plan_name,
        title=None if opened is None else opened.plan_title,
        plan_digest=state.plan_digest or None,
        environment=None if opened is None else opened.environment,
        database=None if opened is None else opened.database,
        server=None if opened is None else opened.server,
        opened_at=state.opened_at,
        last_at=state.last_at,
        last_by=state.operator or None,
        steps_over=sum(step.status in OVER for step in state.steps.values()),
        current=state.current,
        paused_by=state.pause_by,
        blind=tuple(BlindPart(figure=b.figure, about=b.about, reason=b.reason, by=b.by) for b in state.blindness),
        journal_whole=damage is None,
        damage=None if damage is None else damage.sentence,
        steps=tuple(_step(name, step) for name, step in state.steps.items()),
    )


def _step(name: str, step: StepState) -> StepPart:
    return StepPart(
        id=name,
        status=step.status,
        rolled_back=step.rolled_back,
        attempt=step.attempt,
        started_at=step.started_at,
        changed_at=step.changed_at,
        seconds=step.seconds,
        rows=step.rows,
        rejected=step.rejected,
        fraction=step.fraction,
        hold=step.hold,
        message=step.message or None,
    )
