"""The rows that stand aside (zdtui.rejected), while a step works: kept, counted, listed and forgotten here.

Only the statement that proves a plan's own rules adds to them elsewhere (`keyset.rules_sql`), because it has to be one.
"""

from psycopg.types.json import Jsonb

from zdtui.plan.model import CopyAction
from zdtui.postgres.ask import ask, change
from zdtui.postgres.keyset import KeyValue
from zdtui.run.bulk.ranges.lane import Lane
from zdtui.run.bulk.worker import Hand

OF_STEP = "run = $1::uuid AND step = $2::text"
OF_PART = f"{OF_STEP} AND part = ANY ($3::text[])"
BY_SERVER = "reason <> ALL ($3::text[])"
KEEP = """
INSERT INTO zdtui.rejected (run, step, part, key, reason)
VALUES ($1::uuid, $2::text, $3::text, $4::jsonb, $5::jsonb ->> 0)
ON CONFLICT DO NOTHING
"""
COUNT = f"SELECT pg_catalog.count(*) FROM zdtui.rejected WHERE {OF_STEP} AND {BY_SERVER}"
KNOWN = f"SELECT key FROM zdtui.rejected WHERE {OF_STEP} AND {BY_SERVER} AND part = $4::text"
LISTED = (
    f"SELECT part, key FROM zdtui.rejected WHERE {OF_STEP} GROUP BY part, key"
    " ORDER BY part, min(at), pg_catalog.length(key::text), key"
)
FORGET = f"DELETE FROM zdtui.rejected WHERE {OF_PART} AND key = $4::jsonb"
FORGET_PAGES = (
    f"DELETE FROM zdtui.rejected WHERE {OF_PART} AND (key ->> 0)::tid >= $4::tid AND (key ->> 0)::tid < $5::tid"
)
FORGET_PART = (
    f"DELETE FROM zdtui.rejected WHERE {OF_STEP} AND part = $3::text",
    f"UPDATE zdtui.checkpoint SET rejected = 0 WHERE {OF_STEP} AND part = $3::text",
)


async def count_refused(hand: Hand) -> int:
    """Rows of the whole step that the server refused; those that fail a rule of the plan are not among them."""
    return int((await ask(hand.connection, COUNT, [*_step(hand), _rules(hand)]))[0][0])


async def refused_before(hand: Hand, lane: Lane) -> frozenset[KeyValue]:
    """The keys of those of the lane's part."""
    rows = await ask(hand.connection, KNOWN, [*_step(hand), _rules(hand), lane.part.table])
    return frozenset(tuple(row[0]) for row in rows)


async def all_of_step(hand: Hand) -> list[tuple[str, KeyValue]]:
    """Every row that stands aside, with its part, by part. No part is named in a journal from before there were any."""
    first = hand.course.lanes[0].part.table if hand.course.lanes else ""
    rows = await ask(hand.connection, LISTED, _step(hand))
    return sorted(((part or first, tuple(key)) for part, key in rows), key=lambda each: each[0])


async def keep(hand: Hand, lane: Lane, key: KeyValue, reason: str) -> int:
    """Put a row aside; 0 when it stands there for that very reason."""
    return await change(hand.connection, KEEP, [*_step(hand), lane.part.table, Jsonb(list(key)), Jsonb([reason])])


async def forget(hand: Hand, lane: Lane, key: KeyValue) -> int:
    """Take a row back, whatever it stood aside for; how many reasons that were."""
    return await change(hand.connection, FORGET, [*_step(hand), [lane.part.table, ""], Jsonb(list(key))])


async def forget_pages(hand: Hand, lane: Lane, pages: tuple[object, ...]) -> int:
    """Take back those whose place is from the first of two `ctid` on and before the second; how many."""
    return await change(hand.connection, FORGET_PAGES, [*_step(hand), [lane.part.table, ""], *pages])


async def forget_part(hand: Hand, part: str) -> None:
    """The partition is gone, and its rows with it: none of them is to be put right any more."""
    async with hand.connection.transaction():
        for sql in FORGET_PART:
            await change(hand.connection, sql, [*_step(hand), part])


def _step(hand: Hand) -> list[object]:
    return [str(hand.work.recorder.run), hand.work.step.id]


def _rules(hand: Hand) -> list[str]:
    action = hand.course.action
    return [name for name, _ in action.valid] if isinstance(action, CopyAction) else []
