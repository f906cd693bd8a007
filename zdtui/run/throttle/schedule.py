"""When a backfill may work: times of day in UTC, such as 22:00-06:00. Pure: the clock comes in."""

from datetime import UTC, datetime, timedelta

from zdtui.plan.model import Window

DAY = 24 * 60


def opens_at(windows: tuple[Window, ...], now: datetime) -> datetime | None:
    """None when one of the windows is open (or there is none), else when the next one opens. `now` is aware."""
    if not windows:
        return None
    utc = now.astimezone(UTC)
    minute = utc.hour * 60 + utc.minute
    if any(_open(window, minute) for window in windows):
        return None
    wait = min((window.begins - minute) % DAY for window in windows)
    return utc.replace(second=0, microsecond=0) + timedelta(minutes=wait)


def _open(window: Window, minute: int) -> bool:
    """A window that ends before it begins goes over midnight; one that ends where it begins is the whole day."""
    if window.begins < window.ends:
        return window.begins <= minute < window.ends
    return minute >= window.begins or minute < window.ends
