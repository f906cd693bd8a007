"""What the engine's own rule would say to a command at this moment, so that a dialog never offers what is refused."""

from zdtui.run.decisions.decide import Situation, decide
from zdtui.run.decisions.snapshot import Link, Seat, Snapshot
from zdtui.run.figures.guards import breaches
from zdtui.run.model.commands import Command


def refusal(snapshot: Snapshot, command: Command) -> str | None:
    """The sentence `decide` would refuse the command with, or None. The engine decides again when it is submitted."""
    return decide(_situation(snapshot), command).refusal


def _situation(snapshot: Snapshot) -> Situation:
    return Situation(
        plan=snapshot.plan,
        run=snapshot.run,
        operator=snapshot.operator,
        conducting=snapshot.seat is Seat.CONDUCTOR,
        connected=snapshot.link is Link.CONNECTED,
        working=snapshot.activity.step if snapshot.activity else None,
        board=snapshot.board,
        over=(*breaches(snapshot.plan.guards, snapshot.samples), *snapshot.unseen),
        blind=snapshot.blind,
        stopping=snapshot.read_only_since is not None,
        findings=snapshot.findings or (),
        damage=snapshot.damage,
        cannot_write=snapshot.cannot_write,
    )
