"""Every event as one sentence, for the log tab, the command log and the report alike. Pure; not yet safe to draw."""

from typing import assert_never

from zdtui.amounts import number, share, took
from zdtui.counted import counted
from zdtui.run.model import events as e

LONG_FOR_A_GAP = 0.1
"""Seconds from which a wait for locks is told."""


def sentence_of(event: e.Event) -> str:  # noqa: C901 (one flat match over a closed union)
    """What happened, in one line of plain words; statements are quoted in full."""
    match event:
        case e.RunOpened():
            return f"run of {event.plan_name} opened on {event.database} at {event.server} ({event.environment})"
        case e.ConsoleJoined():
            return f"console joined, backend {event.pid}"
        case e.PlanAmended():
            return f"plan amended: {event.reason}"
        case e.PlanProposed():
            return _proposed(event)
        case e.StepRead():
            when = f"{event.read_at:%Y-%m-%d %H:%M:%S} UTC"
            return f"{event.step} read to its last line by {event.by} at {when}, digest {event.text_digest[:12]}"
        case e.StepStarted(direction=e.Direction.BACK):
            return f"rollback of {event.step} confirmed with '{event.confirmed_by}'"
        case e.StepStarted():
            again = f", attempt {event.attempt}" if event.attempt > 1 else ""
            return f"{event.step} confirmed with '{event.confirmed_by}'{again}"
        case e.StepArmed():
            until = f"{event.until:%Y-%m-%d %H:%M} UTC"
            return f"{event.step} armed with '{event.confirmed_by}': starts by itself when it is quiet, until {until}"
        case e.StepDisarmed():
            return f"{event.step} disarmed: {event.why}"
        case e.QueueCeilingSet():
            return f"in the queue for a strong lock at most {took(event.seconds)}"
        case e.StatementSent():
            return f"[{event.pid}] {' '.join(event.sql.split())}"
        case e.StatementFinished():
            rows = "" if event.rows is None else f", {counted(event.rows, 'row')}"
            return f"done in {took(event.seconds)}{rows}"
        case e.NoticeReceived():
            return f"{event.severity}: {event.message}"
        case e.LockAwaited():
            return f"waiting outside the queue for {', '.join(event.relations)}: {', '.join(event.blockers)}"
        case e.AttemptFailed():
            return _attempt(event)
        case e.BatchesDone():
            return _batches(event)
        case e.ClosingLook():
            return _closing_look(event)
        case e.DriftFound():
            return f"{event.step}: {counted(event.differing, 'row differs', 'rows differ')}: {', '.join(event.keys)}"
        case e.StepApplied():
            return f"{event.step} applied in {took(event.seconds)}{_cost(event)}, verify follows"
        case e.StepSucceeded():
            note = f": {event.note}" if event.note else ""
            return f"{event.step} done in {took(event.seconds)}{_cost(event)}{note}"
        case e.StepRolledBack():
            return f"{event.step} rolled back in {took(event.seconds)}{_behind(event)}"
        case e.StepFailed():
            return f"{event.step} failed: {event.message}{_behind(event)}"
        case e.StepHeld():
            return f"{event.step} held: {event.detail}{_behind(event)}"
        case e.StepInDoubt():
            return f"{event.step} in doubt: {event.evidence}{_behind(event)}"
        case e.DoubtSettled():
            became = "took effect" if event.done else "did not take effect"
            return f"{event.step}: statement {event.index + 1} {became}, {event.evidence}"
        case e.StepSkipped():
            return f"{event.step} skipped: {event.reason}"
        case e.HazardSilenced():
            return f"{event.step}: hazard {event.rule} acknowledged: {event.reason}"
        case e.PauseRequested():
            return f"pause asked for by {event.by}"
        case e.GuardTripped(unseen=True):
            return f"guard tripped: {event.guard} {event.value}"
        case e.BlindnessAccepted():
            return f"going on without {event.guard} ({event.unseen}), accepted by {event.by}: {event.reason}"
        case e.StandbysSeen():
            return f"standbys that stream: {', '.join(event.names)}"
        case e.GuardTripped():
            return f"guard tripped: {event.guard} {event.value} is over {event.limit}"
        case e.FaultFound():
            return f"fault: {event.message}"
        case e.NoteAdded():
            return f'"{event.text}"'
        case e.BackendSignalled():
            done = "sent to" if event.delivered else "not delivered: no such backend any more,"
            return f"{event.action} {done} {event.who}"
        case e.IndexCleanedUp():
            return f"invalid index removed: {event.sql}"
        case e.UsageCounted():
            return f"{event.step}: statements that use {event.subject} are counted from now on"
        case e.UsageFound():
            return f"{event.step}: {event.heading}"
        case e.RetryStarted():
            return f"{event.step}: {counted(event.rejected, 'rejected row is', 'rejected rows are')} tried again"
        case e.RetryEnded():
            return _retried(event)
        case e.ConnectionLost():
            return f"connection lost: {event.message}"
        case e.ConnectionRestored():
            return f"connection restored, backend {event.pid}"
        case e.ServerChanged():
            return f"server changed: {event.what}"
        case e.EventsDropped():
            return f"not written, because another console had moved on: {'; '.join(event.events)}"
        case e.JournalAccepted():
            return f"the journal was acknowledged as it is: {event.reason} ({event.found})"
        case e.RunLockTakenAgain():
            return f"{event.step} let go of the run's lock; it was taken again, backend {event.pid}"
        case e.ConsoleLeft():
            at_work = f"; left at work: {event.at_work}" if event.at_work else ""
            return f"console left: {event.why}{at_work}"
        case e.RunFinished():
            return "run finished"
        case _ as never:
            assert_never(never)


