"""The sessions that wait behind one of ours, and for how long."""

from zdtui.postgres.ask import Connection, ask
from zdtui.postgres.queries import query
from zdtui.postgres.table_locks.lock_facts import Victim
from zdtui.sql.lock_modes import LockMode


async def find_victims(connection: Connection, pid: int) -> tuple[Victim, ...]:
    """Those who wait for what the session `pid` holds, or queue behind it; each once. Raises psycopg.Error."""
    rows = await ask(connection, query("victims", connection.info.server_version), [pid])
    found: dict[int, float] = {}
    for victim, wanted, ours, held, behind, waited in rows:
        first, second = LockMode.of_pg_locks(wanted), LockMode.of_pg_locks(ours)
        if first is not None and second is not None and first.conflicts_with(second) and (held or behind):
            found[victim] = max(waited, found.get(victim, 0.0))
    return tuple(Victim(each, waited) for each, waited in found.items())
