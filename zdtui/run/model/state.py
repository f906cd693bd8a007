"""The run as it stands: a pure fold of events. `RunState = reduce(apply, events)`, live, resumed or replayed.

Applying an event never fails: a journal is history, and history is not refused. What may happen next is
`decide`'s business.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import assert_never
from uuid import UUID

from zdtui.plan.model import StepId
from zdtui.proposals.proposal import Proposal
from zdtui.run.model import events as e
from zdtui.run.model.guard_events import Blindness as Blindness
from zdtui.run.model.left_invalid import said_of, without
from zdtui.run.model.step_state import OVER as OVER
from zdtui.run.model.step_state import Reading, Silenced
from zdtui.run.model.step_state import StepState as StepState
from zdtui.run.model.step_state import StepStatus as StepStatus
from zdtui.run.model.totals import NOTHING, Totals, counting


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of the Log tab and of the command log."""

    at: datetime
    step: StepId | None
    operator: str
    event: e.Event


@dataclass(frozen=True, slots=True)
class Armed:
    """A step that starts by itself in the first quiet moment before `until`."""

    step: StepId
    sql_digest: str
    confirmed_by: str
    until: datetime


LOG_LIMIT = 500


@dataclass(frozen=True, slots=True)
class RunState:
    """All that is known of a run. Empty until it is opened."""

    run: UUID | None = None
    opened: e.RunOpened | None = None
    plan_digest: str = ""
    opened_at: datetime | None = None
    last_at: datetime | None = None
    system_identifier: str = ""
    """Of the server it was written on last; empty: not known."""
    timeline: int | None = None
    """Of that server; None: not known."""
    sequence: int = 0
    """Of the newest event applied; 0 before the first."""
    operator: str = ""
    """Who acted last."""
    steps: dict[StepId, StepState] = field(default_factory=dict)
    pause_by: str | None = None
    """Who or what asked for the pause in force; None when nothing is paused."""
    armed: Armed | None = None
    """Only ever of the console that holds the run now: one that joins or leaves, or loses its session, disarms."""
    at_work: str = ""
    """What a console that left has left with the server, until another one joins."""
    finished: bool = False
    blindness: tuple[Blindness, ...] = ()
    proposal: Proposal | None = None
    """Who proposed the plan of this run; None: whoever ran it."""
    standbys: tuple[str, ...] = ()
    """Names of the standbys that streamed while steps of this run worked."""
    log: tuple[LogLine, ...] = ()
    """The newest LOG_LIMIT lines, oldest first."""
    totals: Totals = NOTHING

    def step(self, step: StepId) -> StepState:
        """The state of a step; PENDING for one no event names."""
        return self.steps.get(step, StepState())

    @property
    def current(self) -> StepId | None:
        """The step that is begun and not over, if any."""
        for step, state in self.steps.items():
            if state.status not in OVER and state.status is not StepStatus.PENDING:
                return step
        return None


def lasted(state: RunState) -> float | None:
    """Seconds from the run's beginning to its newest event."""
    return (state.last_at - state.opened_at).total_seconds() if state.last_at and state.opened_at else None


def apply(state: RunState, recorded: e.Recorded) -> RunState:
    """The state after one more event."""
    event = recorded.event
    step = getattr(event, "step", None)
    state = replace(
        state,
        run=recorded.run,
        sequence=max(state.sequence, recorded.sequence),
        last_at=recorded.at,
        operator=recorded.operator,
        totals=counting(state.totals, event),
        log=(*state.log, LogLine(recorded.at, step, recorded.operator, event))[-LOG_LIMIT:],
    )
    if step is not None:
        before = state.step(step)
        return _run_level(replace(state, steps={**state.steps, step: _step(before, event, recorded.at)}), event)
    return _run_level(state, event, recorded.at)


def _run_level(  # noqa: C901 (one flat match)
    state: RunState, event: e.Event, at: datetime | None = None
) -> RunState:
    match event:
        case e.RunOpened():
            return replace(
                state,
                opened=event,
                opened_at=at,
                system_identifier=event.system_identifier,
                timeline=event.timeline,
                plan_digest=event.plan_digest,
                steps={step: StepState() for step in event.step_ids},
            )
        case e.PlanAmended():
            known = {step: state.step(step) for step in event.step_ids}
            return replace(state, plan_digest=event.plan_digest, steps=known, armed=None)
        case e.PauseRequested():
            return replace(state, pause_by=event.by, armed=None)
        case e.FaultFound():
            return replace(state, pause_by=event.message, armed=None)
        case e.StepArmed():
            armed = Armed(event.step, event.sql_digest, event.confirmed_by, event.until)
            return replace(state, armed=armed, pause_by=None)
        case e.StepStarted():
            return replace(state, pause_by=None, finished=False, armed=None)
        case e.RetryStarted():
            return replace(state, pause_by=None, armed=None)
        case e.ConsoleJoined():
            return replace(_on_server(state, event.system_identifier, event.timeline), armed=None, at_work="")
        case e.ConnectionRestored() | e.ServerChanged():
            return _on_server(state, event.system_identifier, event.timeline)
        case e.StepDisarmed() | e.StepSkipped() | e.ConnectionLost():
            return replace(state, armed=None)
        case e.ConsoleLeft():
            return replace(state, armed=None, at_work=event.at_work)
        case e.JournalAccepted():
            over = all(step.status in OVER for step in state.steps.values())
            return replace(state, armed=None, finished=state.finished and over)
        case e.RunFinished():
            return replace(state, finished=True)
        case e.BlindnessAccepted():
            accepted = Blindness(event.guard, event.about, event.unseen, event.reason, event.by)
            return replace(state, blindness=(*state.blindness, accepted))
        case e.StandbysSeen():
            return replace(state, standbys=event.names)
        case e.PlanProposed():
            return replace(state, proposal=event.proposal)
        case e.ChangesStep() | e.ChangesNothing():
            return state
        case _ as never:
            assert_never(never)


