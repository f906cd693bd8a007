"""The queries pane: who works, who sits in a transaction, and since when."""

from collections.abc import Collection

from zdtui.watch.backends import ZERO, age, backend
from zdtui.watch.probe import Asked, Row, Rows
from zdtui.watch.samples import Pane, QueriesSample


class QueriesProbe:
    """Samples pg_stat_activity."""

    pane = Pane.QUERIES

    async def take(self, asked: Asked) -> QueriesSample:
        """One sample."""
        ours = sorted(asked.ours)
        counts = await asked.ask("sessions", ours)
        return queries_sample(await asked.ask("queries", ours), counts[0], asked.ours)


def queries_sample(rows: Rows, counts: Row, ours: Collection[int]) -> QueriesSample:
    """Rows of queries.sql and the row of sessions.sql as a sample."""
    return QueriesSample(
        backends=tuple(backend(row, ours) for row in rows),
        oldest_transaction=age(counts["oldest_transaction"]) or ZERO,
        total_sessions=counts["total"],
        active_sessions=counts["active"],
        hidden_sessions=counts["hidden"],
    )
