"""When a fault strikes: after so long, after so many more batches, or with an event of the journal."""

import random
import time
from dataclasses import dataclass

from benchmarks.campaign.world import World

KINDS_OF_EVENTS = (
    "step started",
    "statement sent",
    "statement finished",
    "step applied",
    "step succeeded",
    "notice",
    "batches done",
    "step held",
    "console joined",
    "connection restored",
)
PATIENCE = 3.0
"""Seconds after which it strikes anyway."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Drawn before the run, from its seed."""

    by: str
    amount: float
    event: str = ""

    @classmethod
    def drawn(cls, chance: random.Random) -> "Moment":
        """One of the three ways."""
        by = chance.choice(["time", "batch", "event"])
        if by == "time":
            return cls(by, chance.uniform(0.0, 0.8))
        if by == "batch":
            return cls(by, float(chance.randrange(1, 20)))
        return cls(by, chance.choice([0.0, 0.0, 0.01, 0.05]), chance.choice(KINDS_OF_EVENTS))

    def __str__(self) -> str:
        unit = {"time": "s", "batch": "batches", "event": f"s after `{self.event}`"}[self.by]
        return f"{self.amount:.2f} {unit}"

    def wait(self, world: World) -> None:
        """Until it has come, or the run is finished."""
        if self.by == "time":
            world.until(lambda: world.finished, self.amount)
            return
        before = _places(world)
        if self.by == "batch":
            world.until(lambda: world.finished or _batches(world, before) >= self.amount, PATIENCE)
            return
        world.until(lambda: world.finished or _heard(world, self.event, before), PATIENCE)
        time.sleep(self.amount)


def _places(world: World) -> dict[str, int]:
    """How much each console has said."""
    return {each.name: len(each.shown) for each in world.consoles}


def _batches(world: World, before: dict[str, int]) -> int:
    """The most batches that one console has told of since."""
    most = 0
    for console in world.consoles:
        said = [each.what.get("batches", 0) for each in console.shown[max(0, before.get(console.name, 0) - 1) :]]
        most = max(most, max(said, default=0) - min(said, default=0))
    return most


def _heard(world: World, event: str, before: dict[str, int]) -> bool:
    return any(
        each.what.get("kind") == event
        for console in world.consoles
        for each in console.shown[before.get(console.name, 0) :]
    )
