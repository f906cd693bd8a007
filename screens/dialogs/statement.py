"""Cancelling our own running statement on the server."""

import time
from collections.abc import Callable

from screens.dialogs.facts.target import on_fact
from screens.dialogs.frame.base import Dialog
from screens.dialogs.frame.now import Now
from screens.dialogs.frame.sheet import Answer, Choose, Fact, Page, Rank, Sheet
from screens.look import Look
from screens.would_send import refusal
from zdtui import amounts
from zdtui.run.decisions.snapshot import Snapshot
from zdtui.run.engine.surface import EngineSurface
from zdtui.run.model.activity import Activity
from zdtui.run.model.commands import CancelStatement, Command
from zdtui.run.model.events import Direction
from zdtui.sql.split import split
from zdtui.sql.statement import StatementClass


def cancel_sheet(snapshot: Snapshot, shown: Activity | None, now: Now) -> Sheet:
    """Which statement, since when, and what is left when it is cancelled."""
    doing = snapshot.activity
    facts = [on_fact(snapshot)]
    if doing is not None:
        facts += [
            Fact("running", _running(doing, snapshot, now), Look.STRONG),
            Fact("after", _after(doing), rank=Rank.DECIDES),
        ]
    text = doing.statement if doing else ""
    return Sheet(
        title="Cancel the running statement" if doing is None else f"Cancel the running statement of {doing.step}",
        asks=(Choose("", (Answer("y", "cancel it on the server"),)),),
        pages=(Page("SQL", text),) if text else (),
        facts=tuple(facts),
        production=snapshot.is_production,
        withdrawn=refusal(snapshot, command_of(shown)),
        leave="let it run",
    )


def command_of(shown: Activity | None) -> CancelStatement:
    """The command, for the statement that was shown."""
    return CancelStatement(None if shown is None else shown.which)


def _running(doing: Activity, snapshot: Snapshot, now: Now) -> str:
    which = f"statement {doing.statement_index + 1} of {doing.statements_total}"
    since = "" if doing.statement_since is None else f" for {amounts.age(now.monotonic - doing.statement_since)}"
    backend = "" if snapshot.conductor_backend is None else f", backend {snapshot.conductor_backend.pid}"
    back = " of the rollback" if doing.direction is Direction.BACK else ""
    return f"{which}{back}, {doing.doing}{since}{backend}"


def _after(doing: Activity) -> str:
    classes = {statement.statement_class for statement in split(doing.statement)}
    if doing.progress is not None:
        return "the batch under way is undone, those before it stay; the step is held and goes on from its checkpoint"
    if StatementClass.CONCURRENTLY in classes:
        return "it may leave an invalid index, which is named and offered for clean-up; the step is held"
    return "nothing of the statement (and of its transaction) remains; the step is held until you go on"


class ConfirmCancelStatement(Dialog):
    """Asks before the statement is cancelled: the one that ran when this opened, and no other."""

    def __init__(self, engine: EngineSurface, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(engine, clock)
        self._shown_activity = engine.snapshot.activity

    def sheet(self, snapshot: Snapshot, now: Now) -> Sheet:
        """See `cancel_sheet`."""
        return cancel_sheet(snapshot, self._shown_activity, now)

    def command(self, given: tuple[str, ...]) -> Command | None:
        """CancelStatement."""
        return command_of(self._shown_activity)
