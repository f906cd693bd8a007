"""What a CONCURRENTLY statement waits for, beside the lock it takes. Pure.

From the manual and the server's source (WaitForLockers, WaitForOlderSnapshots, index_drop, ATExecDetachPartition): it
waits for lockers of its *table*, and most kinds for every snapshot of the database that is older than their own.
"""

from dataclasses import dataclass

from zdtui.sql.lock_modes import LockMode
from zdtui.sql.statement import Statement, StatementClass

WRITERS = (LockMode.SHARE_UPDATE_EXCLUSIVE, LockMode.SHARE)
EVERYBODY = (LockMode.ACCESS_EXCLUSIVE,)


@dataclass(frozen=True, slots=True)
class Outwaits:
    """Whom it outwaits."""

    modes: tuple[LockMode, ...]
    """Whoever holds a lock on the table that conflicts with one of these."""
    snapshots: bool
    """Every session of the database that holds a snapshot older than its own; VACUUM does not count."""


def waits_for_lockers(statement: Statement) -> tuple[LockMode, ...]:
    """The modes whose holders it waits for beside those its own lock conflicts with; none for an ordinary statement."""
    found = outwaits(statement)
    return () if found is None else found.modes


def outwaits(statement: Statement) -> Outwaits | None:
    """What the statement waits for; None for one that is not a CONCURRENTLY one."""
    if statement.statement_class is not StatementClass.CONCURRENTLY:
        return None
    if statement.kind.startswith("CREATE INDEX"):
        return Outwaits(WRITERS, snapshots=True)
    return Outwaits(EVERYBODY, snapshots=statement.kind.startswith("REINDEX"))
