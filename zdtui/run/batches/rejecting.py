"""Bad rows: a batch that the server refuses is halved until the rows it refuses stand alone. They are kept aside.

Crash points: what could be changed of the batch, the rows kept aside and the checkpoint are one transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import psycopg
from psycopg.types.json import Jsonb

from zdtui.plan.model import BackfillAction, CopyAction
from zdtui.postgres.ask import ask, change
from zdtui.postgres.keyset import KeyValue
from zdtui.run.batches.commit import Rows, change_rows, commit_batch, move
from zdtui.run.batches.hand import Hand
from zdtui.run.batches.lane import Lane
from zdtui.run.work import sentence

OF_ROWS = ("22", "23", "44", "P0001")
"""SQLSTATEs that one row may be the cause of: data exceptions, constraints, WITH CHECK OPTION and RAISE
(https://www.postgresql.org/docs/current/errcodes-appendix.html)."""
NAMED = 3
KEEP = """
INSERT INTO zdtui.rejected (run, step, part, key, reason) VALUES ($1::uuid, $2::text, $3::text, $4::jsonb, $5::text)
ON CONFLICT DO NOTHING
"""
COUNT = """
SELECT pg_catalog.count(*) FROM zdtui.rejected
 WHERE run = $1::uuid AND step = $2::text AND ($3::text = '' OR part = $3::text) AND reason <> ALL ($4::text[])
"""
KNOWN = "SELECT key FROM zdtui.rejected WHERE run = $1::uuid AND step = $2::text AND part = $3::text"


class TooManyRefused(Exception):
    """More rows were refused than the plan lets pass."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A row the server does not take, and its words."""

    key: KeyValue
    reason: str

    def __str__(self) -> str:
        return f"({', '.join(self.key)}): {self.reason}"


@dataclass
class _Apart:
    hand: Hand
    lane: Lane
    rows: Rows
    before: int
    """Rows of the whole step that were refused before."""
    known: frozenset[KeyValue]
    """Those of this part: refused again, they are no more than before."""
    changed: int = 0
    rejected_by_rule: int = 0
    refused: list[Refused] = field(default_factory=list)


def is_of_a_row(error: psycopg.Error) -> bool:
    """Whether one row alone may be what the server refuses."""
    return (error.sqlstate or "").startswith(OF_ROWS)


async def count_rejected(hand: Hand, lane: Lane | None = None) -> int:
    """Rows of the step, or of a lane's part, that the server refused; those that fail a rule of the plan aside."""
    action, work = hand.course.action, hand.work
    rules = [name for name, _ in action.valid] if isinstance(action, CopyAction) else []
    part = "" if lane is None else lane.part.table
    return int((await ask(hand.connection, COUNT, [str(work.recorder.run), work.step.id, part, rules]))[0][0])


async def change_all(hand: Hand, lane: Lane, rows: Rows, position: KeyValue | None) -> int:
    """Change the rows and move the checkpoint; row by row where the server refuses some. How many were changed.

    Raises TooManyRefused when it refuses more than the plan lets pass, else psycopg.Error; then nothing was changed.
    """
    try:
        return await commit_batch(hand, lane, rows, position)
    except psycopg.Error as error:
        if not is_of_a_row(error) or hand.connection.broken:
            raise
        return await take_apart(hand, lane, rows, position)


async def _known(hand: Hand, lane: Lane) -> frozenset[KeyValue]:
    work = hand.work
    rows = await ask(hand.connection, KNOWN, [str(work.recorder.run), work.step.id, lane.part.table])
    return frozenset(tuple(row[0]) for row in rows)


async def take_apart(hand: Hand, lane: Lane, rows: Rows, position: KeyValue | None) -> int:
    """Change every row of the batch that can be, keep the others aside, and move the checkpoint; rows changed.

    Raises TooManyRefused, with nothing changed, when that is more than the plan lets pass; else psycopg.Error.
    """
    async with hand.connection.transaction():
        if isinstance(hand.course.action, CopyAction):
            await hand.connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        apart = _Apart(hand, lane, rows, await count_rejected(hand), await _known(hand, lane))
        await _halve(apart, await _listed(apart))
        kept = sum([await _keep(apart, each) for each in apart.refused])
        after = await move(hand, lane, position, apart.changed, apart.rejected_by_rule + kept)
    lane.checkpoint = after
    return apart.changed


async def _listed(apart: _Apart) -> list[tuple[str, KeyValue]]:
    """The batch's rows as ctid and key. An update's are locked, so that none moves while they are tried."""
    hand, lane = apart.hand, apart.lane
    action, key = hand.course.action, lane.key
    selected = f"ARRAY[{key.texts}]" if key is not None else "ARRAY[ctid::text]"
    where = f" AND ({action.where})" if action.where else ""
    locked = " FOR NO KEY UPDATE" if isinstance(action, BackfillAction) else ""
    found = await ask(
        hand.connection,
        f"SELECT ctid::text, {selected} FROM {hand.course.relation(lane.part)} "
        f"WHERE {apart.rows.condition(1)}{where}{locked}",
        apart.rows.parameters,
    )
    return [(ctid, tuple(values)) for ctid, values in found]


async def _halve(apart: _Apart, rows: Sequence[tuple[str, KeyValue]]) -> None:
    """Change them together if that works, otherwise each half by itself, down to a single row."""
    if not rows:
        return
    places = [ctid for ctid, _ in rows]
    those = Rows(lambda first: f"ctid = ANY (${first}::tid[])", (places,), apart.rows.matching)
    try:
        async with apart.hand.connection.transaction():
            changed, rejected = await change_rows(apart.hand, apart.lane, those)
    except psycopg.Error as error:
        if not is_of_a_row(error):
            raise
        if len(rows) == 1:
            _refuse(apart, Refused(rows[0][1], f"{error.sqlstate} {sentence(error)}"))
            return
        half = len(rows) // 2
        await _halve(apart, rows[:half])
        await _halve(apart, rows[half:])
    else:
        apart.changed += changed
        apart.rejected_by_rule += rejected


def _refuse(apart: _Apart, refused: Refused) -> None:
    apart.refused.append(refused)
    most = apart.hand.course.action.tuning.max_rejected
    new = sum(each.key not in apart.known for each in apart.refused)
    if apart.before + new > most:
        first = "; ".join(str(each) for each in apart.refused[:NAMED])
        allowed = f"more than max_rejected {most}" if most else "set max_rejected to let some pass"
        raise TooManyRefused(f"{apart.lane.part.table} {first} ({allowed})")


async def _keep(apart: _Apart, refused: Refused) -> int:
    work = apart.hand.work
    row = [str(work.recorder.run), work.step.id, apart.lane.part.table, Jsonb(list(refused.key)), refused.reason]
    return await change(apart.hand.connection, KEEP, row)
