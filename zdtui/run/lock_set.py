"""Which relations a step's statements will lock, and how strongly: what is taken up front, in one order."""

from collections.abc import Iterable

from zdtui.postgres.ask import Connection
from zdtui.postgres.lock_facts import Target
from zdtui.postgres.lock_targets import find_targets
from zdtui.sql.lock_modes import LockMode
from zdtui.sql.statement import Statement, StatementClass

WEAK = LockMode.ROW_EXCLUSIVE
"""Up to this mode a lock keeps no query and no change of rows out, and nobody queues behind it."""
MODES = {
    "CREATE INDEX": LockMode.SHARE,
    "CREATE TRIGGER": LockMode.SHARE_ROW_EXCLUSIVE,
    "CREATE STATISTICS": LockMode.SHARE_UPDATE_EXCLUSIVE,
}
"""Of instant DDL that takes less than ACCESS EXCLUSIVE."""


def wanted_locks(statements: Iterable[Statement]) -> dict[str, LockMode]:
    """The relations the statements name, as written, each with the strongest mode that any of them needs."""
    wanted: dict[str, LockMode] = {}
    for statement in statements:
        mode = _mode(statement)
        if mode is not None and statement.table_name is not None:
            known = wanted.get(statement.table_name, mode)
            wanted[statement.table_name] = max(mode, known, key=lambda each: each.strength)
    return wanted


async def lock_set(connection: Connection, statements: Iterable[Statement]) -> tuple[Target, ...]:
    """What is to be locked before the first statement, in the order of locking; empty when nothing strong is needed.

    Raises psycopg.Error.
    """
    wanted = wanted_locks(statements)
    if all(mode.strength <= WEAK.strength for mode in wanted.values()):
        return ()
    return await find_targets(connection, wanted)


def _mode(statement: Statement) -> LockMode | None:
    match statement.statement_class:
        case StatementClass.INSTANT_DDL | StatementClass.UNKNOWN:
            return MODES.get(statement.kind, LockMode.ACCESS_EXCLUSIVE)
        case StatementClass.VALIDATE:
            return LockMode.SHARE_UPDATE_EXCLUSIVE
        case StatementClass.DML:
            return LockMode.ROW_EXCLUSIVE
        case _:
            return None
