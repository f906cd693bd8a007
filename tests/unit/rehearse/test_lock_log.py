"""How long locks were held, from looks at them."""

import pytest

from zdtui.rehearse.lock_log import Look, held_locks

NAMES = {1: "public.users", 2: "public.orders"}


def told(*looks: Look, longest: float = 100.0) -> list[str]:
    return [f"{each.relation} {each.mode} {each.seconds:.2f}" for each in held_locks(looks, NAMES, longest)]


@pytest.mark.parametrize(
    ("looks", "expected"),
    [
        ([], []),
        ([(1.0, "")], []),
        ([(1.0, "1 AccessShareLock"), (2.0, "1 AccessShareLock")], ["public.users ACCESS SHARE 1.00"]),
        ([(1.0, "1 AccessShareLock"), (2.0, "")], ["public.users ACCESS SHARE 0.50"]),
        ([(1.0, "1 AccessShareLock")], ["public.users ACCESS SHARE 0.00"]),
        (
            [(0.0, "1 AccessShareLock"), (1.0, "1 AccessShareLock,2 AccessExclusiveLock"), (3.0, "")],
            ["public.orders ACCESS EXCLUSIVE 1.00", "public.users ACCESS SHARE 2.00"],
        ),
        ([(0.0, "1 ShareLock"), (1.0, ""), (2.0, "1 ShareLock"), (4.0, "1 ShareLock")], ["public.users SHARE 2.50"]),
        ([(0.0, "9 ShareLock,1 SIReadLock"), (1.0, "9 ShareLock,1 SIReadLock")], []),
    ],
)
def test_each_lock_with_its_time(looks: list[Look], expected: list[str]) -> None:
    assert told(*looks) == expected


def test_no_lock_is_held_longer_than_its_step_took() -> None:
    """A look that comes late says only that the lock was there before and is gone now."""
    assert told((0.0, "1 ShareLock"), (50.0, ""), longest=0.03) == ["public.users SHARE 0.03"]
