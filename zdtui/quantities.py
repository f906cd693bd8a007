"""Times and sizes as people write them: 500ms, 10s, 24h, 64MB. PostgreSQL's units (1 kB is 1024 bytes)."""

import re
from datetime import timedelta

MILLISECONDS = {"ms": 1, "s": 1_000, "min": 60_000, "h": 3_600_000, "d": 86_400_000}
BYTES = {"B": 1, "kB": 1024, "MB": 1024**2, "GB": 1024**3, "TB": 1024**4}
ONE_TIME = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*(ms|min|s|h|d)\s*")
WHOLE_TIME = re.compile(rf"(?:{ONE_TIME.pattern})+\Z")
ONE_SIZE = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*(B|kB|MB|GB|TB)\Z")
LONGEST = timedelta(days=3650)
LARGEST = 2**63 - 1


def parse_duration(text: str) -> timedelta:
    """'500ms', '10s', '1h30min', '24h', '7d' or '0', to the millisecond. Raises ValueError with a sentence."""
    text = text.strip()
    if text == "0":
        return timedelta(0)
    if not WHOLE_TIME.match(text):
        raise ValueError(f"`{text[:40]}` is not a time; write it like 500ms, 10s, 1h30min or 7d")
    total = sum(float(count) * MILLISECONDS[unit] for count, unit in ONE_TIME.findall(text))
    if total > LONGEST / timedelta(milliseconds=1):
        raise ValueError(f"`{text[:40]}` is more than ten years")
    if total != round(total):
        raise ValueError(f"`{text[:40]}` is finer than a millisecond, which is the least PostgreSQL knows")
    return timedelta(milliseconds=total)


def format_duration(duration: timedelta) -> str:
    """The shortest exact form a person would write: '500ms', '10s', '1h30min', '7d'."""
    milliseconds = round(duration / timedelta(milliseconds=1))
    parts = []
    for unit in ("d", "h", "min", "s", "ms"):
        count, milliseconds = divmod(milliseconds, MILLISECONDS[unit])
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"


def parse_size(text: str) -> int:
    """Bytes of '64MB', '8kB', '0' ... Raises ValueError with a sentence."""
    text = text.strip()
    if text == "0":
        return 0
    found = ONE_SIZE.match(text)
    if not found:
        raise ValueError(f"`{text[:40]}` is not a size; write it like 64MB, 8kB or 2GB (1 kB is 1024 bytes)")
    size = float(found.group(1)) * BYTES[found.group(2)]
    if size > LARGEST:
        raise ValueError(f"`{text[:40]}` is more than any disk holds")
    return round(size)
