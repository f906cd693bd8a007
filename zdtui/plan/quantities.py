"""Times and sizes as people write them: 500ms, 10s, 24h, 64MB."""

from datetime import timedelta


def format_duration(duration: timedelta) -> str:
    """The shortest exact form a person would write: '500ms', '10s', '1h30min', '7d'."""
    milliseconds = round(duration / timedelta(milliseconds=1))
    parts = []
    for unit, size in (("d", 86_400_000), ("h", 3_600_000), ("min", 60_000), ("s", 1_000), ("ms", 1)):
        count, milliseconds = divmod(milliseconds, size)
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"
