"""The relations a step is to lock, found in the catalog, and the sessions that hold or want locks on them."""

from collections.abc import Sequence

from zdtui.postgres.ask import Connection, ask
from zdtui.postgres.queries import query
from zdtui.postgres.sessions.authors import qualified
from zdtui.postgres.sessions.identity import BackendKey
from zdtui.postgres.table_locks.lock_facts import Holder, Target, Want
from zdtui.sql.lock_modes import LockMode


async def find_targets(connection: Connection, wanted: Sequence[Want]) -> tuple[Target, ...]:
    """The relations these come to, each with its strongest mode.

    In the order in which they are to be locked: parents before children, then by schema and name. What is not there
    is left out. Raises psycopg.Error.
    """
    known = await qualified(connection, [want.name for want in wanted])
    names, reaches = [known[want.name] for want in wanted], [want.reach.value for want in wanted]
    parameters = (names, reaches, [want.detail for want in wanted])
    found: dict[int, Target] = {}
    for place, oid, schema, name, depth, lockable in await ask(connection, query("lock_targets"), parameters):
        mode, before = wanted[place - 1].mode, found.get(oid)
        if before is not None:
            mode, depth = max(mode, before.mode, key=lambda each: each.strength), max(depth, before.depth)
        found[oid] = Target(oid, schema, name, mode, depth, lockable)
    return tuple(sorted(found.values(), key=lambda each: (each.depth, each.schema, each.name)))


async def find_holders(
    connection: Connection, targets: Sequence[Target], own_pids: Sequence[int]
) -> tuple[Holder, ...]:
    """Every lock of others that conflicts with a target's mode, the oldest transaction first. Raises psycopg.Error."""
    by_oid = {target.oid: target for target in targets}
    rows = await ask(connection, query("lock_holders"), [list(by_oid), list(own_pids)])
    found = []
    for pid, relation, mode, granted, transaction, age, started, *said in rows:
        held, target = LockMode.of_pg_locks(mode), by_oid[relation]
        if held is not None and target.mode.conflicts_with(held):
            found.append(Holder(BackendKey(pid, started), transaction, held, granted, target, age, *said))
    return tuple(sorted(found, key=lambda holder: -(holder.age or 0.0)))
