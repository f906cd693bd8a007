"""The statements of a step with their place: the author's own, and what a backfill amounts to. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import assert_never

from zdtui.hazards.hazard import Part
from zdtui.plan.model import Plan, SqlRollback, Step
from zdtui.plan.scalar import Places, Scalar, line_and_column
from zdtui.sql.statement import Statement


@dataclass(frozen=True, slots=True)
class LocatedStatement:
    """A statement and where it stands: line and column count from 1."""

    statement: Statement
    path: str
    line: int
    column: int
    lines: tuple[int, ...] = ()
    """As `Place.lines`."""


def located_statements(plan: Plan, step: Step, part: Part) -> tuple[LocatedStatement, ...]:
    """The statements of one part of a step, in order; none for what sends nothing to the server."""
    match part:
        case Part.ACTION:
            return _action(plan, step)
        case Part.ROLLBACK:
            if not isinstance(step.rollback, SqlRollback):
                return ()
            text = step.rollback
            return _located(plan, step, step.texts.rollback, text.sql, text.statements, text.file)
        case Part.VERIFY:
            return tuple(_verify(plan, step))
        case _ as never:
            assert_never(never)


def _action(plan: Plan, step: Step) -> tuple[LocatedStatement, ...]:
    judged = step.action.judged
    return _located(plan, step, step.texts.action, judged.text, judged.statements, judged.file)


def _verify(plan: Plan, step: Step) -> Iterator[LocatedStatement]:
    written = (*step.texts.verify, *[None] * (len(step.verify) - len(step.texts.verify)))
    for scalar, query, statements in zip(written, step.verify, step.verify_statements, strict=True):
        yield from _located(plan, step, scalar, query, statements)


def _located(
    plan: Plan, step: Step, scalar: Scalar | None, text: str, statements: Sequence[Statement], file: str | None = None
) -> tuple[LocatedStatement, ...]:
    """Each statement where its first character is written; where the step begins, if it was not read from a file."""
    if file is not None:
        return tuple(LocatedStatement(each, file, each.line, _column(text, each)) for each in statements)
    if scalar is None:
        return tuple(LocatedStatement(each, plan.path, step.line, 1) for each in statements)
    places = Places(plan.source, scalar, text)
    return tuple(_in_plan(plan, places, each) for each in statements)


def _in_plan(plan: Plan, places: Places, statement: Statement) -> LocatedStatement:
    start = statement.offset
    line, column = line_and_column(plan.line_starts, places.at(start))
    lines = places.as_written(start, start + len(statement.text))
    return LocatedStatement(statement, plan.path, line, column, lines)


def _column(text: str, statement: Statement) -> int:
    return statement.offset - text.rfind("\n", 0, statement.offset)
