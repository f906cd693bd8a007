"""The statements of a step with their place: the author's own, and what a backfill amounts to. Pure."""

from dataclasses import dataclass

from zdtui.hazards.hazard import Part
from zdtui.plan.model import (
    BackfillAction,
    CheckAction,
    CompareAction,
    CopyAction,
    Plan,
    SqlAction,
    SqlRollback,
    Step,
)
from zdtui.sql.split import split
from zdtui.sql.statement import Statement


@dataclass(frozen=True, slots=True)
class Written:
    """A statement and where it stands: line and column count from 1."""

    statement: Statement
    path: str
    line: int
    column: int


def written_statements(plan: Plan, step: Step, part: Part) -> tuple[Written, ...]:
    """The statements of one part of a step, in order; none for what sends nothing to the server."""
    match part:
        case Part.ACTION:
            return _action(plan, step)
        case Part.ROLLBACK:
            rollback = step.rollback
            return _placed(plan, step, rollback.sql, rollback.file) if isinstance(rollback, SqlRollback) else ()
        case Part.VERIFY:
            return tuple(each for query in step.verify for each in _placed(plan, step, query))


def _action(plan: Plan, step: Step) -> tuple[Written, ...]:
    match step.action:
        case SqlAction(sql=sql, file=file):
            return _placed(plan, step, sql, file)
        case BackfillAction() as backfill:
            sets = ", ".join(f"{column} = {expression}" for column, expression in backfill.assignments)
            where = f" AND ({backfill.where})" if backfill.where else ""
            return _amounts_to(plan, step, f"UPDATE {backfill.table} SET {sets} WHERE id = $1{where}")
        case CopyAction() as copy:
            columns = ", ".join(column for column, _ in copy.columns)
            expressions = ", ".join(expression for _, expression in copy.columns)
            return _amounts_to(
                plan, step, f"INSERT INTO {copy.into} ({columns}) SELECT {expressions} FROM {copy.source}"
            )
        case CompareAction() as compare:
            return _amounts_to(plan, step, f"SELECT 1 FROM {compare.source}, {compare.into}")
        case CheckAction(query=query):
            return _placed(plan, step, query)
        case _:
            return ()


def _amounts_to(plan: Plan, step: Step, sql: str) -> tuple[Written, ...]:
    return tuple(Written(each, plan.path, step.line, 1) for each in split(sql))


def _placed(plan: Plan, step: Step, sql: str, file: str | None = None) -> tuple[Written, ...]:
    """Each statement where its first line is found in the source, from the step on; else where the step begins."""
    if file is not None:
        return tuple(Written(each, file, each.line, 1) for each in split(sql))
    lines = plan.source.split("\n")
    return tuple(_place(plan, step, lines, each) for each in split(sql))


def _place(plan: Plan, step: Step, lines: list[str], statement: Statement) -> Written:
    first = statement.text.split("\n", 1)[0].rstrip()
    for number in range(max(0, step.line - 1), len(lines)):
        column = lines[number].find(first)
        if column >= 0:
            return Written(statement, plan.path, number + 1, column + 1)
    return Written(statement, plan.path, step.line, 1)
