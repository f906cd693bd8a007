"""The one place that says what may happen. Pure: a view and an intent in, events and effects out.

Nothing reaches the database without passing `decide`. The conductor performs the effects; it decides nothing.
"""

from typing import assert_never

from zdtui.hazards.hazard import Hazard
from zdtui.plan.model import Phase, Plan, Step, StepId
from zdtui.plan.once import once
from zdtui.run.decisions.arm import arm, disarm, fire, set_ceiling
from zdtui.run.decisions.blind import accept_blindness, start_when
from zdtui.run.decisions.change_plan import change_plan
from zdtui.run.decisions.clean_up import clean_up
from zdtui.run.decisions.clean_up import clean_up_sql as clean_up_sql
from zdtui.run.decisions.confirm_text import rollback_digest, step_digest
from zdtui.run.decisions.console_rules import (
    idle_conductor,
    only_conductor,
    same_plan,
    whole_journal,
    writable_journal,
)
from zdtui.run.decisions.decision import ArmExpired as ArmExpired
from zdtui.run.decisions.decision import Decision as Decision
from zdtui.run.decisions.decision import EngineEvent as EngineEvent
from zdtui.run.decisions.decision import GuardOver as GuardOver
from zdtui.run.decisions.decision import HeldBack, Refused
from zdtui.run.decisions.decision import PauseAsked as PauseAsked
from zdtui.run.decisions.decision import QuietMoment as QuietMoment
from zdtui.run.decisions.decision import StepEnded as StepEnded
from zdtui.run.decisions.hazard_gate import stops, text_digest
from zdtui.run.decisions.journal import accept_journal
from zdtui.run.decisions.pause_asked import pause_asked
from zdtui.run.decisions.reading import must_have_been_read, read_step
from zdtui.run.decisions.rehearsal_gate import missing_rehearsal
from zdtui.run.decisions.rehearsing import rehearse, stop_rehearsal
from zdtui.run.decisions.retry import retry_rejected
from zdtui.run.decisions.signal import signal_backend
from zdtui.run.decisions.typed_word import is_confirmed
from zdtui.run.decisions.view import RunView
from zdtui.run.decisions.view import next_step as next_step
from zdtui.run.figures.guards import Breach
from zdtui.run.model import commands as c
from zdtui.run.model import effects as f
from zdtui.run.model import events as e
from zdtui.run.model.state import OVER, RunState, StepState, StepStatus
from zdtui.run.preflight.board import Outcome


def decide(view: RunView, intent: c.Command | EngineEvent) -> Decision:
    """What follows from a command, or from what the engine noticed, as things stand in this view."""
    try:
        return _decide(view, intent)
    except Refused as refused:
        return Decision(refusal=str(refused), held_back=isinstance(refused, HeldBack))


def _decide(now: RunView, intent: c.Command | EngineEvent) -> Decision:  # noqa: C901 (one flat match over a closed union)
    match intent:
        case c.RunStep():
            return _run_step(now, intent)
        case c.Arm():
            return arm(now, intent, _run_step)
        case c.SetQueueCeiling():
            only_conductor(now)
            return set_ceiling(now, intent)
        case c.RollBack():
            return _roll_back(now, intent)
        case c.Pause():
            return _pause(now)
        case c.CancelStatement():
            return _cancel(now, intent)
        case c.SkipStep():
            return _skip(now, intent)
        case c.SilenceHazard():
            return _silence(now, intent)
        case c.ReadStep():
            return read_step(now, intent)
        case c.ChangePlan():
            return change_plan(now, intent)
        case c.AcceptBlindness():
            return accept_blindness(now, intent)
        case c.AddNote():
            return _note(now, intent)
        case c.SignalBackend():
            return signal_backend(now, intent)
        case c.CleanUpIndex():
            return clean_up(now, intent)
        case c.RetryRejected():
            return retry_rejected(now, intent)
        case c.SettleDoubt():
            return _settle_doubt(now, intent)
        case c.AcceptJournal():
            return accept_journal(now, intent)
        case c.SetThrottleLevel():
            only_conductor(now)
            return Decision(effects=(f.SetThrottleLevel(intent.level),))
        case c.TakeOver():
            whole_journal(now)
            if now.is_conductor:
                raise Refused("this console already holds the run")
            return Decision(effects=(f.AcquireRunLock(),))
        case c.RefreshBoard():
            return Decision(effects=(f.RunPreflight(),))
        case c.Rehearse():
            return rehearse(now, intent)
        case c.StopRehearsal():
            return stop_rehearsal(now)
        case c.LookAt(subject=subject):
            return Decision(effects=(f.LookAt(subject),))
        case c.Leave():
            return Decision(effects=(f.CloseRun(intent.why, intent.force),))
        case StepEnded():
            return _ended(now)
        case QuietMoment():
            return fire(now, intent.step, _run_step)
        case ArmExpired():
            return disarm(now, "no quiet moment came in time")
        case GuardOver():
            return _guard_over(now, intent.breach)
        case PauseAsked(by=by):
            return pause_asked(now, by)
        case _ as never:
            assert_never(never)


