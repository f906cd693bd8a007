"""Leaving: what is running, and what happens to it with each answer."""

from screens.dialogs.facts.target import on_fact
from screens.dialogs.frame.base import Dialog
from screens.dialogs.frame.now import Now
from screens.dialogs.frame.sheet import Answer, Choose, Fact, Sheet
from screens.look import Look
from zdtui import amounts
from zdtui.run.decisions.decide import next_step
from zdtui.run.decisions.snapshot import Snapshot
from zdtui.run.model.activity import Activity, Doing
from zdtui.run.model.commands import Command, Leave
from zdtui.run.model.console import ConsoleRole

WHY = "the operator left"
LEAVE = Answer("l", "pause and leave")
LEAVE_IDLE = Answer("l", "leave")
STAY = Answer("s", "stay")
FORCE = Answer("f", "force: leave at once")


def quit_sheet(snapshot: Snapshot, now: Now) -> Sheet:
    """What runs, and what goes on or stops when we are gone."""
    doing = snapshot.activity if snapshot.console_role is ConsoleRole.CONDUCTOR else None
    facts = [on_fact(snapshot)]
    if doing is None:
        facts += [Fact("running", _nothing(snapshot), Look.STRONG), Fact("later", _later(snapshot))]
        answers: tuple[Answer, ...] = (LEAVE_IDLE, STAY, FORCE)
    else:
        facts += [
            Fact("running", _running(doing, now), Look.STRONG),
            Fact("l", f"pause and leave: {_paused(snapshot, doing)}"),
            Fact("f", f"force: {_forced(doing)}"),
            Fact("later", _later(snapshot)),
        ]
        answers = (LEAVE, STAY, FORCE)
    if snapshot.leaving is not None:
        facts.append(Fact("leaving", f"already: {snapshot.leaving}", Look.WARN))
    return Sheet(
        title="Leave zdtui" if doing is None else f"Leave zdtui while {doing.step} is under way",
        asks=(Choose("", answers),),
        facts=tuple(facts),
        production=snapshot.is_production,
        leave="stay",
    )


def _nothing(snapshot: Snapshot) -> str:
    if snapshot.console_role is ConsoleRole.OBSERVER:
        return f"nothing of ours: this console looks on, {snapshot.lock_holder or 'another console'} holds the run"
    return "nothing: no statement of ours is on the server"


def _running(doing: Activity, now: Now) -> str:
    done = None if doing.progress is None else doing.progress.fraction
    share = "" if done is None else f" {amounts.share(done)}"
    return f"{doing.step}{share}: {doing.doing} for {amounts.age(now.monotonic - doing.since)}"


def _paused(snapshot: Snapshot, doing: Activity) -> str:
    """What pausing means for what the step under way does."""
    action = snapshot.plan.step(doing.step).action
    if action.author_sql is not None and doing.outwaits:
        return "a CONCURRENTLY statement is never cancelled by leaving: it is waited for, then we leave"
    if action.author_sql is not None and doing.doing is Doing.WAITING_TO_RETRY:
        return "it waits for its next try, which is given up; nothing of it remains"
    return action.when_paused()


def _forced(doing: Activity) -> str:
    if doing.doing in (Doing.WORKING_BATCHES, Doing.THROTTLED):
        return "the batch gets a moment to end, then it is cancelled and undone; those before it stay"
    if doing.outwaits:
        return "we go, the server goes on with it; the run is free when it has ended, and the next console looks at it"
    return "the statement is cancelled on the server and we go, waiting for nothing"


def _later(snapshot: Snapshot) -> str:
    following = next_step(snapshot.plan, snapshot.run)
    if following is None:
        return "every step is done"
    return f"zdtui run {snapshot.plan.path} goes on with {following.id}; zdtui status tells where it stands"


class QuitDialog(Dialog):
    """l leaves at the next safe point, s or Esc stays, f leaves at once. Force always works."""

    def sheet(self, snapshot: Snapshot, now: Now) -> Sheet:
        """See `quit_sheet`."""
        return quit_sheet(snapshot, now)

    def command(self, given: tuple[str, ...]) -> Command | None:
        """Leave, forced or not; None to stay."""
        if given[-1] == STAY.key:
            return None
        return Leave(WHY, force=given[-1] == FORCE.key)
