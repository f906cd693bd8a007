"""What has been seen of the sessions in our way while we looked. Pure: looks go in, history comes out."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from statistics import fmean

from zdtui.postgres.table_locks.lock_facts import Holder

LOOKS = 8
"""How many of the newest looks tell how crowded it is."""
AGES = 64
"""How many of the newest ages tell how long a transaction usually takes."""
DISTRUST = 3.0
"""Times its age for which the like of an old transaction is not trusted: what comes at all comes again soon."""
REMEMBERED = 100
"""How many kinds of long transactions are remembered."""


@dataclass(frozen=True, slots=True)
class InTheWay:
    """One transaction in our way, whatever number of locks it holds."""

    pid: int
    transaction: str
    age: float
    """Seconds since it began, or since it was first seen where the role may not know."""
    kind: str
    """Application and statement: what tells one sort of transaction from another."""
    queued: bool
    """It holds nothing that keeps us out, but waits for it: we would have to wait behind it."""


@dataclass(frozen=True, slots=True)
class WaitHistory:
    """The history of one wait. Times are time.monotonic()."""

    since: float
    first: tuple[tuple[tuple[int, str], float], ...] = ()
    """Of each transaction in the way at the last look: when it was first seen."""
    crowd: tuple[int, ...] = ()
    """How many were in the way at each of the last looks."""
    ages: tuple[float, ...] = ()
    """Ages of those that were not old, newest last."""
    distrusted: tuple[tuple[str, float], ...] = ()
    """Kinds of transactions of which one has been seen to grow old, and until when a young one is not trusted."""
    only_young_since: float | None = None
    """Since when no old transaction has been in the way; None while one is."""

    @property
    def mean_crowd(self) -> float:
        """Transactions in the way at a look, on average."""
        return fmean(self.crowd) if self.crowd else 0.0

    def distrusts(self, kind: str, now: float) -> bool:
        """Whether one of that kind was old not long ago."""
        return any(each == kind and now < until for each, until in self.distrusted)

    @property
    def usual(self) -> float:
        """Seconds that the longest of the usual transactions have been seen to take; 0 when none was seen."""
        return max(self.ages, default=0.0)


def in_the_way(seen: WaitHistory, holders: Iterable[Holder], now: float) -> tuple[InTheWay, ...]:
    """The holders as transactions, the oldest first."""
    first = dict(seen.first)
    found: dict[tuple[int, str], InTheWay] = {}
    for holder in holders:
        key = (holder.pid, holder.transaction)
        age = max(holder.age or 0.0, now - first.get(key, now))
        queued = not holder.granted and (key not in found or found[key].queued)
        kind = f"{holder.application}\0{holder.query[:80]}"
        found[key] = InTheWay(holder.pid, holder.transaction, age, kind, queued)
    return tuple(sorted(found.values(), key=lambda each: -each.age))


def look(seen: WaitHistory, present: tuple[InTheWay, ...], old_after: float, now: float) -> WaitHistory:
    """The history with one more look in it. `old_after`: seconds from which a transaction counts as old."""
    before = dict(seen.first)
    old = [each for each in present if each.age >= old_after]
    young = [each.age for each in present if each.age < old_after]
    since = now if seen.only_young_since is None else seen.only_young_since
    distrusted = {kind: until for kind, until in seen.distrusted if now < until}
    distrusted |= {each.kind: now + DISTRUST * each.age for each in reversed(old)}
    return replace(
        seen,
        first=tuple(((each.pid, each.transaction), before.get((each.pid, each.transaction), now)) for each in present),
        crowd=(*seen.crowd, len(present))[-LOOKS:],
        ages=(*seen.ages, *young)[-AGES:],
        distrusted=tuple(distrusted.items())[-REMEMBERED:],
        only_young_since=None if old else since,
    )
