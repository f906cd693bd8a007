"""The sessions that hold or want locks on the relations a step is to lock."""

from collections.abc import Sequence

from zdtui.postgres.ask import Connection, ask
from zdtui.postgres.queries import query
from zdtui.postgres.sessions.identity import BackendKey
from zdtui.postgres.table_locks.lock_facts import Holder, Target
from zdtui.sql.lock_modes import LockMode


async def find_holders(
    connection: Connection, targets: Sequence[Target], own_pids: Sequence[int]
) -> tuple[Holder, ...]:
    """Every lock of others that conflicts with a target's mode, the oldest transaction first. Raises psycopg.Error.

    What a parallel worker holds is its leader's: they are one session, which is signalled by its leader.
    """
    by_oid = {target.oid: target for target in targets}
    rows = await ask(connection, query("lock_holders"), [list(by_oid), list(own_pids)])
    found = []
    of_leader = {row[0]: row[4] for row in rows if row[4]}
    for pid, relation, mode, granted, transaction, age, started, *said in rows:
        held, target = LockMode.of_pg_locks(mode), by_oid[relation]
        if held is not None and target.mode.conflicts_with(held):
            own = transaction or of_leader.get(pid, "")
            found.append(Holder(BackendKey(pid, started), own, held, granted, target, age, *said))
    return tuple(sorted(found, key=lambda holder: -(holder.age or 0.0)))
