"""Which notices follow from one snapshot to the next. Pure."""

from collections.abc import Iterator

from zdtui.notify import notice as n
from zdtui.run.decisions.snapshot import Snapshot, VerdictWord
from zdtui.run.model.events import GuardTripped
from zdtui.run.model.state import StepState, StepStatus

AT_WORK = frozenset({VerdictWord.RUNNING, VerdictWord.THROTTLED, VerdictWord.BLOCKED, VerdictWord.STALLED})
NEEDS_A_PERSON = frozenset({StepStatus.HELD, StepStatus.FAILED, StepStatus.IN_DOUBT})


def notices(before: Snapshot, after: Snapshot) -> tuple[n.Notice, ...]:
    """What happened in between that a person elsewhere may want to know.

    Only a console that holds the run tells: of two that look at the same run one does. What a console finds done when
    it joins a run is no news.
    """
    lost = before.is_conductor and before.is_connected and not after.is_connected and after.leaving is None
    connection = (n.ConnectionLost(_where(after)),) if lost else ()
    if not after.is_conductor or not (before.run.run is not None or _was_born(before, after)):
        return connection
    return (*_steps(before, after), *_guards(before, after), *connection, *_rest(before, after))


def _was_born(before: Snapshot, after: Snapshot) -> bool:
    """The run began since: everything in it is news."""
    return after.run.opened_at is not None and after.run.opened_at >= before.wall


def _where(at: Snapshot) -> n.Where:
    return n.Where(at.plan.name, at.plan.target.environment, at.steps_over, len(at.plan.steps))


def _steps(before: Snapshot, after: Snapshot) -> Iterator[n.Notice]:
    if before.run.steps is after.run.steps:
        return
    for step, state in after.run.steps.items():
        if state.status is not before.run.step(step).status:
            yield from _step(_where(after), step, state)


def _step(where: n.Where, step: str, state: StepState) -> Iterator[n.Notice]:
    if state.status is StepStatus.DONE:
        yield n.StepDone(where, step)
    elif state.status is StepStatus.HELD:
        yield n.Held(where, step, state.hold)
    elif state.status in NEEDS_A_PERSON:
        yield n.Failed(where, step, in_doubt=state.status is StepStatus.IN_DOUBT)


def _guards(before: Snapshot, after: Snapshot) -> Iterator[n.Notice]:
    """Each that tripped since, as far back as the log goes."""
    tripped = [line.event for line in after.run.log if isinstance(line.event, GuardTripped)]
    since = after.run.totals.guards_tripped - before.run.totals.guards_tripped
    for each in tripped[-since:] if since > 0 else ():
        yield n.GuardTripped(_where(after), each.guard, each.unseen)


def _rest(before: Snapshot, after: Snapshot) -> Iterator[n.Notice]:
    """What comes when nothing runs any more. A step that is held or failed has said so itself."""
    if after.run.finished and not before.run.finished:
        yield n.Finished(_where(after))
    elif before.verdict.word in AT_WORK and after.verdict.word is VerdictWord.READY and after.next_step is not None:
        yield n.Waiting(_where(after), after.next_step)
