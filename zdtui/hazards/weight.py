"""How big and how busy a relation is, and who holds locks on it now: what gives a hazard its weight. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from zdtui.counted import counted
from zdtui.sql.effects import Lock
from zdtui.sql.lock_modes import LockMode
from zdtui.sql.text.name import Name

SIZES = ("bytes", "kB", "MB", "GB", "TB", "PB")
NUMBERS = ((1_000_000_000, "billion"), (1_000_000, "million"))


@dataclass(frozen=True, slots=True)
class Holder:
    """A session of somebody else that holds a lock on the relation."""

    pid: int
    application: str
    mode: LockMode
    state: str | None
    transaction_age: timedelta | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """A relation as the server describes it without being locked: sizes are as of its last VACUUM or ANALYZE."""

    relation: Name
    size_bytes: int | None = None
    """Of the table with its indexes, TOAST and partitions; None while it was never vacuumed or analyzed."""
    rows: int | None = None
    """The planner's estimate, partitions included; None likewise."""
    writes_per_second: float | None = None
    """Rows inserted, updated and deleted, between the two newest samples; None before there are two."""
    indexes: int = 0
    partitions: int = 0
    referenced_by: int = 0
    """Foreign keys of other tables that point here."""
    triggers: int = 0
    """Of people, not the ones that foreign keys are made of."""
    replica_identity: str = "default"
    """default, nothing, full or index."""
    publications: int = 0
    holders: tuple[Holder, ...] = ()


def in_the_way(modes: LockMode | tuple[LockMode, ...], holders: Iterable[Holder]) -> tuple[Holder, ...]:
    """Those a lock of that mode (of one of these) would have to wait for, the oldest transaction first."""
    wanted = (modes,) if isinstance(modes, LockMode) else modes
    found = [holder for holder in holders if any(holder.mode.conflicts_with(mode) for mode in wanted)]
    return tuple(sorted(found, key=lambda holder: holder.transaction_age or timedelta(0), reverse=True))


def weighed(lock: Lock, weight: Weight, outwaits: tuple[LockMode, ...] = ()) -> str:
    """'ACCESS EXCLUSIVE on orders (41 GB, 310 million rows, 2 100 writes/s): 3 transactions would make it wait ...'.

    `outwaits`: modes whose holders are waited for too, though no such lock is taken (CONCURRENTLY).
    """
    figures = ", ".join(_figures(weight))
    waits = _waits((lock.mode, *outwaits), weight)
    return f"{lock.mode} on {lock.relation}{f' ({figures})' if figures else ''}: {waits}"


def surroundings(weight: Weight) -> str:
    """What else hangs on the relation: '3 indexes, 2 foreign keys point here, published'; empty when nothing does."""
    parts = [
        _some(weight.indexes, "index", "indexes"),
        _some(weight.partitions, "partition"),
        _some(weight.referenced_by, "foreign key points here", "foreign keys point here"),
        _some(weight.triggers, "trigger"),
        _some(weight.publications, "publication"),
        "" if weight.replica_identity == "default" else f"replica identity {weight.replica_identity}",
    ]
    return ", ".join(part for part in parts if part)


def _figures(weight: Weight) -> Iterable[str]:
    if weight.size_bytes is not None:
        yield size(weight.size_bytes)
    if weight.rows is not None:
        yield counted(weight.rows, "row", shown=number(weight.rows))
    if weight.writes_per_second is not None:
        yield f"{number(round(weight.writes_per_second))} writes/s"


def _waits(modes: tuple[LockMode, ...], weight: Weight) -> str:
    found = in_the_way(modes, weight.holders)
    if not found:
        return "nobody would make it wait now"
    first = found[0]
    oldest = f", the oldest is {_age(first.transaction_age)} old" if first.transaction_age is not None else ""
    who = f" ({first.pid} {first.application})" if first.application else f" ({first.pid})"
    return f"{counted(len(found), 'transaction')} would make it wait{oldest}{who}"


def size(count: int) -> str:
    """Bytes as people say them: '41 GB'."""
    value, unit = float(count), 0
    while value >= 1024 and unit < len(SIZES) - 1:
        value, unit = value / 1024, unit + 1
    return f"{value:.1f} {SIZES[unit]}" if unit > 1 and value < 10 else f"{value:.0f} {SIZES[unit]}"


def number(count: int) -> str:
    """A count as people say it: '310 million', '2 100'."""
    for least, word in NUMBERS:
        if count >= least:
            value = count / least
            return f"{value:.1f} {word}" if value < 10 else f"{value:.0f} {word}"
    return f"{count:,}".replace(",", " ")


def _age(age: timedelta) -> str:
    seconds = age.total_seconds()
    if seconds < 60:
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.0f} h"


def _some(number: int, one: str, many: str = "") -> str:
    return counted(number, one, many) if number else ""
