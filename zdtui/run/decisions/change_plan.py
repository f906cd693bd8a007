"""The rule for going on with a changed plan: nothing was begun of what changed. Pure; `decide` asks it.

A run that is opened again with a reason (`--amend`) is held to its first half alone: the person has said why.
"""

from zdtui.counted import counted
from zdtui.plan.model import Plan, Step, StepId
from zdtui.run.decisions.console_rules import idle_conductor, same_plan, writable_journal
from zdtui.run.decisions.decision import Decision, HeldBack
from zdtui.run.decisions.hazard_gate import text_digest
from zdtui.run.decisions.view import RunView
from zdtui.run.model import commands as c
from zdtui.run.model import effects as f
from zdtui.run.model import events as e
from zdtui.run.model.state import RunState, StepState, StepStatus

NAMED = 3
"""Steps that a sentence names; of more it says how many."""


def why_missing(run: RunState, plan: Plan) -> str | None:
    """Which step the plan has to have, because this run has begun it; None: it has them all."""
    touched = (step for step, state in run.steps.items() if state.status is not StepStatus.PENDING)
    missing = next((step for step in touched if not plan.has(step)), None)
    return None if missing is None else f"the amended plan has no step {missing}, which this run has already begun"


def changed_steps(before: Plan, after: Plan) -> tuple[StepId, ...]:
    """Steps whose texts (forward, verify, back) are others than before, that are new, or that are gone."""
    texts = {step.id: text_digest(step) for step in after.steps}
    here = tuple(step.id for step in before.steps if texts.get(step.id) != text_digest(step))
    return (*here, *(step.id for step in after.steps if not before.has(step.id)))


def is_begun(step: Step, state: StepState) -> bool:
    """Whether anything of it was sent and may stand: what failed or was held with nothing left was not begun.

    Of a backfill the checkpoints stand from the first moment on.
    """
    if state.status in (StepStatus.PENDING, StepStatus.SKIPPED):
        return False
    if state.status in (StepStatus.FAILED, StepStatus.HELD):
        return state.applied or step.action.batches is not None
    return True


def change_plan(now: RunView, command: c.ChangePlan) -> Decision:
    """Go on with the text that was read from the plan's file. Raises Refused."""
    idle_conductor(now)
    after = command.plan
    if after.digest == now.plan.digest:
        return Decision()
    writable_journal(now)
    same_plan(now)
    if after.name != now.plan.name:
        raise HeldBack(f"the plan is called {after.name} now: a run belongs to a name, so leave and open it anew")
    if (missing := why_missing(now.run, after)) is not None:
        raise HeldBack(missing)
    changed = changed_steps(now.plan, after)
    begun = [step for step in changed if now.plan.has(step) and is_begun(now.plan.step(step), now.run.step(step))]
    if begun:
        raise HeldBack(
            f"{begun[0]} was begun with another text: the console keeps it. B undoes it first; "
            "or leave, and open the run with --amend and a reason"
        )
    if now.run.opened is None:
        return Decision(effects=(f.ChangePlan(after),))
    amended = e.PlanAmended(
        plan_digest=after.digest,
        plan_text=after.source,
        step_ids=tuple(step.id for step in after.steps),
        reason=f"edited in the console by {now.operator or 'operator'}: {_named(changed)}",
    )
    return Decision(effects=(f.ChangePlan(after, amended),))


def _named(steps: tuple[StepId, ...]) -> str:
    if not steps:
        return "no text of a step changed"
    names = ", ".join(steps[:NAMED])
    more = len(steps) - NAMED
    return f"{names} and {counted(more, 'more step')} changed" if more > 0 else f"{names} changed"
