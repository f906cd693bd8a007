"""The text of a step as the operator confirms it, and its digest. What is shown is what is sent."""

import hashlib
from collections.abc import Iterable
from typing import assert_never

from zdtui.plan.model import (
    BackfillAction,
    CheckAction,
    CompareAction,
    CopyAction,
    Irreversible,
    ManualAction,
    NoRollback,
    SqlAction,
    SqlRollback,
    Step,
    WaitAction,
)
from zdtui.quantities import format_duration
from zdtui.run.model.events import Direction
from zdtui.sql.told import tells_done

NOT_TOLD = "\n-- nothing tells a row that is done: each is walked once, and no look at the end can prove it"
REJECTED_ROWS = "its key is that of a row in zdtui.rejected"


def shown(step: Step, direction: Direction = Direction.FORWARD) -> str:
    """The step's action (or rollback) as text: SQL to the letter, or words where there is no SQL.

    A backfill or copy is shown as the statement of one batch, with the batch's bounds as :after and :upto. Which way a
    table is walked is known when it begins; one that goes by page unless the table forbids it is shown as that.
    """
    return _forward(step) if direction is Direction.FORWARD else _back(step)


def shown_retry(step: Step) -> str:
    """What is sent when the step's rejected rows are tried again: the statement of the step, for those rows."""
    match step.action:
        case BackfillAction() as backfill:
            return _backfill(backfill, REJECTED_ROWS)
        case CopyAction() as copy:
            return _copy(copy, REJECTED_ROWS)
        case SqlAction() | CompareAction() | CheckAction() | ManualAction() | WaitAction():
            return ""
        case _ as never:
            assert_never(never)


def digest(texts: Iterable[str]) -> str:
    """SHA-256 in hex over texts; what a command carries to prove which text was on the screen."""
    joined = hashlib.sha256()
    for text in texts:
        joined.update(len(text.encode()).to_bytes(8, "big"))
        joined.update(text.encode())
    return joined.hexdigest()


def step_digest(step: Step, direction: Direction = Direction.FORWARD) -> str:
    """The digest of one step's shown text and of its verify queries when it goes forward."""
    return digest([shown(step, direction), *(step.verify if direction is Direction.FORWARD else ())])


def retry_digest(step: Step) -> str:
    """The digest of what is shown before rejected rows are tried again."""
    return digest([step.id, shown_retry(step)])


def rollback_digest(steps: Iterable[Step]) -> str:
    """The digest over the rollbacks of several steps, in the order they would run."""
    return digest([part for step in steps for part in (step.id, shown(step, Direction.BACK))])


def _forward(step: Step) -> str:
    match step.action:
        case SqlAction(sql=sql):
            return sql
        case BackfillAction() as backfill:
            rows = _pages(backfill.key) if backfill.may_go_by_page else _bounds(backfill.key)
            return _backfill(backfill, rows) + ("" if tells_done(backfill.assignments, backfill.where) else NOT_TOLD)
        case CopyAction() as copy:
            return _copy(copy, _bounds(copy.key))
        case CompareAction() as compare:
            return _compare(compare)
        case CheckAction(query=query):
            return query
        case ManualAction(instructions=instructions):
            return instructions
        case WaitAction(duration=duration):
            return f"wait {format_duration(duration)}, counted from the moment the step is started"
        case _ as never:
            assert_never(never)


def _back(step: Step) -> str:
    match step.rollback:
        case SqlRollback(sql=sql):
            return sql
        case NoRollback(reason=reason):
            return f"nothing to undo: {reason}"
        case Irreversible(consequence=consequence):
            return f"irreversible: {consequence}"
        case _ as never:
            assert_never(never)


def _key(key: tuple[str, ...]) -> str:
    if not key:
        return "(primary key)"
    return f"({', '.join(key)})" if len(key) > 1 else key[0]


def _bounds(key: tuple[str, ...]) -> str:
    return f"{_key(key)} > :after AND {_key(key)} <= :upto"


def _pages(key: tuple[str, ...]) -> str:
    return f"ctid >= :after AND ctid < :upto  -- pages, or {_key(key)}"


def _backfill(action: BackfillAction, rows: str) -> str:
    assignments = ",\n       ".join(f"{column} = {expression}" for column, expression in action.assignments)
    where = f"\n   AND ({action.where})" if action.where else ""
    return f"UPDATE {action.table}\n   SET {assignments}\n WHERE {rows}{where}"


def _copy(action: CopyAction, rows: str) -> str:
    columns = ", ".join(column for column, _ in action.columns)
    expressions = ",\n       ".join(expression for _, expression in action.columns)
    where = f"\n   AND ({action.where})" if action.where else ""
    valid = "".join(f"\n   AND ({predicate})  -- {name}" for name, predicate in action.valid)
    overriding = "" if action.overriding is None else f"\nOVERRIDING {action.overriding.upper()} VALUE"
    late = "" if not action.second_pass else f"\n-- {', '.join(action.second_pass)} once all rows are there"
    return (
        f"INSERT INTO {action.into} ({columns}){overriding}\nSELECT {expressions}\n  FROM {action.source}\n"
        f" WHERE {rows}{where}{valid}\nON CONFLICT (the key of {action.into}) DO NOTHING{late}"
    )


def _compare(action: CompareAction) -> str:
    where = f"\n   AND ({action.where})" if action.where else ""
    columns = ",\n       ".join(f"{column} must be {expression}" for column, expression in action.columns)
    watched = "" if action.watch is None else f"\nagain and again for {format_duration(action.watch)}"
    return f"compare {action.into}: {columns}\n  FROM {action.source}\n WHERE {_bounds(action.key)}{where}{watched}"
