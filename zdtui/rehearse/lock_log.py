"""Which locks were held, and for how long, from a log of who held what whenever that changed. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from zdtui.evidence.model import HeldLock
from zdtui.sql.lock_modes import LockMode

Look = tuple[float, str]
"""The server's clock in seconds, and the locks held then: '16384 AccessShareLock,16390 RowExclusiveLock'."""
Held = frozenset[tuple[str, LockMode]]


def held_locks(looks: Iterable[Look], names: Mapping[int, str], longest: float) -> tuple[HeldLock, ...]:
    """How long each lock was held in all, on the relations that are named, the strongest first; `longest` at most.

    One that is gone at the next look was let go of half-way between the two, as far as anybody knows.
    """
    seconds: dict[tuple[str, LockMode], float] = defaultdict(float)
    before: tuple[float, Held] = (0.0, frozenset())
    for at, text in looks:
        held = _read(text, names)
        passed = max(0.0, at - before[0])
        for lock in before[1]:
            seconds[lock] += passed if lock in held else passed / 2
        for lock in held:
            seconds[lock] += 0.0
        before = at, held
    found = (
        HeldLock(relation=relation, mode=mode, seconds=min(took, longest)) for (relation, mode), took in seconds.items()
    )
    return tuple(sorted(found, key=lambda lock: (-lock.mode.strength, lock.relation)))


def _read(text: str, names: Mapping[int, str]) -> Held:
    found = set()
    for each in filter(None, text.split(",")):
        oid, _, written = each.partition(" ")
        name, mode = names.get(int(oid)), LockMode.of_pg_locks(written)
        if name is not None and mode is not None:
            found.add((name, mode))
    return frozenset(found)
