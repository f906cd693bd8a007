"""What stays in the terminal when the console is left, and what FINISHED says: two lines. Pure."""

from zdtui.amounts import took
from zdtui.counted import counted
from zdtui.drawable import drawable
from zdtui.run.decisions.snapshot import Snapshot
from zdtui.run.decisions.view import RunView
from zdtui.run.model.state import lasted
from zdtui.run.model.totals import Totals

NOT_ALWAYS_WATCHED = "nobody was seen to wait behind us, but not all the time was watched"


def summary_lines(snapshot: Snapshot, said_as: str = "") -> tuple[str, ...]:
    """How it stands and what it came to; then how to go on and where the report is.

    Empty where no run was ever begun: nothing happened that could be gone on with or reported. `said_as` is how the
    database was named on the command line, as it is written behind another command.
    """
    run = snapshot.run
    if run.opened is None:
        return ()
    return (
        drawable(f"{snapshot.verdict.word.upper()}  {snapshot.plan.name}, {what_it_came_to(snapshot)}"),
        drawable(_onward(snapshot, said_as)),
    )


def what_it_came_to(at: RunView) -> str:
    """'12 steps in 5m04s, nobody waited behind us, 2 pauses'."""
    steps = counted(len(at.plan.steps), "step")
    done = steps if at.next_step is None else f"{at.steps_over} of {steps}"
    seconds = lasted(at.run)
    time = "" if seconds is None else f" in {took(seconds)}"
    pauses = at.run.totals.pauses
    paused = f", {counted(pauses, 'pause')}" if pauses else ""
    return f"{done}{time}, {waited_behind(at.run.totals)}{paused}"


def waited_behind(totals: Totals) -> str:
    """Who paid for it."""
    behind = totals.behind
    if not behind.sessions:
        return NOT_ALWAYS_WATCHED if totals.uncounted else "nobody waited behind us"
    least = "at least " if totals.uncounted else ""
    return f"{least}{counted(behind.sessions, 'session')} waited behind us, {took(behind.seconds)} in all"


def report_command(snapshot: Snapshot, said_as: str) -> str:
    """What prints the migration log of this very run, also when another one was begun since."""
    return f"zdtui report {str(snapshot.run.run)[:8]}{said_as}"


def _onward(snapshot: Snapshot, said_as: str) -> str:
    report = f"{report_command(snapshot, said_as)}   the migration log"
    if snapshot.next_step is None:
        return f"→ {report}"
    return f"→ zdtui run {snapshot.plan.path}{said_as}   goes on with {snapshot.next_step} · {report}"
