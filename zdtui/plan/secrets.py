"""The passwords a plan holds, struck out of whatever is kept or printed of it. Pure."""

from collections.abc import Callable, Iterator
from typing import TypeVar

from zdtui.plan.model import Frozen, Plan, SqlRollback, Step
from zdtui.sql.text.secrets import mask_for, masked, values_without_secrets

Model = TypeVar("Model", bound=Frozen)


def mask_of(plan: Plan) -> Callable[[str], str]:
    """What makes any text one without the plan's passwords, and without whatever else looks like one."""
    return mask_for(_texts(plan))


def _texts(plan: Plan) -> Iterator[str]:
    for step in plan.steps:
        if (own := step.action.author_sql) is not None:
            yield own.sql
        yield from step.action.expressions
        if isinstance(step.rollback, SqlRollback):
            yield step.rollback.sql
        yield from step.verify


def without_secrets(plan: Plan) -> Plan:
    """The plan for a document: its passwords are struck out before anything is cut or folded. Not to be run."""
    mask = mask_of(plan)
    if mask is masked:
        return plan
    return plan.model_copy(
        update={"description": mask(plan.description), "steps": tuple(_step(each, mask) for each in plan.steps)}
    )


def _step(step: Step, mask: Callable[[str], str]) -> Step:
    clean = _clean(step, mask)
    return clean.model_copy(update={"action": _clean(step.action, mask), "rollback": _clean(step.rollback, mask)})


def _clean(model: Model, mask: Callable[[str], str]) -> Model:
    return model.model_copy(update={name: values_without_secrets(value, mask) for name, value in model})
