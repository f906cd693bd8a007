"""The rule for going on with a journal that is not whole. Pure; `decide` asks it."""

from zdtui.run.decisions.console_rules import staying_and_connected, writable_journal
from zdtui.run.decisions.decision import Decision, HeldBack, Refused
from zdtui.run.decisions.typed_word import is_confirmed
from zdtui.run.decisions.view import RunView
from zdtui.run.model import commands as c
from zdtui.run.model import effects as f
from zdtui.run.model import events as e


def accept_journal(now: RunView, command: c.AcceptJournal) -> Decision:
    """Take on what the server holds: a person has looked, says why, and types the plan's name."""
    if now.damage is None:
        raise Refused("the journal is whole")
    staying_and_connected(now)
    if now.working is not None:
        raise HeldBack(f"{now.working} is under way; wait until it has stopped")
    writable_journal(now)
    if command.found_digest != now.damage.digest:
        raise HeldBack("what is wrong with the journal is not what was shown any more; look at it again")
    if not is_confirmed(now, command):
        raise HeldBack(f"type {now.plan.name} to go on with what this server holds")
    if not command.reason.strip():
        raise HeldBack("say how you know that what this server holds is what is so")
    accepted = e.JournalAccepted(
        found=now.damage.sentence,
        reason=f"{now.operator or 'operator'}: {command.reason.strip()}",
        plan_name=now.plan.name,
        steps=now.damage.steps,
    )
    return Decision(effects=(f.AcceptJournal(accepted),))
