"""How numbers, times, sizes and shares are said to a person: one form each, and no other place that makes one.

What a plan says of a time is written back in PostgreSQL's own form (`zdtui.quantities`), because that can be
pasted. Everything that is measured, and every limit beside it, is said by these.
"""

from datetime import timedelta

SIZES = ("B", "kB", "MB", "GB", "TB", "PB")
PARTS = (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1))


def number(count: float) -> str:
    """'195 300 112': whole, in groups of three."""
    return f"{count:,.0f}".replace(",", " ")


def roughly(count: float) -> str:
    """'41 k', '310 M': three figures at most, for a rate or an estimate."""
    for limit, unit in ((1e9, "G"), (1e6, "M"), (1e4, "k")):
        if count >= limit:
            scaled = count / (1e3 if unit == "k" else limit)
            return f"{scaled:.0f} {unit}" if scaled >= 10 else f"{scaled:.1f} {unit}"
    return f"{count:.0f}"


def on_an_axis(value: float) -> str:
    """'0.35', '12', '0': beside a plot, where parts of one count too; three figures at most."""
    return f"{value:.3g}" if value else "0"


def age(duration: timedelta | float) -> str:
    """'0.4 s', '12 s', '4m02s', '3h05m', '2d4h': a time that passes, never wider than seven columns."""
    seconds = _seconds(duration)
    if seconds < 9.95:
        return f"{max(0.0, seconds):.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60}m{whole % 60:02d}s"
    if whole < 86400:
        return f"{whole // 3600}h{whole % 3600 // 60:02d}m"
    return f"{whole // 86400}d{whole % 86400 // 3600}h"


def took(duration: timedelta | float) -> str:
    """'12 ms', '3.1 s', '12m30s': how long something took; the same as its age but for less than a second."""
    seconds = _seconds(duration)
    return f"{seconds * 1000:.0f} ms" if seconds < 0.9995 else age(seconds)


def limit(duration: timedelta | float) -> str:
    """'200 ms', '1.5 s', '10 s', '10m', '1h30m', '7d': a time somebody chose, without the parts that are nothing."""
    seconds = _seconds(duration)
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms" if seconds else "0 s"
    if seconds < 60:
        return f"{seconds:.1f} s".replace(".0 s", " s")
    left, said = round(seconds), ""
    for unit, long in PARTS:
        count, left = divmod(left, long)
        said += f"{count}{unit}" if count else ""
    return said


def size(count: float) -> str:
    """'88 MB', '1.2 GB', '512 B': three figures at most; 1 kB is 1024 bytes, as PostgreSQL has it."""
    value, unit = float(count), 0
    while abs(value) >= 1000 and unit < len(SIZES) - 1:
        value, unit = value / 1024, unit + 1
    return f"{value:.1f} {SIZES[unit]}" if unit and abs(value) < 10 else f"{value:.0f} {SIZES[unit]}"


def share(fraction: float) -> str:
    """'63 %': rounded down, so that 100 is said only when all is done."""
    return "100 %" if fraction >= 1 else f"{max(0, min(99, int(fraction * 100)))} %"


def times(factor: float) -> str:
    """'2.4 x': how many times as much."""
    return f"{factor:.1f} x"


def _seconds(duration: timedelta | float) -> float:
    return duration.total_seconds() if isinstance(duration, timedelta) else duration
