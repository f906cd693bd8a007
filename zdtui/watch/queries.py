"""The queries pane: who works, who sits in a transaction, and since when."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from zdtui.counted import counted
from zdtui.watch.backends import ZERO, age, backend
from zdtui.watch.probe import Asked, Row, Rows
from zdtui.watch.samples import QueriesSample, Unseen

ROLES_EVERY = 5.0
"""Seconds between two looks whose sessions this role may not end."""


class QueriesProbe:
    """Samples pg_stat_activity."""

    def __init__(self) -> None:
        self._untouchable: Mapping[str, str] = {}
        self._looked_at: float | None = None

    async def take(self, asked: Asked) -> QueriesSample:
        """One sample."""
        ours = sorted(asked.ours)
        counts = await asked.ask("sessions", ours)
        sample = queries_sample(await asked.ask("queries", ours), counts[0], asked.ours)
        return replace(sample, untouchable=await self._roles(asked))

    async def _roles(self, asked: Asked) -> Mapping[str, str]:
        """Whose sessions cannot be ended; where that is not told, the server refuses when it is tried."""
        if self._looked_at is None or asked.now - self._looked_at >= ROLES_EVERY:
            rows = await asked.attempt("untouchable_roles")
            self._untouchable = {} if isinstance(rows, Unseen) else {row["role"]: row["why"] for row in rows}
            self._looked_at = asked.now
        return self._untouchable


def queries_sample(rows: Rows, counts: Row, ours: Collection[int]) -> QueriesSample:
    """Rows of queries.sql and the row of sessions.sql as a sample.

    While sessions are hidden nobody knows how many of them are active, nor how old their transactions are.
    """
    hidden = _hidden(counts["hidden"])
    return QueriesSample(
        backends=tuple(backend(row, ours) for row in rows),
        oldest_transaction=hidden or age(counts["oldest_transaction"]) or ZERO,
        total_sessions=counts["total"],
        active_sessions=hidden or counts["active"],
        idle_in_transaction=hidden or counts["idle_in_transaction"],
        hidden_sessions=counts["hidden"],
    )


def _hidden(sessions: int) -> Unseen | None:
    many = counted(sessions, "session is", "sessions are")
    return Unseen(f"{many} hidden from this role (grant pg_monitor)") if sessions else None
