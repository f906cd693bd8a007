"""Which relations a step touches, and how: by its batches, its statements, and what its queries count. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from zdtui.plan.model import SqlRollback, Step, StepId
from zdtui.sql.operation import Operation
from zdtui.sql.split import split
from zdtui.sql.statement import Statement
from zdtui.sql.text.name import Name
from zdtui.steps.kind import Use

MOST_STEPS = 32_768
"""Of which what they touch is kept in mind: the board asks of each step several times."""


@dataclass(frozen=True, slots=True)
class Touch:
    """One relation, as the step names it."""

    name: str
    step: StepId
    use: Use
    operation: Operation | None = None
    """Of a statement."""
    columns: tuple[str, ...] = ()
    """Those a backfill or copy writes, as the author wrote them."""


def touches(steps: Iterable[Step]) -> tuple[Touch, ...]:
    """Every relation that these steps name, once for each thing that is done to it."""
    return tuple(touch for step in steps for touch in _of_one(step))


def of_statements(step: StepId, statements: Iterable[Statement]) -> Iterator[Touch]:
    """The relations that statements name; nothing of one that nobody understands."""
    for statement in statements:
        for operation in statement.operations:
            for name in _names(operation):
                yield Touch(name.written, step, Use.NAMED, operation)


@lru_cache(MOST_STEPS)
def _of_one(step: Step) -> tuple[Touch, ...]:
    return tuple(_of_step(step))


def _of_step(step: Step) -> Iterator[Touch]:
    for used in step.action.tables:
        yield Touch(used.name, step.id, used.use, columns=used.columns)
    if (own := step.action.author_sql) is not None:
        yield from of_statements(step.id, split(own.sql))
    if (query := step.action.query_asked) is not None:
        yield from _counted(step.id, query)
    if isinstance(step.rollback, SqlRollback):
        yield from of_statements(step.id, split(step.rollback.sql))
    for query in step.verify:
        yield from _counted(step.id, query)


def _counted(step: StepId, query: str) -> Iterator[Touch]:
    for touch in of_statements(step, split(query)):
        yield Touch(touch.name, step, Use.COUNTED)


def _names(operation: Operation) -> Iterator[Name]:
    if operation.relation is not None:
        yield operation.relation
    for mention in operation.mentions:
        yield mention.name
