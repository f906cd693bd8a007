"""Rows of pg_locks as queues: per thing locked, who holds it, who wants it, in which order, and so who keeps whom.

Two sessions of one lock group (a leader and its parallel workers) never keep each other: they count as the leader.
A prepared transaction has no backend: it goes by the negative of its transaction id.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from zdtui.sql.lock_modes import LockMode
from zdtui.watch.probe import Row

Member = int
"""A session: its pid, or the negative transaction id of a prepared transaction."""
Thing = tuple[Any, ...]
IDENTITY = (
    "locktype",
    "database",
    "relation",
    "page",
    "tuple",
    "virtualxid",
    "transactionid",
    "classid",
    "objid",
    "objsubid",
)


@dataclass(frozen=True, slots=True)
class Lock:
    """One row of locks.sql."""

    member: Member
    mode: LockMode
    granted: bool
    waited: timedelta | None
    thing: Thing
    what: str
    """The thing, for people."""


@dataclass(slots=True)
class Queue:
    """The locks on one thing: `held` in any order, `wanted` with the longest waiting first."""

    held: list[Lock] = field(default_factory=list)
    wanted: list[Lock] = field(default_factory=list)

    def holders(self, wanted: Lock) -> list[Lock]:
        """Who holds what conflicts with this wish."""
        return [each for each in self.held if _keeps(each, wanted)]

    def ahead(self, wanted: Lock) -> list[Lock]:
        """Who waits before this one for what conflicts with it: a lock is not given past them."""
        return [each for each in self.wanted[: self.wanted.index(wanted)] if _keeps(each, wanted)]


def locks(rows: Iterable[Row], leaders: Mapping[int, int]) -> list[Lock]:
    """The rows as locks. `leaders`: the leader of each parallel worker."""
    return [
        Lock(
            member=-int(row["prepared_xid"]) if row["prepared_xid"] else leaders.get(row["pid"], row["pid"]),
            mode=mode,
            granted=row["granted"],
            waited=row["waited"],
            thing=tuple(row[column] for column in IDENTITY),
            what=describe(row),
        )
        for row in rows
        if (mode := LockMode.of_pg_locks(row["mode"])) is not None
    ]


def queues(found: Iterable[Lock], waits: Mapping[Member, timedelta]) -> list[Queue]:
    """The locks sorted by thing, leaving out what nobody waits for. `waits`: how long each session has been waiting."""
    by_thing: dict[Thing, Queue] = defaultdict(Queue)
    for lock in found:
        queue = by_thing[lock.thing]
        (queue.held if lock.granted else queue.wanted).append(lock)
    waited_for = [queue for queue in by_thing.values() if queue.wanted]
    for queue in waited_for:
        queue.wanted.sort(key=lambda lock: -waits.get(lock.member, timedelta(0)))
    return waited_for


def describe(row: Row) -> str:
    """What is locked: 'public.users', 'row of public.users', 'transaction 4711', 'advisory 1, 2'."""
    relation = row["relation_name"] or f"relation {row['relation']} of database {row['database'] or 'shared'}"
    match row["locktype"]:
        case "relation":
            return str(relation)
        case "tuple":
            return f"row ({row['page']},{row['tuple']}) of {relation}"
        case "page" | "extend" | "frozenid" | "spectoken" as kind:
            return f"{kind} of {relation}" if row["relation"] else str(kind)
        case "transactionid" | "applytransaction":
            return f"transaction {row['transactionid']}"
        case "virtualxid":
            return f"virtual transaction {row['virtualxid']}"
        case "advisory":
            return f"advisory {_advisory(row)}"
        case kind:
            return f"{kind} {row['objid']} of class {row['classid']}"


def _advisory(row: Row) -> str:
    """The key as it was given: one bigint (objsubid 1), or two integers (objsubid 2)."""
    if row["objsubid"] == 1:
        key = (row["classid"] << 32) | row["objid"]
        return str(key - (1 << 64) if key >= 1 << 63 else key)
    return f"{_signed(row['classid'])}, {_signed(row['objid'])}"


def _signed(oid: int) -> int:
    return oid - (1 << 32) if oid >= 1 << 31 else oid


def _keeps(other: Lock, wanted: Lock) -> bool:
    return other.member != wanted.member and other.mode.conflicts_with(wanted.mode)