def needs_go(plan: Plan, run: RunState, step: Step) -> bool:
    """Whether the go / no-go board is asked afresh: before the first step, the first switch and each contract."""
    if run.opened is None or step.phase is Phase.CONTRACT:
        return True
    return _first_switch(plan.steps) == step.id


@once
def _first_switch(steps: tuple[Step, ...]) -> StepId | None:
    return next((each.id for each in steps if each.phase is Phase.SWITCH), None)


def wants_fresh_board(now: RunView, step: StepId) -> bool:
    """Whether a question about the step depends on what the preflight asks: its go, or whether the journal can be
    written."""
    return needs_go(now.plan, now.run, now.plan.step(step)) or bool(now.journal_refuses)


def undoable(plan: Plan, run: RunState) -> tuple[Step, ...]:
    """The steps a rollback would go through, latest first: everything that was begun or passed over."""
    begun = {step for step, state in run.steps.items() if state.status is not StepStatus.PENDING}
    return tuple(step for step in reversed(plan.steps) if step.id in begun) if begun else ()


def has_something_to_undo(state: StepState) -> bool:
    """Whether the step left, or may have left, anything in the database."""
    return state.applied


def _run_step(now: RunView, command: c.RunStep) -> Decision:
    idle_conductor(now)
    step = _step_in_turn(now, command.step)
    writable_journal(now)
    same_plan(now)
    if command.sql_digest != step_digest(step):
        raise HeldBack(f"what was confirmed is not what {step.id} would run now; look at it again")
    _may_start(now, step)
    _confirmed(now, step, command)
    state = now.run.step(step.id)
    started = e.StepStarted(
        step=step.id,
        direction=e.Direction.FORWARD,
        attempt=state.attempt + 1,
        sql_digest=command.sql_digest,
        confirmed_by=command.confirmed_by,
    )
    opening: tuple[f.Effect, ...] = (f.OpenRun(),) if now.run.opened is None else ()
    return Decision(effects=(*opening, f.Perform(started, note=command.note)))


def _step_in_turn(now: RunView, wanted: StepId) -> Step:
    step = next_step(now.plan, now.run)
    if step is None:
        raise Refused("every step is done")
    if step.id != wanted:
        raise Refused(f"steps run in order: {step.id} comes before {wanted}")
    return step


def _may_start(now: RunView, step: Step) -> None:
    state = now.run.step(step.id)
    if state.status is StepStatus.IN_DOUBT:
        raise HeldBack(f"{step.id} is in doubt: look at the server and settle it first")
    if state.hold is e.HoldKind.INVALID_INDEX:
        raise HeldBack(f"a failed build left an invalid index; D shows how to remove it before {step.id} runs again")
    if state.direction is e.Direction.BACK and state.statements_undone:
        raise HeldBack(f"the rollback of {step.id} is half done; B goes on with it")
    must_have_been_read(now, step)
    if (hazards := hazards_that_stop(now, step)) and not state.applied:
        raise HeldBack(f"{hazards[0].rule} stops {step.id}: {hazards[0].sentence} (h shows it, H acknowledges it)")
    if needs_go(now.plan, now.run, step) and now.board is not None and now.board.outcome is Outcome.STOP:
        stopped = next(check for check in now.board.checks if check.outcome is Outcome.STOP)
        raise HeldBack(f"no go: {stopped.name}: {stopped.finding}")
    if now.breached_guards:
        raise HeldBack(start_when(now.breached_guards[0], step.id))


