"""Whether this console may command at all, and whether it is free to: asked before every other rule. Pure.

What is not there (Refused) is looked at before what keeps it from being done (HeldBack): only of what is there may a
question be opened.
"""

from zdtui.run.decisions.decision import HeldBack, Refused
from zdtui.run.decisions.view import RunView


def whole_journal(now: RunView) -> None:
    """Nothing is done on the word of a journal that is not whole."""
    if now.damage is not None:
        raise Refused(now.damage.until_taken_on)


def staying_and_connected(now: RunView) -> None:
    """Nothing is begun by a console that leaves, or that does not hear the server."""
    if now.leaving is not None:
        raise Refused("this console is leaving")
    if not now.is_connected:
        raise Refused("the connection to the server is lost; it is being restored")


def only_conductor(now: RunView) -> None:
    """Only the console that holds the run commands."""
    whole_journal(now)
    if not now.is_conductor:
        raise Refused("this console looks on: another one holds the run (t takes over when it is free)")
    staying_and_connected(now)


def idle_conductor(now: RunView) -> None:
    """What works on the run works alone."""
    only_conductor(now)
    if now.working is not None:
        raise Refused(f"{now.working} is under way; p pauses it first")


def writable_journal(now: RunView) -> None:
    """Nothing is done that could not be written down."""
    if now.cannot_write:
        raise HeldBack(now.cannot_write)


def same_plan(now: RunView) -> None:
    """A run goes on with the plan it began with, or with one that was amended on purpose."""
    if now.run.opened is not None and now.run.plan_digest != now.plan.digest:
        raise HeldBack(
            "the plan's text is not the one this run began with; restore it, or start zdtui with --amend and a reason"
        )
