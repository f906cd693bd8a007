"""Evidence of a whole plan, and of steps that were rehearsed by themselves afterwards. Pure."""

from zdtui.evidence.model import Evidence, StepEvidence
from zdtui.plan.model import Plan, StepId


def with_steps(before: Evidence | None, newer: Evidence, plan: Plan) -> Evidence:
    """What was known of the plan, with what is known better now of the steps that the newer rehearsal went through.

    Each of those says where and when that was. What was seen of the other steps, and of the whole, stays.
    """
    if before is None or before.plan_name != newer.plan_name:
        return newer
    known: dict[StepId, StepEvidence] = {each.step: each for each in before.steps}
    place = newer.place_of()
    known |= {each.step: each.model_copy(update={"place": each.place or place}) for each in newer.steps}
    ordered = tuple(known[step.id] for step in plan.steps if step.id in known)
    return before.model_copy(update={"steps": ordered, "zdtui": newer.zdtui})