def _confirmed(now: RunView, step: Step, command: c.RunStep) -> None:
    if not is_confirmed(now, command):
        raise HeldBack(f"type {step.id} to run it")
    if step.action.by_hand and not command.note.strip():
        raise HeldBack(f"{step.id} is done by a person: say in a note what was done")


def _roll_back(now: RunView, command: c.RollBack) -> Decision:
    only_conductor(now)
    candidates = undoable(now.plan, now.run)
    if not candidates:
        raise Refused("nothing was done yet")
    if now.working is not None:
        raise HeldBack(_still_stopping(now, now.working))
    writable_journal(now)
    same_plan(now)
    steps = candidates[: len(command.steps)]
    if not steps or tuple(step.id for step in steps) != command.steps:
        raise HeldBack("a rollback goes back from the latest step without leaving one out; look at it again")
    for step in steps:
        state = now.run.step(step.id)
        if state.status is StepStatus.IN_DOUBT:
            raise HeldBack(f"{step.id} is in doubt: look at the server and settle it first")
        if step.rollback.kind == "irreversible" and has_something_to_undo(state):
            raise HeldBack(f"{step.id} cannot be undone: {step.rollback.consequence}")
    if command.sql_digest != rollback_digest(steps):
        raise HeldBack("what was confirmed is not what the rollback would run now; look at it again")
    if not is_confirmed(now, command):
        raise HeldBack(f"type {steps[-1].id} to roll back to before it")
    started = tuple(
        e.StepStarted(
            step=step.id,
            direction=e.Direction.BACK,
            attempt=now.run.step(step.id).attempt + 1,
            sql_digest=step_digest(step, e.Direction.BACK),
            confirmed_by=command.confirmed_by,
        )
        for step in steps
    )
    return Decision(effects=tuple(f.Perform(each) for each in started))


def _still_stopping(now: RunView, working: StepId) -> str:
    """What a rollback waits for while a step is under way."""
    doing = "" if now.activity is None else f" ({now.activity.doing})"
    return f"{working} is under way{doing}: p stops it at its next safe point; a statement that goes on, X cancels"


def _pause(now: RunView) -> Decision:
    if not now.is_conductor:
        raise Refused("this console looks on: only the one that holds the run can pause it")
    by = now.operator or "operator"
    if now.run.armed is not None:
        return disarm(now, f"disarmed by {by}")
    opened = now.run.opened is not None
    events = (e.PauseRequested(by=by),) if opened and now.run.pause_by is None else ()
    if now.working is None:
        return Decision(events=events)
    return Decision(events=events, effects=(f.StopAtSafePoint(e.HoldKind.PAUSED, f"paused by {by}"),))


def _cancel(now: RunView, command: c.CancelStatement) -> Decision:
    only_conductor(now)
    if now.working is None:
        raise Refused("nothing of ours is running")
    shown, runs = command.shown, now.activity
    if shown is not None and runs is not None and shown != runs.which:
        raise Refused("that statement is over, and another has begun")
    return Decision(effects=(f.CancelOurStatement(),))


def _skip(now: RunView, command: c.SkipStep) -> Decision:
    idle_conductor(now)
    step = next_step(now.plan, now.run)
    if step is None:
        raise Refused("no step is left to skip")
    if step.id != command.step:
        raise Refused(f"only the next step can be skipped, and that is {step.id}")
    writable_journal(now)
    same_plan(now)
    if not command.reason.strip():
        raise HeldBack(f"skipping {step.id} needs a reason")
    if now.run.step(step.id).status is StepStatus.IN_DOUBT:
        raise HeldBack(f"{step.id} is in doubt: look at the server and settle it first")
    opening: tuple[f.Effect, ...] = (f.OpenRun(),) if now.run.opened is None else ()
    skipped = f.Record(e.StepSkipped(step=step.id, reason=command.reason.strip()))
    last = next_step(now.plan, _as_if_over(now.run, step.id)) is None
    finish: tuple[f.Effect, ...] = (f.Record(e.RunFinished()),) if last else ()
    return Decision(effects=(*opening, skipped, *finish))


