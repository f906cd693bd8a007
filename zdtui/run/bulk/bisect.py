"""Bad rows: a batch that the server refuses is halved until the rows it refuses stand alone. They are kept aside.

Crash points: what could be changed of the batch, the rows kept aside and the checkpoint are one transaction.
"""

from dataclasses import dataclass, field

import psycopg

from zdtui.plan.model import BackfillAction
from zdtui.postgres.ask import ask
from zdtui.postgres.commands import command
from zdtui.postgres.keyset import KeyValue, key_text
from zdtui.postgres.keyset.statements import listed_sql
from zdtui.postgres.sessions.authors import many_as_author
from zdtui.postgres.sessions.error_text import sentence
from zdtui.run.bulk import rejected_rows
from zdtui.run.bulk.commit_batch import Rows, by_names, change_rows, commit_batch, hold, move
from zdtui.run.bulk.copy_rows import RowsKeptOut, in_one_snapshot, is_there_now
from zdtui.run.bulk.ranges.lane import Lane
from zdtui.run.bulk.worker import Worker

NEVER_OF_A_ROW = (
    *("08", "0A", "25", "26", "28", "2D", "34", "3B", "3D", "3F", "40", "42"),
    *("53", "55", "57", "58", "72", "F0", "HV", "XX"),
)
"""Classes of SQLSTATE that tell of the session, the server or the statement. Any other may be of one row: a constraint,
a cast, an index entry too long, and whatever code a trigger raises
(https://www.postgresql.org/docs/current/errcodes-appendix.html)."""
NAMED = 3
UNIQUE_VIOLATION = "23505"
REFUSALS = (psycopg.Error, RowsKeptOut)
"""How a row may be refused: with an error, or without a word."""


class TooManyRefused(Exception):
    """More rows were refused than the plan lets pass."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A row the server does not take, and its words."""

    key: KeyValue
    reason: str

    def __str__(self) -> str:
        return f"{key_text(self.key)}: {self.reason}"


@dataclass
class _Bisection:
    worker: Worker
    lane: Lane
    rows: Rows
    before: int
    """Rows of the whole step that were refused before."""
    known: frozenset[KeyValue]
    """Those of this part: refused again, they are no more than before."""
    changed: int = 0
    rejected_by_rule: int = 0
    refused: list[Refused] = field(default_factory=list)
    """Without those that are known."""


def is_of_a_row(error: psycopg.Error | RowsKeptOut) -> bool:
    """Whether one row alone may be what the server refuses."""
    if isinstance(error, RowsKeptOut):
        return True
    return error.sqlstate is not None and not error.sqlstate.startswith(NEVER_OF_A_ROW)


def reason_of(error: psycopg.Error | RowsKeptOut) -> str:
    """Why a row stands aside, with the constraint's name where there is one."""
    if isinstance(error, RowsKeptOut):
        return str(error)
    return f"{error.sqlstate} {sentence(error)}"


async def change_all(worker: Worker, lane: Lane, rows: Rows, position: KeyValue | None) -> int:
    """Change the rows and move the checkpoint; row by row where the server refuses some. How many were changed.

    Raises TooManyRefused when it refuses more than the plan lets pass, else psycopg.Error; then nothing was changed.
    """
    try:
        return await commit_batch(worker, lane, rows, position)
    except REFUSALS as error:
        if not is_of_a_row(error) or worker.connection.closed:
            raise
    async with worker.bulk_plan.apart:
        return await bisect_batch(worker, lane, rows, position)


async def bisect_batch(worker: Worker, lane: Lane, rows: Rows, position: KeyValue | None) -> int:
    """Change every row of the batch that can be, keep the others aside, and move the checkpoint; rows changed.

    One session at a time, so that together they let no more pass than the plan says. Constraints that are else looked
    at when all is committed are looked at with each statement, where it is known which rows those are.
    """
    connection = worker.connection
    async with connection.transaction():
        if in_one_snapshot(worker):
            await connection.execute(command("one_snapshot"))
        await connection.execute(command("constraints_immediate"))
        await hold(worker, lane)
        before, known = await rejected_rows.count_refused(worker), await rejected_rows.refused_before(worker, lane)
        apart = _Bisection(worker, lane, rows, before, known)
        listed = await _listed(apart)
        async with many_as_author(connection):
            await _halve(apart, listed)
        kept = sum([await rejected_rows.keep(worker, lane, each.key, each.reason) for each in apart.refused])
        after = await move(worker, lane, position, apart.changed, apart.rejected_by_rule + kept)
    lane.checkpoint = after
    return apart.changed


async def _listed(apart: _Bisection) -> list[KeyValue]:
    """The rows of the stretch by key, else by place; those are locked, so that none moves while they are tried.

    `where` is not looked at yet: it may be what the server cannot tell of a row.
    """
    worker, lane = apart.worker, apart.lane
    keyed = lane.key is not None and lane.is_keyed
    named = lane.key.texts if lane.key is not None and keyed else "ctid::pg_catalog.text"
    locked = isinstance(worker.bulk_plan.action, BackfillAction) and not keyed
    found = await ask(
        worker.connection,
        listed_sql(worker.bulk_plan.relation(lane.part), named, apart.rows.stretch(1), locked=locked),
        apart.rows.parameters,
    )
    return [tuple(row[0]) for row in found]


async def _halve(apart: _Bisection, keys: list[KeyValue]) -> None:
    """Change them together if that works, otherwise each half by itself, down to a single row."""
    if not keys:
        return
    try:
        async with apart.worker.connection.transaction():
            changed, rejected = await change_rows(
                apart.worker, apart.lane, by_names(apart.lane, keys).but(apart.rows.matching)
            )
    except REFUSALS as error:
        if not is_of_a_row(error):
            raise
        if len(keys) == 1:
            await _one(apart, keys[0], error)
            return
        half = len(keys) // 2
        await _halve(apart, keys[:half])
        await _halve(apart, keys[half:])
    else:
        apart.changed += changed
        apart.rejected_by_rule += rejected


async def _one(apart: _Bisection, key: KeyValue, error: psycopg.Error | RowsKeptOut) -> None:
    """A row that was refused by itself: it stands aside, unless somebody else has just written it."""
    conflict = isinstance(error, psycopg.Error) and error.sqlstate == UNIQUE_VIOLATION
    if not (conflict and await is_there_now(apart.worker, apart.lane, key)):
        _refuse(apart, Refused(key, reason_of(error)))


def _refuse(apart: _Bisection, refused: Refused) -> None:
    if refused.key in apart.known:
        return
    apart.refused.append(refused)
    most = apart.worker.bulk_plan.action.tuning.max_rejected
    if apart.before + len(apart.refused) > most:
        first = "; ".join(str(each) for each in apart.refused[:NAMED])
        allowed = f"more than max_rejected {most}" if most else "set max_rejected to let some pass"
        raise TooManyRefused(f"{apart.lane.part.table} {first} ({allowed})")
