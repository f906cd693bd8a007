"""The limits each class of statement runs under. Pure.

CONCURRENTLY builds wait for lockers of the table and for older snapshots: a short lock_timeout would cancel one
because of another session, and leave an invalid index (docs/operating.md, reproduced on PostgreSQL 15 to 18). VALIDATE
scans for as long as the table is big, under a lock that blocks no reads or writes.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import assert_never

from zdtui.plan.model import Limits
from zdtui.sql.statement import StatementClass

UNLIMITED = timedelta(0)
"""What PostgreSQL takes 0 to mean for a timeout."""


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Values for lock_timeout and statement_timeout."""

    lock: timedelta
    statement: timedelta

    def settings(self) -> tuple[tuple[str, str], ...]:
        """As PostgreSQL takes them: whole milliseconds, at least one unless unlimited."""
        return (("lock_timeout", _milliseconds(self.lock)), ("statement_timeout", _milliseconds(self.statement)))


def timeouts(statement_class: StatementClass, limits: Limits, ceiling: timedelta | None = None) -> Timeouts:
    """The limits of a statement of this class under the step's own limits.

    `ceiling`: the longest a strong lock may be queued for, where it was turned; None: as the step says. A statement
    under such a lock waits no longer than that for another one, because all that time the application waits for it.
    """
    match statement_class:
        case StatementClass.CONCURRENTLY:
            return Timeouts(lock=UNLIMITED, statement=UNLIMITED)
        case StatementClass.VALIDATE:
            return Timeouts(lock=limits.lock_timeout, statement=UNLIMITED)
        case StatementClass.INSTANT_DDL | StatementClass.UNKNOWN:
            most = limits.lock_queue_ceiling if ceiling is None else ceiling
            lock = min(limits.lock_timeout or most, most) or timedelta(milliseconds=1)
            return Timeouts(lock=lock, statement=limits.statement_timeout)
        case StatementClass.DML | StatementClass.QUERY | StatementClass.UTILITY:
            return Timeouts(lock=limits.lock_timeout, statement=limits.statement_timeout)
        case _ as never:
            assert_never(never)


def _milliseconds(duration: timedelta) -> str:
    if duration <= UNLIMITED:
        return "0"
    return str(max(1, round(duration / timedelta(milliseconds=1))))
