"""How big and how busy a relation is, and who holds locks on it now: what gives a hazard its weight. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from zdtui.amounts import age, number, roughly, size
from zdtui.counted import counted
from zdtui.sql.effects import Lock
from zdtui.sql.lock_modes import LockMode
from zdtui.sql.text.name import Name

NAMED = 2
"""Holders named one by one; the others are counted."""
MANY = 1_000_000
"""Rows from which on an estimate is said in three figures."""


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
    """'ACCESS EXCLUSIVE on orders (41 GB, 310 M rows, 2 100 writes/s): 3 transactions would make it wait: ...'."""
    return f"{with_figures(lock, weight)}: {waits(lock, weight, outwaits)}"


def with_figures(lock: Lock, weight: Weight) -> str:
    """'ACCESS EXCLUSIVE on orders (41 GB, 310 M rows, 2 100 writes/s)'."""
    figures = ", ".join(_figures(weight))
    return f"{lock.mode} on {lock.relation}{f' ({figures})' if figures else ''}"


def waits(lock: Lock, weight: Weight, outwaits: tuple[LockMode, ...] = ()) -> str:
    """'2 transactions would make it wait: 4711 nightly-report, 4m02s, and 5120 billing (idle in transaction), 12 s'.

    `outwaits`: modes whose holders are waited for too, though no such lock is taken (CONCURRENTLY).
    """
    found = in_the_way((lock.mode, *outwaits), weight.holders)
    if not found:
        return "nobody would make it wait now"
    more = f" and {len(found) - NAMED} more" if len(found) > NAMED else ""
    named = " and ".join(_who(each) for each in found[:NAMED]) if not more else ", ".join(map(_who, found[:NAMED]))
    return f"{counted(len(found), 'transaction')} would make it wait: {named}{more}"


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
        yield counted(weight.rows, "row", shown=_rows(weight.rows))
    if weight.writes_per_second is not None:
        yield f"{number(weight.writes_per_second)} writes/s"


def _rows(rows: int) -> str:
    return number(rows) if rows < MANY else roughly(rows)


def _who(holder: Holder) -> str:
    idle = " (idle in transaction)" if (holder.state or "").startswith("idle in transaction") else ""
    since = f", {age(holder.transaction_age)}" if holder.transaction_age is not None else ""
    return f"{holder.pid} {holder.application}".rstrip() + idle + since


def _some(number: int, one: str, many: str = "") -> str:
    return counted(number, one, many) if number else ""