def _as_if_over(run: RunState, step: StepId) -> RunState:
    return RunState(steps={**run.steps, step: StepState(status=StepStatus.SKIPPED)})


def _silence(now: RunView, command: c.SilenceHazard) -> Decision:
    idle_conductor(now)
    step = next((each for each in now.plan.steps if each.id == command.step), None)
    if step is None:
        raise Refused(f"the plan has no step {command.step}")
    if not any(each.rule == command.rule for each in hazards_that_stop(now, step)):
        raise Refused(" ".join(f"no hazard {command.rule} stops {step.id}".split()))
    writable_journal(now)
    same_plan(now)
    if command.text_digest != text_digest(step):
        raise HeldBack(f"what {command.step} would run is not what was shown; look at it again")
    if not command.reason.strip():
        raise HeldBack(f"acknowledging {command.rule} needs a reason")
    opening: tuple[f.Effect, ...] = (f.OpenRun(),) if now.run.opened is None else ()
    silenced = e.HazardSilenced(
        step=step.id, rule=command.rule, reason=command.reason.strip(), sql_digest=command.text_digest
    )
    return Decision(effects=(*opening, f.Record(silenced)))


def hazards_that_stop(now: RunView, step: Step) -> tuple[Hazard, ...]:
    """The hazards that keep the step from being run at this moment; none of a step that is over.

    A rehearsal that the plan asks for and that is missing is one of them, and is acknowledged as they are.
    """
    state = now.run.step(step.id)
    if state.status in OVER:
        return ()
    missing = missing_rehearsal(now, step)
    unproved = () if missing is None or missing.silenced is not None else (missing,)
    return (*stops(now.findings or (), step, state), *unproved)


def _note(now: RunView, command: c.AddNote) -> Decision:
    only_conductor(now)
    if not command.text.strip():
        raise HeldBack("a note needs words")
    if now.run.opened is None:
        return Decision(effects=(f.KeepNote(command.text.strip()),))
    return Decision(events=(e.NoteAdded(text=command.text.strip()),))


def _settle_doubt(now: RunView, command: c.SettleDoubt) -> Decision:
    idle_conductor(now)
    state = now.run.step(command.step)
    if state.status is not StepStatus.IN_DOUBT or state.statement_in_doubt is None:
        raise Refused(f"{command.step} is not in doubt")
    writable_journal(now)
    if not command.reason.strip():
        raise HeldBack("say how you know")
    settled = e.DoubtSettled(
        step=command.step,
        index=state.statement_in_doubt,
        done=command.done,
        evidence=f"{now.operator or 'operator'}: {command.reason.strip()}",
    )
    return Decision(events=(settled,))


def _ended(now: RunView) -> Decision:
    over = next_step(now.plan, now.run) is None
    return Decision(events=(e.RunFinished(),)) if over and not now.run.finished and now.damage is None else Decision()


def _guard_over(now: RunView, breach: Breach) -> Decision:
    """A rollback under way is never stopped by a guard: it is what makes things better."""
    if now.damage is not None or now.working is None or now.run.pause_by is not None:
        return Decision()
    if now.run.step(now.working).direction is e.Direction.BACK:
        return Decision()
    tripped = e.GuardTripped(
        guard=breach.guard,
        pane=str(breach.pane),
        value=breach.value,
        limit=breach.limit,
        unseen=bool(breach.figure),
    )
    return Decision(
        events=(tripped, e.PauseRequested(by=f"guard: {breach}")),
        effects=(f.StopAtSafePoint(e.HoldKind.GUARD, str(breach)),),
    )
