"""The rows that stand aside (zdtui.rejected), while a step works: kept, counted, listed and forgotten here.

Only the statement that proves a plan's own rules adds to them elsewhere (`keyset.rules_sql`), because it has to be one.
"""

from psycopg.types.json import Jsonb

from zdtui.plan.model import CopyAction
from zdtui.postgres.ask import ask, change
from zdtui.postgres.keyset import KeyValue
from zdtui.postgres.rejected import rejected_sql
from zdtui.run.bulk.ranges.lane import Lane
from zdtui.run.bulk.worker import Worker


async def count_refused(worker: Worker) -> int:
    """Rows of the whole step that the server refused; those that fail a rule of the plan are not among them."""
    return int((await ask(worker.connection, rejected_sql("count_refused"), [*_step(worker), _rules(worker)]))[0][0])


async def refused_before(worker: Worker, lane: Lane) -> frozenset[KeyValue]:
    """The keys of those of the lane's part."""
    rows = await ask(
        worker.connection, rejected_sql("refused_of_part"), [*_step(worker), _rules(worker), lane.part.table]
    )
    return frozenset(tuple(row[0]) for row in rows)


async def all_of_step(worker: Worker) -> list[tuple[str, KeyValue]]:
    """Every row that stands aside, with its part, by part. No part is named in a journal from before there were any."""
    first = worker.bulk_plan.lanes[0].part.table if worker.bulk_plan.lanes else ""
    rows = await ask(worker.connection, rejected_sql("of_step"), _step(worker))
    return sorted(((part or first, tuple(key)) for part, key in rows), key=lambda each: each[0])


async def keep(worker: Worker, lane: Lane, key: KeyValue, reason: str) -> int:
    """Put a row aside; 0 when it stands there for that very reason."""
    kept = [*_step(worker), lane.part.table, Jsonb(list(key)), Jsonb([reason])]
    return await change(worker.connection, rejected_sql("keep"), kept)


async def forget(worker: Worker, lane: Lane, key: KeyValue) -> int:
    """Take a row back, whatever it stood aside for; how many reasons that were."""
    return await change(
        worker.connection, rejected_sql("forget"), [*_step(worker), [lane.part.table, ""], Jsonb(list(key))]
    )


async def forget_pages(worker: Worker, lane: Lane, pages: tuple[object, ...]) -> int:
    """Take back those whose place is from the first of two `ctid` on and before the second; how many."""
    return await change(
        worker.connection, rejected_sql("forget_pages"), [*_step(worker), [lane.part.table, ""], *pages]
    )


async def forget_part(worker: Worker, part: str) -> None:
    """The partition is gone, and its rows with it: none of them is to be put right any more."""
    async with worker.connection.transaction():
        for name in ("forget_part", "forget_count_of_part"):
            await change(worker.connection, rejected_sql(name), [*_step(worker), part])


def _step(worker: Worker) -> list[object]:
    return [str(worker.work.recorder.run), worker.work.step.id]


def _rules(worker: Worker) -> list[str]:
    action = worker.bulk_plan.action
    return [name for name, _ in action.valid] if isinstance(action, CopyAction) else []
