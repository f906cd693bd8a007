"""The plan as it is rehearsed: nobody waits for a soak or for the night, and the database is another.

What is confirmed of every other step stays the plan's own text, so that what is proved of it holds for the plan. Pure.
"""

from datetime import timedelta

from zdtui.plan.model import Environment, Plan, Step, StepId, WaitAction

SHORT = timedelta(milliseconds=50)


def impatient(plan: Plan, *, alone: bool) -> Plan:
    """The same plan with its soak times cut to a moment, for a database of any name that is not production.

    `alone`: on a scratch server, where the team's own throttle has nothing to answer.
    """
    asks = {"query": None, "url": None} if alone else {"url": None}
    return plan.model_copy(
        update={
            "steps": tuple(_impatient(step) for step in plan.steps),
            "target": plan.target.model_copy(update={"database": None, "environment": Environment.STAGING}),
            "throttle": plan.throttle.model_copy(update={"only": (), **asks}),
            "notify": (),
        }
    )


def _impatient(step: Step) -> Step:
    """A proof that nothing uses a column is a soak too: on a copy nobody uses anything."""
    soak = step.action.soak
    return step if soak is None else step.model_copy(update={"action": WaitAction(duration=min(soak, SHORT))})


def stood_in_for(plan: Plan) -> tuple[StepId, ...]:
    """Steps in whose place only a time is waited, although what is confirmed of them is more than that."""
    return tuple(step.id for step in plan.steps if _is_more_than_a_soak(step))


def _is_more_than_a_soak(step: Step) -> bool:
    soak = step.action.soak
    if soak is None:
        return False
    only_time = WaitAction(duration=soak).confirm_text()
    return step.action.confirm_text() != only_time
