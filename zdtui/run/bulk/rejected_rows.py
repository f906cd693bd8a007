"""The rows that stand aside (zdtui.rejected), while a step works: kept, counted, listed and forgotten here.

Only the statement that proves a plan's own rules adds to them elsewhere (`keyset.rules_sql`), because it has to be one.
"""

from psycopg.types.json import Jsonb

from zdtui.plan.model import CopyAction
from zdtui.postgres.ask import ask, change
from zdtui.postgres.keyset import KeyValue
from zdtui.run.bulk.ranges.lane import Lane
from zdtui.run.bulk.worker import Worker

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


async def count_refused(worker: Worker) -> int:
    """Rows of the whole step that the server refused; those that fail a rule of the plan are not among them."""
    return int((await ask(worker.connection, COUNT, [*_step(worker), _rules(worker)]))[0][0])


async def refused_before(worker: Worker, lane: Lane) -> frozenset[KeyValue]:
    """The keys of those of the lane's part."""
    rows = await ask(worker.connection, KNOWN, [*_step(worker), _rules(worker), lane.part.table])
    return frozenset(tuple(row[0]) for row in rows)


async def all_of_step(worker: Worker) -> list[tuple[str, KeyValue]]:
    """Every row that stands aside, with its part, by part. No part is named in a journal from before there were any."""
    first = worker.bulk_plan.lanes[0].part.table if worker.bulk_plan.lanes else ""
    rows = await ask(worker.connection, LISTED, _step(worker))
    return sorted(((part or first, tuple(key)) for part, key in rows), key=lambda each: each[0])


async def keep(worker: Worker, lane: Lane, key: KeyValue, reason: str) -> int:
    """Put a row aside; 0 when it stands there for that very reason."""
    return await change(worker.connection, KEEP, [*_step(worker), lane.part.table, Jsonb(list(key)), Jsonb([reason])])


async def forget(worker: Worker, lane: Lane, key: KeyValue) -> int:
    """Take a row back, whatever it stood aside for; how many reasons that were."""
    return await change(worker.connection, FORGET, [*_step(worker), [lane.part.table, ""], Jsonb(list(key))])


async def forget_pages(worker: Worker, lane: Lane, pages: tuple[object, ...]) -> int:
    """Take back those whose place is from the first of two `ctid` on and before the second; how many."""
    return await change(worker.connection, FORGET_PAGES, [*_step(worker), [lane.part.table, ""], *pages])


async def forget_part(worker: Worker, part: str) -> None:
    """The partition is gone, and its rows with it: none of them is to be put right any more."""
    async with worker.connection.transaction():
        for sql in FORGET_PART:
            await change(worker.connection, sql, [*_step(worker), part])


def _step(worker: Worker) -> list[object]:
    return [str(worker.work.recorder.run), worker.work.step.id]


def _rules(worker: Worker) -> list[str]:
    action = worker.bulk_plan.action
    return [name for name, _ in action.valid] if isinstance(action, CopyAction) else []
