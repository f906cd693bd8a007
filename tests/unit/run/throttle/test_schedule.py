"""When a backfill may work."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from zdtui.plan.model import Window
from zdtui.run.throttle.schedule import opens_at

NIGHT = (Window(begins=22 * 60, ends=6 * 60),)
LUNCH = (Window(begins=12 * 60, ends=13 * 60), *NIGHT)


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 20, hour, minute, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("windows", "now", "opens"),
    [
        ((), at(9), None),
        (NIGHT, at(22), None),
        (NIGHT, at(3), None),
        (NIGHT, at(6), at(22)),
        (NIGHT, at(21, 59), at(22)),
        (LUNCH, at(12, 30), None),
        (LUNCH, at(9), at(12)),
        (LUNCH, at(13), at(22)),
        ((Window(begins=60, ends=60),), at(0, 30), None),
        ((Window(begins=60, ends=120),), at(23), at(1) + timedelta(days=1)),
    ],
)
def test_windows(windows: tuple[Window, ...], now: datetime, opens: datetime | None) -> None:
    assert opens_at(windows, now) == (None if opens is None else opens.replace(second=0))


def test_a_clock_elsewhere_is_the_same_moment() -> None:
    now = datetime(2026, 11, 20, 3, 0, tzinfo=timezone(timedelta(hours=9)))
    assert opens_at((Window(begins=18 * 60, ends=19 * 60),), now) is None
