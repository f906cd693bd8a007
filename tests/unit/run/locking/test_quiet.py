"""What keeps a moment from being quiet."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from zdtui.plan.model import Guards
from zdtui.postgres.sessions.identity import BackendKey
from zdtui.postgres.table_locks.lock_facts import Holder, Target
from zdtui.run.locks.quiet_check import Readings, not_quiet
from zdtui.sql.lock_modes import LockMode

TARGET = Target(1, "public", "t", LockMode.ACCESS_EXCLUSIVE)
GUARDS = Guards()


def holder(age: float | None, granted: bool = True, **fields: Any) -> Holder:
    key = BackendKey(4711, datetime(2026, 1, 1))
    return Holder(key, "3/1", LockMode.ACCESS_SHARE, granted, TARGET, age, **fields)


@pytest.mark.parametrize(
    ("readings", "says"),
    [
        (Readings((), None), ""),
        (Readings((holder(0.4),), timedelta(seconds=0.5)), ""),
        (Readings((holder(4.0, application="report"),), None), "4711 report 4.0 s holds ACCESS SHARE on public.t"),
        (Readings((holder(None),), None), "holds"),
        (Readings((holder(0.1, granted=False),), None), "waits for public.t"),
        (Readings((holder(0.1, backend_type="autovacuum worker"),), None), "autovacuum works on public.t"),
        (Readings((), timedelta(seconds=1.5)), "replay lag is 1.5 s"),
        (Readings((), None, "replay lag 8.1 s is over 5s"), "over 5s"),
    ],
)
def test_why_it_is_not_quiet(readings: Readings, says: str) -> None:
    found = not_quiet(readings, GUARDS)
    assert found == says if not says else says in found


def test_half_of_a_strict_guard_counts() -> None:
    strict = Guards(replication_lag=timedelta(seconds=1))
    assert "replay lag" in not_quiet(Readings((), timedelta(seconds=0.6)), strict)
    assert not_quiet(Readings((), timedelta(seconds=0.6)), Guards(replication_lag=None)) == ""
