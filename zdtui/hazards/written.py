"""The statements of a step with their place: the author's own, and what a backfill amounts to. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

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
from zdtui.plan.statements import statements_of
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
            if not isinstance(step.rollback, SqlRollback):
                return ()
            return _placed(plan, step, "rollback", statements_of(step.rollback), file=step.rollback.file)
        case Part.VERIFY:
            return _placed(plan, step, "verify", [each for query in step.verify for each in split(query)])


def _action(plan: Plan, step: Step) -> tuple[Written, ...]:
    match step.action:
        case SqlAction(file=file) as text:
            return _placed(plan, step, "sql", statements_of(text), file=file)
        case BackfillAction() as backfill:
            sets = ", ".join(f"{column} = {expression}" for column, expression in backfill.assignments)
            key = backfill.key[0] if backfill.key else "id"
            where = f" AND ({backfill.where})" if backfill.where else ""
            return _amounts_to(plan, step, f"UPDATE {backfill.table} SET {sets} WHERE {key} = $1{where}")
        case CopyAction() as copy:
            columns = ", ".join(column for column, _ in copy.columns)
            expressions = ", ".join(expression for _, expression in copy.columns)
            return _amounts_to(
                plan, step, f"INSERT INTO {copy.into} ({columns}) SELECT {expressions} FROM {copy.source}"
            )
        case CompareAction() as compare:
            return _amounts_to(plan, step, f"SELECT 1 FROM {compare.source}, {compare.into}")
        case CheckAction(query=query):
            return _placed(plan, step, "check", split(query))
        case _:
            return ()


def _amounts_to(plan: Plan, step: Step, sql: str) -> tuple[Written, ...]:
    return tuple(Written(each, plan.path, step.line, 1) for each in split(sql))


def _placed(
    plan: Plan, step: Step, key: str, statements: Sequence[Statement], file: str | None = None
) -> tuple[Written, ...]:
    """Each statement where its first line is found in the source, from the key on; else where the step begins."""
    if file is not None:
        return tuple(Written(each, file, each.line, 1) for each in statements)
    lines, found = _lines(plan.source), []
    end = _end(plan, step, lines)
    line, column = _key(step, lines, end, key)
    for statement in statements:
        place = _found(lines, end, statement.text.split("\n", 1)[0].rstrip(), line, column)
        if place is not None:
            line, column = place
        found.append(Written(statement, plan.path, *((line + 1, column + 1) if place else (step.line, 1))))
        column += 1
    return tuple(found)


@lru_cache(maxsize=2)
def _lines(source: str) -> tuple[str, ...]:
    return tuple(source.split("\n"))


def _end(plan: Plan, step: Step, lines: tuple[str, ...]) -> int:
    """The line (from 0) behind the last one of the step."""
    after = plan.index(step.id) + 1
    return plan.steps[after].line - 1 if after < len(plan.steps) else len(lines)


def _key(step: Step, lines: tuple[str, ...], end: int, key: str) -> tuple[int, int]:
    """Line and column (from 0) from which on what belongs to a key of the step is looked for.

    A word of a title or of the notes may look like the key: of several the one that is indented least is it.
    """
    named = re.compile(rf"(?:^|[\s{{,]){key}(?:_file)?\s*:(?=\s|$)")
    found = [
        (place, match.end()) for place in range(max(0, step.line - 1), end) if (match := named.search(lines[place]))
    ]
    return min(found, key=lambda at: at[1], default=(max(0, step.line - 1), 0))


def _found(lines: tuple[str, ...], end: int, first: str, line: int, column: int) -> tuple[int, int] | None:
    for number in range(line, end):
        at = lines[number].find(first, column if number == line else 0)
        if at >= 0:
            return number, at
    return None