def _proposed(event: e.PlanProposed) -> str:
    when = "" if event.proposed_at is None else f" on {event.proposed_at:%Y-%m-%d %H:%M} UTC"
    what = f", digest {event.digest[:12]}" if event.digest else ""
    doubt = f" ({event.doubt})" if event.doubt else ""
    return f"plan proposed by {event.proposal.who}{when}{what}{doubt}"


def _attempt(event: e.AttemptFailed) -> str:
    by = f", held up by {', '.join(event.blockers)}" if event.blockers else ""
    again = "no try left" if event.retry_in is None else f"again in {took(event.retry_in)}"
    cost = f", {event.victims} behind us for {took(event.victim_seconds)}" if event.victims else ""
    given_up = f"try {event.try_number} given up after {took(event.waited)}"
    return f"{event.step}: {given_up}: {event.message}{by}{cost}; {again}"


def _cost(event: e.StepApplied | e.StepSucceeded) -> str:
    """What the locks took: our time, and that of others."""
    waited = f", {took(event.lock_seconds)} of it for a gap" if event.lock_seconds >= LONG_FOR_A_GAP else ""
    return f"{waited}{_behind(event)}"


def _behind(event: e.StepApplied | e.StepSucceeded | e.SaysWhoWaited) -> str:
    """What it took of others; nothing where nobody waited, or nobody was counted."""
    if not event.victims:
        return ""
    return f", {counted(event.victims, 'session')} behind us for {took(event.victim_seconds)}"


def _batches(event: e.BatchesDone) -> str:
    so_far = "" if event.fraction is None else f" ({share(event.fraction)})"
    rejected = f", {event.rejected} rejected" if event.rejected else ""
    rows, batches = counted(event.rows, "row", shown=number(event.rows)), counted(event.batches, "batch", "batches")
    return f"{event.step}: {rows} in {batches}{so_far}{rejected}"


def _closing_look(event: e.ClosingLook) -> str:
    found = ""
    if event.found is not None:
        rows = counted(event.found, "row that still matches", "rows that still match")
        found = f" found {'at least ' if event.more else ''}{rows} `where`"
    named = f": {', '.join(event.first)}" if event.first else ""
    return f"{event.step}: closing look, {took(event.seconds)}{found}{named}"


def _retried(event: e.RetryEnded) -> str:
    taken = "" if event.changed is None else f"{counted(event.changed, 'more row')} taken, "
    why = f" ({event.message})" if event.message else ""
    rows = counted(event.rows, "row")
    return f"{event.step}: {taken}{event.rejected} still rejected, {rows} in all{why}{_behind(event)}"
