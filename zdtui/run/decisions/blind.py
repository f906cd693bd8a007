"""The rules of going on without a figure that cannot be seen. Pure; `decide` asks them.

A guard without its figure is over. Three things end that: the figure comes back, the plan switches the guard off, or
the operator types that this run goes on without it.
"""

from zdtui.run.decisions.decision import Decision, Refused
from zdtui.run.decisions.view import RunView
from zdtui.run.figures.guards import Breach
from zdtui.run.model import commands as c
from zdtui.run.model import effects as f
from zdtui.run.model import events as e

TYPED = "blind"
"""What is typed to accept it."""


def accept_blindness(now: RunView, command: c.AcceptBlindness) -> Decision:
    """Journal that this run goes on without the figure, for the reason for which it cannot be seen now."""
    found = next((each for each in now.unseen_figures if each.figure == command.guard), None)
    if found is None:
        raise Refused(f"{command.guard} can be seen, or nothing in this plan depends on it: there is nothing to accept")
    if found.unseen.about != command.about:
        raise Refused(f"{found}; that is not what was shown, look at it again")
    if command.confirmed_by != TYPED:
        raise Refused(f"type {TYPED} to go on without {found.name}")
    if not command.reason.strip():
        raise Refused(f"going on without {found.name} needs a reason")
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
        return f"{breach}; {step} may start when it can, or V accepts to go without"
    return f"{breach}; {step} may start when it is not"
