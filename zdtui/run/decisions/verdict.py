"""The one line that says how things stand, why, with the figure, and what a person can do next. Pure."""

import re
from datetime import timedelta
from typing import assert_never

from zdtui.amounts import age, number, roughly, share
from zdtui.counted import counted
from zdtui.plan.model import StepId
from zdtui.run.decisions.decide import needs_go
from zdtui.run.decisions.reading import is_to_be_read, proposal_of
from zdtui.run.decisions.snapshot import Verdict, VerdictWord
from zdtui.run.decisions.summary import what_it_came_to
from zdtui.run.decisions.view import RunView
from zdtui.run.model.activity import Activity, BatchProgress, Doing
from zdtui.run.model.console import session_name
from zdtui.run.model.events import Direction, HoldKind
from zdtui.run.model.state import Armed, StepState, StepStatus
from zdtui.run.preflight.board import Outcome

STALLED_AFTER = 15.0
"""Seconds without a committed batch, a lock wait or a throttle after which a backfill is called stalled."""
TELLS = 0.02
"""The share of a table from which on what is done tells how much there is."""
LEAVES = "X cancels it, which leaves an invalid index or half a change"
"""Of a CONCURRENTLY statement, which nothing but X cancels."""
BLOCKED_AFTER = 0.2
"""Seconds a statement has to wait before it is called blocked; shorter waits would flicker."""


def verdict(at: RunView) -> Verdict:
    """How things stand."""
    if not at.is_connected:
        return Verdict(
            VerdictWord.LOST, at.connection_detail or "the connection to the server is lost", "reconnecting by itself"
        )
    if at.activity is not None:
        return _under_way(at, at.activity)
    if at.leaving is not None:
        return Verdict(VerdictWord.HELD, f"leaving: {at.leaving}", "the console closes by itself")
    if at.damage is not None:
        advice = "J acknowledges it as this server holds it, for a reason; q leaves"
        return Verdict(VerdictWord.HELD, at.damage.sentence, advice)
    if at.journal_refuses:
        return Verdict(VerdictWord.HELD, at.journal_refuses, "nothing runs until that is mended; R looks again")
    if not at.is_conductor:
        return _observing(at)
    return _at_rest(at)


def _under_way(at: RunView, activity: Activity) -> Verdict:
    stop = _stopping(at, activity)
    if at.blockers and at.blocked_for >= BLOCKED_AFTER and activity.outwaits:
        reason = f"waits for older transactions to end: {_some(at.blockers)}, for {age(at.blocked_for)}"
        return Verdict(VerdictWord.BLOCKED, reason, stop or f"p holds after it; {LEAVES}")
    if at.blockers and at.blocked_for >= BLOCKED_AFTER:
        advice = "it is being withdrawn" if stop else "p withdraws it; X cancels it"
        return Verdict(VerdictWord.BLOCKED, f"by {_some(at.blockers)} for {age(at.blocked_for)}", advice)
    return _working(at, activity, stop)


def _working(at: RunView, activity: Activity, stop: str) -> Verdict:
    """By what the step does at this moment, when nobody is in its way."""
    match activity.doing:
        case Doing.LOOKING:
            return _looking(at, activity, stop)
        case Doing.QUEUEING:
            return Verdict(VerdictWord.RUNNING, "in the queue for its locks, for a moment", stop or "p withdraws it")
        case Doing.WAITING_TO_RETRY:
            left = max(0.0, (activity.retry_at or at.now) - at.now)
            return Verdict(VerdictWord.BLOCKED, f"{activity.reason}; next try in {age(left)}", stop or "p holds it")
        case Doing.THROTTLED:
            return Verdict(VerdictWord.THROTTLED, activity.reason, stop or "goes on by itself; p holds it")
        case Doing.WAITING_TO_SEE:
            return Verdict(VerdictWord.RUNNING, f"nothing is sent yet: {activity.reason}", stop or "p holds it")
        case Doing.SOAKING:
            return Verdict(VerdictWord.RUNNING, f"soaking, {_soak_left(at, activity)} left", stop or "p holds it")
        case Doing.WORKING_BATCHES | Doing.CLOSING_LOOK:
            return _batches(at, activity, stop)
        case Doing.SENDING | Doing.VERIFYING | Doing.STOPPING:
            return _statement(at, activity, stop)
        case _ as never:
            assert_never(never)


def _looking(at: RunView, activity: Activity, stop: str) -> Verdict:
    """Outside the queue: nobody waits behind us, however long it takes."""
    locking = activity.locking
    if locking is None or not locking.holders:
        return Verdict(VerdictWord.RUNNING, "taking its locks", stop or "p holds it")
    oldest = locking.holders[0].backend
    who = " ".join(f"{oldest.key.pid} {oldest.application or oldest.backend_type} {oldest.state or ''}".split())
    more = f" and {len(locking.holders) - 1} more" if len(locking.holders) > 1 else ""
    reason = f"waiting {age(at.now - locking.since)} for a gap, nobody behind us: {who}{more} in the way"
    advice = "p holds it; the locks pane shows who, C and K end them"
    kept = {at.why_untouchable(each.backend) for each in locking.holders}
    if "" not in kept:
        advice = f"nobody here may end it: {min(kept)}; p holds it"
    return Verdict(VerdictWord.BLOCKED, reason, stop or advice)


