"""Which relations a step's statements will lock, and how strongly: what is taken up front, in one order."""

from collections.abc import Iterable

from zdtui.postgres.ask import Connection
from zdtui.postgres.table_locks.lock_facts import Target
from zdtui.postgres.table_locks.lock_targets import find_targets
from zdtui.run.locks.required_locks import wants
from zdtui.sql.lock_modes import LockMode
from zdtui.sql.statement import Statement

WEAK = LockMode.ROW_EXCLUSIVE
"""Up to this mode a lock keeps no query and no change of rows out, and nobody queues behind it."""


async def lock_set(connection: Connection, statements: Iterable[Statement]) -> tuple[Target, ...]:
    """What is to be locked before the first statement, in the order of locking; empty when nothing strong is needed.

    What one of the statements makes first is not there yet, and nobody can wait for it. Raises psycopg.Error.
    """
    wanted = tuple(want for statement in statements for want in wants(statement))
    if all(want.mode.strength <= WEAK.strength for want in wanted):
        return ()
    return await find_targets(connection, wanted)
