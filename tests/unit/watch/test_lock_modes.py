"""The conflict table against the manual's, written out as the manual draws it (table 13.2)."""

import pytest

from zdtui.sql.lock_modes import LockMode

MANUAL = {
    "ACCESS SHARE": ".......X",
    "ROW SHARE": "......XX",
    "ROW EXCLUSIVE": "....XXXX",
    "SHARE UPDATE EXCLUSIVE": "...XXXXX",
    "SHARE": "..XX.XXX",
    "SHARE ROW EXCLUSIVE": "..XXXXXX",
    "EXCLUSIVE": ".XXXXXXX",
    "ACCESS EXCLUSIVE": "XXXXXXXX",
}


@pytest.mark.parametrize("requested", LockMode)
def test_conflicts_are_those_of_the_manual(requested: LockMode) -> None:
    drawn = "".join("X" if requested.conflicts_with(existing) else "." for existing in LockMode)
    assert drawn == MANUAL[requested]


def test_pg_locks_names_are_understood() -> None:
    assert LockMode.of_pg_locks("ShareUpdateExclusiveLock") is LockMode.SHARE_UPDATE_EXCLUSIVE
    assert LockMode.of_pg_locks("SIReadLock") is None