def _on_server(state: RunState, system_identifier: str, timeline: int | None) -> RunState:
    """What is not known leaves what was."""
    return replace(
        state,
        system_identifier=system_identifier or state.system_identifier,
        timeline=state.timeline if timeline is None else timeline,
    )


def _step(  # noqa: C901 (one flat match)
    step: StepState, event: e.Event, at: datetime
) -> StepState:
    """One step after one of its events."""
    match event:
        case e.StepStarted():
            return _started(step, event, at)
        case e.StepHeld():
            anew = event.why is e.HoldKind.USAGE
            return replace(
                step,
                usage=None if anew else step.usage,
                started_at=None if anew else step.started_at,
                status=StepStatus.HELD,
                hold=event.why,
                invalid_indexes=event.indexes,
                message=event.detail,
                statement_in_doubt=None,
                changed_at=at,
            )
        case e.StepFailed():
            return replace(
                step,
                status=StepStatus.FAILED,
                message=event.message,
                hold=None,
                applied=step.applied or event.applied,
                partial=_partial(step, event),
                statement_in_doubt=None,
                changed_at=at,
            )
        case e.StepInDoubt():
            return replace(
                step,
                status=StepStatus.IN_DOUBT,
                statement_in_doubt=event.index,
                message=event.evidence,
                applied=True,
                changed_at=at,
            )
        case e.StepApplied():
            return replace(
                step,
                status=StepStatus.APPLIED,
                applied=True,
                rows=event.rows,
                seconds=event.seconds,
                changed_at=at,
            )
        case e.StepSucceeded():
            return _succeeded(step, event, at)
        case e.StepRolledBack():
            silenced, readings = step.silenced, step.readings
            return StepState(
                rolled_back=True, attempt=step.attempt, changed_at=at, silenced=silenced, readings=readings
            )
        case e.HazardSilenced():
            return replace(step, silenced=(*step.silenced, Silenced(event.rule, event.reason, event.sql_digest)))
        case e.StepRead():
            return replace(step, readings=(*step.readings, Reading(event.text_digest, event.by, event.read_at)))
        case e.StepSkipped():
            return replace(step, status=StepStatus.SKIPPED, message=event.reason, hold=None, changed_at=at)
        case e.StatementSent():
            return step if event.transactional else replace(step, statement_in_doubt=event.index, applied=True)
        case e.StatementFinished():
            if event.transactional:
                return step
            return replace(_known_done(step, event.index + 1), statement_in_doubt=None)
        case e.DoubtSettled():
            known = _known_done(step, event.index + 1) if event.done else step
            return replace(known, status=StepStatus.HELD, statement_in_doubt=None, message=event.evidence)
        case e.AttemptFailed():
            return replace(step, statement_in_doubt=None)
        case e.IndexCleanedUp():
            return _cleaned_up(step, event.index_name)
        case e.BatchesDone():
            return replace(
                step,
                applied=True,
                rows=event.rows,
                batches=event.batches,
                rejected=event.rejected,
                first_rejected=event.first_rejected or step.first_rejected,
                fraction=event.fraction,
            )
        case e.UsageCounted():
            return replace(step, usage=event, started_at=at)
        case e.UsageFound():
            return replace(step, used=event)
        case e.RetryStarted():
            return replace(step, retrying=True)
        case e.RetryEnded():
            return replace(
                step,
                retrying=False,
                rows=event.rows,
                rejected=event.rejected,
                first_rejected=event.first_rejected,
            )
        case e.ChangesRun() | e.ChangesNothing():
            return step
        case _ as never:
            assert_never(never)


def _partial(step: StepState, event: e.StepFailed) -> bool:
    """Journals of before this was said tell it by the share that was done."""
    unfinished = step.batches > 0 and step.fraction is not None and step.fraction < 1.0
    return event.direction is e.Direction.FORWARD and (event.partial or unfinished)


def _started(step: StepState, event: e.StepStarted, at: datetime) -> StepState:
    back = event.direction is e.Direction.BACK
    turned = event.direction is not step.direction
    return replace(
        step,
        status=StepStatus.ROLLING_BACK if back else StepStatus.RUNNING,
        direction=event.direction,
        attempt=event.attempt,
        started_at=at if step.started_at is None or turned else step.started_at,
        changed_at=at,
        hold=None,
        message="",
        rolled_back=False,
        statement_in_doubt=None,
        confirmed_digest=step.confirmed_digest if back else event.sql_digest,
    )


def _succeeded(step: StepState, event: e.StepSucceeded, at: datetime) -> StepState:
    return replace(
        step,
        status=StepStatus.DONE,
        applied=True,
        hold=None,
        message=event.note,
        rows=step.rows if event.rows is None else event.rows,
        seconds=event.seconds,
        fraction=None if step.fraction is None else 1.0,
        changed_at=at,
        statement_in_doubt=None,
    )


def _cleaned_up(step: StepState, index_name: str) -> StepState:
    """An invalid index is gone; the step stays held for those that are left."""
    left = without(step.invalid_indexes, index_name)
    if left:
        return replace(step, invalid_indexes=left, message=said_of(left, f"{index_name} is removed"))
    return replace(step, hold=e.HoldKind.CANCELLED, invalid_indexes=(), message=f"index {index_name} removed")


def _known_done(step: StepState, count: int) -> StepState:
    """So many of the statements of the present direction have taken effect."""
    if step.direction is e.Direction.BACK:
        return replace(step, statements_undone=max(step.statements_undone, count))
    return replace(step, statements_done=max(step.statements_done, count))
