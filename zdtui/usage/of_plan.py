"""What a plan itself makes or takes away, so that it is in nobody's way. Pure."""

from collections.abc import Iterator

from zdtui.plan.model import Plan
from zdtui.sql.operation import Operation, Role
from zdtui.sql.text.name import Name

MADE_OR_TAKEN = ("CREATE ", "DROP ")
CONSTRAINTS = frozenset({"ALTER TABLE ADD CONSTRAINT", "ALTER TABLE DROP CONSTRAINT", "ALTER TABLE ADD COLUMN"})


def handled_by(plan: Plan) -> frozenset[Name]:
    """The functions, triggers, views, indexes, policies and constraints that steps of the plan make or take away."""
    return frozenset(
        name
        for step in plan.steps
        for statement in step.action.statements
        for operation in statement.operations
        for name in _names(operation)
    )


def _names(operation: Operation) -> Iterator[Name]:
    if operation.kind.startswith(MADE_OR_TAKEN):
        if operation.object is not None:
            yield operation.object
        if operation.relation is not None and operation.object is None:
            yield operation.relation
        yield from operation.mentioned(Role.ALSO)
    elif operation.kind in CONSTRAINTS and operation.constraint is not None and operation.constraint.name is not None:
        yield Name(None, operation.constraint.name)
