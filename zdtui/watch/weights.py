"""What the next step would touch: how big and how busy each relation is, and who holds locks on it now."""

from collections.abc import Callable, Collection, Mapping

from zdtui.hazards.weight import Holder, Weight
from zdtui.sql.lock_modes import LockMode
from zdtui.sql.text.name import Name
from zdtui.watch.backends import age
from zdtui.watch.probe import Asked, Row, Rows
from zdtui.watch.samples import WeightsSample

Counted = Mapping[Name, tuple[int | None, float]]
"""Writes counted so far (None: track_counts is off) and time.monotonic() then."""


class WeightsProbe:
    """Samples the relations that `relations` names at that moment; only schema-qualified names can be found."""

    def __init__(self, relations: Callable[[], Collection[Name]]) -> None:
        self._relations = relations
        self._before: Counted = {}

    async def take(self, asked: Asked) -> WeightsSample:
        """One sample; nothing is asked while there is nothing to ask about."""
        names = {each.written: each for each in self._relations() if each.schema is not None}
        if not names:
            return WeightsSample()
        rows = await asked.ask("relation_weights", sorted(names))
        holders = await asked.ask("relation_holders", [row["oid"] for row in rows], sorted(asked.ours))
        weights = tuple(_weight(row, names[row["name"]], holders, self._before, asked.now) for row in rows)
        self._before = {names[row["name"]]: (row["writes"], asked.now) for row in rows}
        return WeightsSample(weights)


def _weight(row: Row, name: Name, holders: Rows, before: Counted, now: float) -> Weight:
    return Weight(
        relation=name,
        size_bytes=row["size_bytes"],
        rows=row["row_estimate"],
        writes_per_second=_rate(row["writes"], before.get(name), now),
        indexes=row["indexes"],
        partitions=row["partitions"],
        referenced_by=row["referenced_by"],
        triggers=row["triggers"],
        replica_identity=row["replica_identity"],
        publications=row["publications"],
        holders=tuple(holder for each in holders if each["relation"] == row["oid"] and (holder := _holder(each))),
    )


def _rate(writes: int | None, before: tuple[int | None, float] | None, now: float) -> float | None:
    """None before the second sample, when the counters were reset in between, and where nothing is counted."""
    if before is None or writes is None or before[0] is None or now <= before[1] or writes < before[0]:
        return None
    return (writes - before[0]) / (now - before[1])


def _holder(row: Row) -> Holder | None:
    mode = LockMode.of_pg_locks(row["mode"])
    if mode is None:
        return None
    return Holder(row["pid"], row["application"], mode, row["state"], age(row["transaction_age"]))
