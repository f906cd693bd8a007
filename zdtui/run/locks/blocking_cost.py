"""What we cost others: how many sessions waited behind us, and how long in all. Pure: looks go in, a bill comes out."""

from collections.abc import Sequence
from dataclasses import dataclass

from zdtui.postgres.table_locks.lock_facts import Victim

NOTICED = 0.05
"""Seconds a session has to have waited behind us before it counts against the guard. Shorter waits are counted and
shown, but are no longer than those for a row or a flush of the log, and the ceiling of the queue bounds them."""


@dataclass(frozen=True, slots=True)
class BlockingCost:
    """The bill so far."""

    victims: int = 0
    """Waits of other sessions behind us; one that waited twice counts twice."""
    seconds: float = 0.0
    """What they lost together."""
    longest: float = 0.0
    """Seconds of the longest of these waits."""
    present: tuple[Victim, ...] = ()
    """Those who wait now."""

    def noticed(self) -> int:
        """Sessions that have waited long enough by now to count against the guard."""
        return sum(victim.waited >= NOTICED for victim in self.present)

    def since(self, before: "BlockingCost") -> "BlockingCost":
        """The part of the bill that came after `before`."""
        return BlockingCost(self.victims - before.victims, self.seconds - before.seconds, self.longest, self.present)


def add(blocking_cost: BlockingCost, present: Sequence[Victim]) -> BlockingCost:
    """The bill after one more look. A shorter wait than before is a new one."""
    before = {victim.pid: victim.waited for victim in blocking_cost.present}
    new = sum(victim.waited < before.get(victim.pid, float("inf")) for victim in present)
    lost = sum(
        victim.waited - before[victim.pid] if victim.waited >= before.get(victim.pid, float("inf")) else victim.waited
        for victim in present
    )
    longest = max((victim.waited for victim in present), default=0.0)
    return BlockingCost(
        blocking_cost.victims + new, blocking_cost.seconds + lost, max(blocking_cost.longest, longest), tuple(present)
    )