def _stopping(at: RunView, activity: Activity) -> str:
    """What happens when a pause was asked for and the step still works; empty when none was."""
    by = at.leaving or at.run.pause_by
    if by is None:
        return ""
    if activity.outwaits:
        return f"the pause is noted and holds after this statement; {LEAVES}"
    if activity.doing is Doing.WORKING_BATCHES:
        return "stopping at the batch boundary"
    if activity.doing in (Doing.LOOKING, Doing.QUEUEING, Doing.CLOSING_LOOK):
        return "it is being withdrawn"
    return "it is working: wait for it, or X cancels it"


def _batches(at: RunView, activity: Activity, stop: str) -> Verdict:
    progress = activity.progress or BatchProgress()
    quiet = 0.0 if activity.statement_since is None else at.now - activity.statement_since
    if activity.doing is Doing.CLOSING_LOOK:
        reason = f"closing look over the whole table for what still matches `where`, {age(quiet)}"
        return Verdict(VerdictWord.RUNNING, reason, stop or "p ends the look; R looks again")
    if quiet > STALLED_AFTER:
        return Verdict(
            VerdictWord.STALLED, f"no batch for {age(quiet)}", stop or "look at the locks pane; X cancels the batch"
        )
    done = "" if progress.fraction is None else f"{share(progress.fraction)}, "
    rows = counted(progress.rows, "row", shown=number(progress.rows))
    reason = f"{done}{rows}, {roughly(progress.rows_per_second)} rows/s"
    return Verdict(VerdictWord.RUNNING, reason, stop or "p pauses at the next batch")


def _statement(at: RunView, activity: Activity, stop: str) -> Verdict:
    since = activity.statement_since if activity.statement_since is not None else activity.since
    doing = "verifying" if activity.doing is Doing.VERIFYING else "working"
    back = "rolling back, " if activity.direction is Direction.BACK else ""
    where = f"statement {activity.statement_index + 1} of {activity.statements_total}, "
    where = where if activity.statements_total > 1 else ""
    advice = f"p holds after it; {LEAVES}" if activity.outwaits else "X cancels it on the server"
    return Verdict(VerdictWord.RUNNING, f"{back}{doing}, {where}{age(at.now - since)}", stop or advice)


def _soak_left(at: RunView, activity: Activity) -> str:
    if activity.soak_until is None:
        return "some time"
    return age(max(timedelta(0), activity.soak_until - at.wall))


def _observing(at: RunView) -> Verdict:
    if at.lock_holder is None:
        return Verdict(VerdictWord.OBSERVING, "nobody holds the run", "t takes it over")
    if at.run.at_work:
        left = f"a console that left has left the server at work: {at.run.at_work}"
        return Verdict(VerdictWord.OBSERVING, left, "when it has ended, t takes over and looks what became of it")
    if _is_another_plans(at, at.lock_holder):
        held = f"another plan's run holds this database, and one at a time can work in it: {at.lock_holder}"
        return Verdict(VerdictWord.OBSERVING, held, "t takes the database over once that one has ended")
    return Verdict(VerdictWord.OBSERVING, f"{at.lock_holder} holds the run", "looking on; t takes over once it is free")


def _is_another_plans(at: RunView, holder: str) -> bool:
    """By the name that a console gives its sessions: the program's and the plan's."""
    ours = re.escape(session_name(at.plan.name))
    return " zdtui " in holder and re.search(rf" {ours}(?= from |, |$)", holder) is None


def _at_rest(at: RunView) -> Verdict:
    step = at.next_step
    if at.fault is not None:
        return _faulty(at, at.fault, step)
    if step is None:
        return _finished(at)
    state = at.run.step(step)
    if at.run.armed is not None:
        return _armed(at, at.run.armed)
    return _begun(at, step, state)


def _finished(at: RunView) -> Verdict:
    """What it came to, and where the report is."""
    report = f"zdtui report {str(at.run.run)[:8]} prints the log; l shows it; " if at.run.run is not None else ""
    return Verdict(
        VerdictWord.FINISHED, f"every step is done: {what_it_came_to(at)}", f"{report}B rolls back; q leaves"
    )


def _begun(at: RunView, step: StepId, state: StepState) -> Verdict:
    """By where the next step stands."""
    match state.status:
        case StepStatus.FAILED:
            return _failed(step, state)
        case StepStatus.IN_DOUBT:
            return Verdict(VerdictWord.HELD, f"{step} is in doubt: {state.message}", "R settles it")
        case StepStatus.HELD | StepStatus.APPLIED:
            return _held(at, step, state)
        case StepStatus.RUNNING | StepStatus.ROLLING_BACK:
            return Verdict(
                VerdictWord.HELD, f"{step} is begun and nobody works on it", f"R goes on with {step}; B rolls back"
            )
        case StepStatus.PENDING | StepStatus.DONE | StepStatus.SKIPPED:
            return _ready(at, step, state)
        case _ as never:
            assert_never(never)


