"""Whether the next step may be rehearsed on a scratch server from here. Pure; `decide` asks it.

Nothing of the run is touched by it: the target's schema is read, and everything else happens on a server made for it.
So a console that looks on may do it too, and so may one whose run is paused or whose journal is not whole. What nobody
has read of a proposal is not rehearsed either: the step runs as a superuser of a server on this machine, and SQL of a
superuser can start programs.
"""

from zdtui.plan.model import Step
from zdtui.run.decisions.console_rules import staying_and_connected
from zdtui.run.decisions.decision import Decision, Refused
from zdtui.run.decisions.reading import must_have_been_read
from zdtui.run.decisions.view import RunView, next_step
from zdtui.run.model import commands as c
from zdtui.run.model import effects as f
from zdtui.run.model.state import StepStatus


def rehearse(now: RunView, command: c.Rehearse) -> Decision:
    """Begin it. Raises Refused."""
    step = next_step(now.plan, now.run)
    if step is None:
        raise Refused("every step is done")
    if now.rehearsal:
        raise Refused("this is a rehearsal already")
    if step.id != command.step:
        raise Refused(f"only the next step finds the schema as it is now, and that is {step.id}")
    staying_and_connected(now)
    _can_be_rehearsed(now, step)
    must_have_been_read(now, step)
    if now.evidence is None:
        raise Refused("the evidence beside the plan was not looked for yet")
    if now.under_way is not None and not now.under_way.over:
        raise Refused(f"the rehearsal of {now.under_way.step} is under way")
    return Decision(effects=(f.Rehearse(step.id),))


def stop_rehearsal(now: RunView) -> Decision:
    """End it. Raises Refused."""
    if now.under_way is None or now.under_way.over:
        raise Refused("no rehearsal is under way here")
    return Decision(effects=(f.StopRehearsal(),))


def _can_be_rehearsed(now: RunView, step: Step) -> None:
    if step.action.by_hand or step.action.soak is not None:
        raise Refused(f"{step.id} sends nothing: there is nothing to rehearse")
    state = now.run.step(step.id)
    if state.applied or state.status not in (StepStatus.PENDING, StepStatus.FAILED):
        raise Refused(f"{step.id} is {state.status}: a copy of the schema would not be as the step found it")
