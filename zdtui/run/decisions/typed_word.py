"""What has to be typed to confirm a command. The one place that says so: `decide` checks it, a question asks for it.

In production, and before what cannot be taken back, a key that is pressed by habit must not be enough. Pure.
"""

from typing import assert_never

from zdtui.plan.model import Step
from zdtui.run.decisions.view import RunView
from zdtui.run.model import commands as c

BLIND = "blind"
"""What is typed to go on without a figure that cannot be seen."""

Confirmed = (
    c.RunStep
    | c.Arm
    | c.RollBack
    | c.RetryRejected
    | c.CleanUpIndex
    | c.AcceptBlindness
    | c.AcceptJournal
    | c.SignalBackend
)
"""Commands that carry what their confirmation came to."""


def typed_word(now: RunView, command: Confirmed) -> str | None:
    """The word that confirms the command when it is typed to the letter; None: a key is enough."""
    match command:
        case c.RunStep(step=step) | c.Arm(step=step):
            return step if needs_typed_id(now, now.plan.step(step)) else None
        case c.RollBack(steps=steps):
            return steps[-1] if now.is_production and steps else None
        case c.RetryRejected(step=step) | c.CleanUpIndex(step=step):
            return step if now.is_production else None
        case c.SignalBackend(backend=backend):
            return str(backend.pid) if now.is_production else None
        case c.AcceptBlindness():
            return BLIND
        case c.AcceptJournal():
            return now.plan.name
        case _ as never:
            assert_never(never)


def needs_typed_id(now: RunView, step: Step) -> bool:
    """Whether the step's id has to be typed: in production and for what cannot be taken back, also to go on with it."""
    return now.is_production or step.is_point_of_no_return


def is_confirmed(now: RunView, command: Confirmed) -> bool:
    """Whether the command was confirmed as it has to be."""
    word = typed_word(now, command)
    return word is None or command.confirmed_by == word