def _faulty(at: RunView, fault: str, step: StepId | None) -> Verdict:
    """Where the step stands was looked up; what is said of it comes first."""
    if step is None:
        return Verdict(VerdictWord.HELD, f"every step is done, but {fault}", "q leaves")
    state = at.run.step(step)
    if state.hold is HoldKind.INVALID_INDEX or state.status in (StepStatus.IN_DOUBT, StepStatus.FAILED):
        told = _failed(step, state) if state.status is StepStatus.FAILED else _begun(at, step, state)
        return Verdict(VerdictWord.HELD, f"{told.reason}; {fault}", told.advice)
    if state.hold is HoldKind.FAULT:
        return _held(at, step, state)
    return Verdict(VerdictWord.HELD, fault, f"R goes on with {step}; q leaves")


def _failed(step: StepId, state: StepState) -> Verdict:
    what = "rollback of " if state.direction is Direction.BACK else ""
    if state.direction is Direction.BACK:
        advice = "B tries the rollback again"
    elif state.partial:
        advice = f"{_so_far(state)}: R goes on from there, B rolls it back"
    elif state.applied:
        advice = "its work is in place: R checks again, B rolls it back"
    else:
        advice = "nothing of it remains: R tries again, S skips it"
    return Verdict(VerdictWord.FAILED, f"{what}{step}: {state.message}", advice)


def _so_far(state: StepState) -> str:
    """What a backfill or copy has done when it failed half way: rows, and of how many where that can be told."""
    rows, fraction = state.rows or 0, state.fraction
    if fraction is None or not TELLS <= fraction < 1.0:
        return f"{counted(rows, 'row is', 'rows are', shown=number(rows))} done"
    total = round(rows / fraction)
    return f"{number(rows)} of about {counted(total, 'row is', 'rows are', shown=number(total))} done"


def _held(at: RunView, step: StepId, state: StepState) -> Verdict:
    if state.hold is HoldKind.INVALID_INDEX:
        return Verdict(VerdictWord.HELD, state.message, "D shows how to remove it; then R tries again")
    if state.hold is HoldKind.USAGE:
        return Verdict(VerdictWord.HELD, state.message, "R counts anew and waits again; S passes over it with a reason")
    if state.direction is Direction.BACK:
        return Verdict(VerdictWord.HELD, f"rollback of {step}: {state.message}", "B goes on with the rollback")
    if state.status is StepStatus.APPLIED:
        return Verdict(VerdictWord.HELD, f"{step} is applied and not yet verified", "R verifies it; B rolls it back")
    limit = f"; {at.breached_guards[0]}" if at.breached_guards and state.hold is not HoldKind.GUARD else ""
    blind = "V accepts to go without, then " if at.breached_guards and at.breached_guards[0].figure else ""
    return Verdict(VerdictWord.HELD, f"{state.message}{limit}", f"{blind}R goes on; B rolls back; S skips")


def _armed(at: RunView, armed: Armed) -> Verdict:
    waits = f": {at.not_quiet}" if at.not_quiet else ""
    reason = f"{armed.step} until {armed.until:%H:%M:%S} UTC, waiting for a quiet moment{waits}"
    return Verdict(VerdictWord.ARMED, reason, "it starts by itself; p disarms")


def _ready(at: RunView, step: StepId, state: StepState) -> Verdict:
    if at.breached_guards:
        advice = (
            "V accepts to go without, for this run"
            if at.breached_guards[0].figure
            else f"R may run {step} when it is not"
        )
        return Verdict(VerdictWord.HELD, str(at.breached_guards[0]), advice)
    stop = None if at.board is None else next((c for c in at.board.checks if c.outcome is Outcome.STOP), None)
    if stop is not None and needs_go(at.plan, at.run, at.plan.step(step)):
        return Verdict(VerdictWord.HELD, f"no go: {stop.name}: {stop.finding}", "c shows the board")
    if at.run.pause_by is not None:
        return Verdict(VerdictWord.HELD, f"paused by {at.run.pause_by}", f"R goes on with {step}")
    proposal = proposal_of(at)
    if proposal is not None and is_to_be_read(at, at.plan.step(step)):
        reason = f"next is {step}, read by nobody yet; proposed by {proposal.who}"
        return Verdict(VerdictWord.READY, reason, "Enter on the step opens it; R runs it once it is read")
    where = " on PRODUCTION" if at.is_production else ""
    back = " (was rolled back)" if state.rolled_back else ""
    return Verdict(VerdictWord.READY, f"next is {step}{back}{where}", "R shows what it runs and asks")


def _some(blockers: tuple[str, ...]) -> str:
    more = f" and {len(blockers) - 1} more" if len(blockers) > 1 else ""
    return f"{blockers[0]}{more}"
