"""Taking the run, once the console that held it has let go."""

from screens.dialogs.facts.target import on_fact
from screens.dialogs.frame.base import Dialog
from screens.dialogs.frame.now import Now
from screens.dialogs.frame.sheet import Answer, Choose, Fact, Sheet
from screens.look import Look
from screens.would_send import refusal
from zdtui.run.decisions.snapshot import Snapshot
from zdtui.run.model.commands import Command, TakeOver


def take_over_sheet(snapshot: Snapshot) -> Sheet:
    """Who holds the run, and what taking it means."""
    holder = snapshot.lock_holder or "nobody that we know of"
    return Sheet(
        title="Take over the run",
        asks=(Choose("", (Answer("y", "take it over if it is free"),)),),
        facts=(
            on_fact(snapshot),
            Fact("held by", holder, Look.STRONG),
            Fact("means", "if that console still holds it, nothing happens and you are told; else this one conducts"),
            Fact("after", "nothing runs by itself: each step is still confirmed"),
        ),
        production=snapshot.is_production,
        withdrawn=refusal(snapshot, TakeOver()),
    )


class ConfirmTakeOver(Dialog):
    """Asks before the run is taken."""

    def sheet(self, snapshot: Snapshot, now: Now) -> Sheet:
        """See `take_over_sheet`."""
        return take_over_sheet(snapshot)

    def command(self, given: tuple[str, ...]) -> Command | None:
        """TakeOver."""
        return TakeOver()
