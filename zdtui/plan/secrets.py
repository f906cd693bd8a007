"""The passwords a plan holds, struck out of whatever is kept or printed of it. Pure."""

from collections.abc import Callable, Iterator

from zdtui.plan.model import CheckAction, Plan, SqlAction, SqlRollback
from zdtui.sql.secrets import mask_for


def mask_of(plan: Plan) -> Callable[[str], str]:
    """What makes any text one without the plan's passwords, and without whatever else looks like one."""
    return mask_for(_texts(plan))


def _texts(plan: Plan) -> Iterator[str]:
    for step in plan.steps:
        match step.action:
            case SqlAction(sql=sql) | CheckAction(query=sql):
                yield sql
            case _:
                pass
        if isinstance(step.rollback, SqlRollback):
            yield step.rollback.sql
        yield from step.verify
