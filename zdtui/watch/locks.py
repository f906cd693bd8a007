"""The locks pane: who blocks whom."""

from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta

from zdtui.watch.backends import ZERO, age, backend
from zdtui.watch.lock_queues import Lock, Member, locks, queues
from zdtui.watch.lock_tree import locks_sample
from zdtui.watch.probe import Asked, Row, Rows
from zdtui.watch.samples import Backend, BackendKey, LocksSample


class LocksProbe:
    """Samples pg_locks; asks for the sessions only when somebody waits."""

    async def take(self, asked: Asked) -> LocksSample:
        """One sample."""
        rows = await asked.ask("locks")
        if all(row["granted"] for row in rows):
            return LocksSample()
        sessions = await _with_leaders(asked, {row["pid"] for row in rows if row["pid"]})
        prepared: Rows = ()
        if any(row["prepared_xid"] for row in rows):
            prepared = await asked.ask("prepared_transactions")
        return sample_of(rows, sessions, prepared, asked.ours)


async def _with_leaders(asked: Asked, pids: Collection[int]) -> Rows:
    """These sessions, and who leads those that are parallel workers: a leader need not have such a lock itself."""
    sessions = await asked.ask("backends", sorted(pids))
    leaders = {row["leader_pid"] for row in sessions if row["leader_pid"]} - set(pids)
    return [*sessions, *(await asked.ask("backends", sorted(leaders)) if leaders else ())]


def sample_of(rows: Rows, sessions: Rows, prepared: Rows, ours: Collection[int]) -> LocksSample:
    """Rows of locks.sql, backends.sql and prepared_transactions.sql as a sample.

    A session that ended between the questions is left out with its locks.
    """
    leaders = {row["pid"]: row["leader_pid"] for row in sessions if row["leader_pid"]}
    backends: dict[Member, Backend] = {row["pid"]: backend(row, ours) for row in sessions}
    backends |= {-int(row["xid"]): _prepared(row) for row in prepared}
    found = [lock for lock in locks(rows, leaders) if lock.member in backends]
    waited = _waited(found, backends)
    return locks_sample(queues(found, waited), backends, waited, _rows_of(found))


def _waited(found: Iterable[Lock], backends: Mapping[Member, Backend]) -> dict[Member, timedelta]:
    """How long each session has waited; where the server does not say, the age of its query is the nearest."""
    return {
        lock.member: age(lock.waited) or backends[lock.member].query_age or ZERO for lock in found if not lock.granted
    }


def _rows_of(found: Iterable[Lock]) -> dict[Member, str]:
    """The first in the queue for a row holds the row's own lock while it waits for the transaction that has the row."""
    return {lock.member: lock.what for lock in found if lock.granted and lock.thing[0] == "tuple"}


def _prepared(row: Row) -> Backend:
    return Backend(
        key=BackendKey(0, row["prepared"]),
        user=row["owner"],
        application=row["gid"],
        database=row["database"],
        state="prepared transaction",
        wait_event_type=None,
        wait_event=None,
        transaction_age=age(row["age"]),
        query_age=None,
        state_age=age(row["age"]),
        query=f"ROLLBACK PREPARED or COMMIT PREPARED '{row['gid']}'",
        backend_type="prepared transaction",
    )
