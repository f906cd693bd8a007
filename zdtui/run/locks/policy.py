"""How locks are taken on relations that are in use: by waiting for a gap, and where there is none, by a short queue.

A request that queues stops everybody who comes after it, for as long as the oldest holder takes. One that waits outside
the queue costs nobody anything. So a gap is waited for first; only where short transactions overlap without end, so
that no gap will come, is the queue used, for as long as the holders present need by their own age and history, and
never longer than the ceiling.
"""

from dataclasses import dataclass

from zdtui.amounts import age
from zdtui.counted import counted
from zdtui.run.locks.holder_history import InTheWay, WaitHistory

GLANCE = 0.03
"""Seconds of one wait outside the queue while it is still to be learned whether there are gaps."""
WATCH = 0.2
"""Seconds of one wait outside the queue when an old transaction is in the way; the screen is renewed in between."""
CROWDED = 3.0
"""Transactions in the way on average from which on a gap is not to be expected: were they independent of one another,
nobody would be there at one moment in twenty (e to the power of -3)."""
ENOUGH_TO_KNOW = 9
"""Transactions seen in the way, over all looks together, before it is called crowded: sixteen at one look are enough,
three at a time have to be seen three times."""
GAP_PATIENCE = 1.0
"""Seconds without a gap, only young ones in the way, after which none is expected although it is not crowded."""
MARGIN = 1.5
"""What the holders need is guessed; so much more is granted, and as much again each time it was too short."""
SHORTEST_QUEUE = 0.02
"""Seconds: less would be lost to the way to the server and back."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What the plan and the operator set. Times in seconds."""

    ceiling: float
    """The longest time in the queue. 0: never queue."""
    patience: float
    """How long a gap is waited for in all before a person is asked."""
    tries: int
    """How often the queue is tried."""


@dataclass(frozen=True, slots=True)
class WaitOutsideQueue:
    """Wait outside the queue, at most so long, and take the locks at the first moment nobody is in the way."""

    seconds: float
    why: str = ""


@dataclass(frozen=True, slots=True)
class WaitInQueue:
    """Wait in the queue, at most so long."""

    seconds: float


@dataclass(frozen=True, slots=True)
class GiveUp:
    """Ask a person."""

    why: str


Move = WaitOutsideQueue | WaitInQueue | GiveUp


def old_after(seen: WaitHistory, ceiling: float) -> float:
    """Seconds from which a transaction is old: it has lived longer than we may queue, or far longer than the usual.

    How long something that has already lived so long will go on is best guessed by its age.
    """
    ages = sorted(seen.ages)
    if len(ages) < ENOUGH_TO_KNOW:
        return max(ceiling, SHORTEST_QUEUE)
    upper_quartile = ages[len(ages) * 3 // 4]
    return max(SHORTEST_QUEUE, min(ceiling, 4 * upper_quartile))


def next_move(
    seen: WaitHistory, present: tuple[InTheWay, ...], terms: Terms, queued: int, not_before: float, now: float
) -> Move:
    """What to do next, `present` being in the way at this moment, oldest first.

    `queued`: how often the queue was tried. `not_before`: the queue rests until then. Both clocks are time.monotonic().
    """
    if now - seen.since >= terms.patience:
        return GiveUp(f"no gap in {age(now - seen.since)}")
    if not present:
        return WaitOutsideQueue(GLANCE)
    if queued >= terms.tries:
        return GiveUp(f"let go of the queue {counted(queued, 'time')}")
    if why := why_not_queue(seen, present, terms, now):
        return WaitOutsideQueue(min(WATCH, terms.patience - (now - seen.since)), why)
    if now < not_before:
        return WaitOutsideQueue(min(WATCH, not_before - now), "resting before the next try")
    if seen.mean_crowd < CROWDED or sum(seen.crowd) < ENOUGH_TO_KNOW:
        young_for = now - (now if seen.only_young_since is None else seen.only_young_since)
        if young_for < GAP_PATIENCE:
            return WaitOutsideQueue(GLANCE, "waiting for a gap")
    return WaitInQueue(queue_for(seen, present, terms.ceiling, queued))


def why_not_queue(seen: WaitHistory, present: tuple[InTheWay, ...], terms: Terms, now: float) -> str:
    """Why queueing would be long now: an old holder, one of a sort that grows old, or a queue that is already there."""
    if terms.ceiling <= 0:
        return "the ceiling is 0: never in the queue"
    bound = old_after(seen, terms.ceiling)
    if any(each.age >= bound for each in present):
        return "an old transaction is in the way"
    if any(seen.distrusts(each.kind, now) for each in present):
        return "a transaction of a sort that grows old is in the way"
    if any(each.queued for each in present):
        return "others wait for it already"
    return ""


def queue_for(seen: WaitHistory, present: tuple[InTheWay, ...], ceiling: float, queued: int = 0) -> float:
    """Seconds that those who are there still need, going by how old their like has been seen to grow.

    `queued`: how often the queue was left without the lock, each time for too short a wait.
    """
    usual = max(seen.usual, *(each.age for each in present))
    needed = max(usual - min(each.age for each in present), usual / 2)
    return min(ceiling, max(SHORTEST_QUEUE, MARGIN ** (1 + queued) * needed))
