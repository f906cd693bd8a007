"""A pause that somebody asks for who is not at the console: anyone may stop, and only who is there goes on. Pure."""

from zdtui.run.decisions.arm import disarm
from zdtui.run.decisions.decision import Decision
from zdtui.run.decisions.view import RunView
from zdtui.run.model import effects as f
from zdtui.run.model import events as e


def pause_asked(now: RunView, by: str) -> Decision:
    """What `p` would do, in their name. Of no effect where nothing is begun, and never in the way of a rollback."""
    run = now.run
    if not now.is_conductor or now.damage is not None or run.opened is None or run.finished:
        return Decision()
    if run.armed is not None:
        return disarm(now, f"{by} asked for a pause")
    if run.pause_by is not None:
        return Decision()
    asked = e.PauseRequested(by=by)
    if now.working is None:
        return Decision(events=(asked,))
    if run.step(now.working).direction is e.Direction.BACK:
        return Decision()
    return Decision(events=(asked,), effects=(f.StopAtSafePoint(e.HoldKind.PAUSED, f"{by} asked for a pause"),))
