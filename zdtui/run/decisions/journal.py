"""What may happen while the journal is not whole or cannot be written. Part of `decide`; pure."""

from zdtui.run.decisions.decision import Decision, Refused
from zdtui.run.decisions.view import RunView
from zdtui.run.model import commands as c
from zdtui.run.model import effects as f
from zdtui.run.model import events as e


def whole_journal(now: RunView) -> None:
    """Nothing is done on the word of a journal that is not whole."""
    if now.damage is not None:
        raise Refused(now.damage.until_taken_on)


def writable_journal(now: RunView) -> None:
    """Nothing is done that could not be written down."""
    if now.cannot_write:
        raise Refused(now.cannot_write)


def accept_journal(now: RunView, command: c.AcceptJournal) -> Decision:
    """Take on what the server holds: a person has looked, says why, and types the plan's name."""
    if now.leaving is not None:
        raise Refused("this console is leaving")
    if not now.is_connected:
        raise Refused("the connection to the server is lost; it is being restored")
    if now.damage is None:
        raise Refused("the journal is whole")
    if now.working is not None:
        raise Refused(f"{now.working} is under way; wait until it has stopped")
    writable_journal(now)
    if command.found_digest != now.damage.digest:
        raise Refused("what is wrong with the journal is not what was shown any more; look at it again")
    if command.confirmed_by != now.plan.name:
        raise Refused(f"type {now.plan.name} to go on with what this server holds")
    if not command.reason.strip():
        raise Refused("say how you know that what this server holds is what is so")
    accepted = e.JournalAccepted(
        found=now.damage.sentence,
        reason=f"{now.operator or 'operator'}: {command.reason.strip()}",
        plan_name=now.plan.name,
        steps=now.damage.steps,
    )
    return Decision(effects=(f.AcceptJournal(accepted),))
