"""The rules of going on without a figure that cannot be seen. Pure; `decide` asks them.

A guard without its figure is over. Three things end that: the figure comes back, the plan switches the guard off, or
the operator types that this run goes on without it.
"""

from zdtui.run.decisions.console_rules import only_conductor, same_plan
from zdtui.run.decisions.decision import Decision, HeldBack, Refused
from zdtui.run.decisions.typed_word import BLIND, is_confirmed
from zdtui.run.decisions.view import RunView
from zdtui.run.figures.guards import Breach
from zdtui.run.model import commands as c
from zdtui.run.model import effects as f
from zdtui.run.model import events as e


def accept_blindness(now: RunView, command: c.AcceptBlindness) -> Decision:
    """Journal that this run goes on without the figure, for the reason for which it cannot be seen now."""
    only_conductor(now)
    found = next((each for each in now.unseen_figures if each.figure == command.guard), None)
    if not now.unseen_figures:
        raise Refused("every figure that has a limit can be seen: there is nothing to accept")
    if found is None:
        raise Refused(f"{command.guard} can be seen, or nothing in this plan depends on it: there is nothing to accept")
    same_plan(now)
    if found.unseen.about != command.about:
        raise HeldBack(f"{found}; that is not what was shown, look at it again")
    if not is_confirmed(now, command):
        raise HeldBack(f"type {BLIND} to go on without {found.name}")
    if not command.reason.strip():
        raise HeldBack(f"going on without {found.name} needs a reason")
    opening: tuple[f.Effect, ...] = (f.OpenRun(),) if now.run.opened is None else ()
    accepted = e.BlindnessAccepted(
        guard=found.figure,
        about=found.unseen.about,
        unseen=found.unseen.why,
        reason=command.reason.strip(),
        by=now.operator or "operator",
    )
    return Decision(effects=(*opening, f.Record(accepted)))


def start_when(breach: Breach, step: str) -> str:
    """Why a step does not start while a guard is over, and what lets it."""
    if breach.figure:
        return f"{step} cannot start: {breach}. Try again when it can be seen, or V accepts to go without"
    return f"{step} cannot start: {breach}. Try again when it is not"
