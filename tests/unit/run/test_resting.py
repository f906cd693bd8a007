"""Rests between batches come to what was asked for, however short each of them is."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from typing import cast

import pytest

from zdtui.run.execute.control import Control, Stop
from zdtui.run.execute.pacing import MOST_CREDIT, SHORTEST, Resting
from zdtui.run.execute.work import Work
from zdtui.run.model.activity import Doing
from zdtui.run.model.events import HoldKind
from zdtui.run.model.outcome import Held
from zdtui.run.throttle.rest import Rest

NONE = timedelta(0)


@dataclass
class Asked:
    """What Resting asks of the work: how long to rest, and whether to stop."""

    rests: list[Rest]
    control: Control = field(default_factory=Control)
    shown: list[str] = field(default_factory=list)

    def rest(self, worked: float) -> Rest:
        return self.rests.pop(0) if len(self.rests) > 1 else self.rests[0]

    def show(self, _doing: Doing, reason: str) -> None:
        self.shown.append(reason)

    def stopped(self) -> Held | None:
        stop = self.control.stop
        return None if stop is None else Held(stop.why, stop.detail)


class Late:
    """A clock, and a control whose sleeps take so many seconds longer than they were asked for."""

    def __init__(self, late: float) -> None:
        self.now, self.late = 0.0, late
        self.asked: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> bool:
        self.asked.append(seconds)
        self.now += seconds + self.late
        return False


def resting_late(rest: Rest, late: float) -> tuple[Resting, Asked, Late]:
    clock, work = Late(late), Asked([rest])
    setattr(work.control, "sleep", clock.sleep)  # noqa: B010 (a method is replaced on purpose)
    return Resting(clock=clock), work, clock


async def test_many_short_rests_come_to_what_they_were_asked_for() -> None:
    resting, work, clock = resting_late(Rest(0.0005), late=0.001)
    for _ in range(400):
        await resting.after(cast(Work, work), 0.001, NONE)
    assert clock.now == pytest.approx(0.2, abs=0.004)
    assert min(clock.asked) >= SHORTEST


async def test_a_rest_that_was_too_long_counts_for_the_next_but_not_without_end() -> None:
    resting, work, _ = resting_late(Rest(0.005), late=0.1)
    await resting.after(cast(Work, work), 0.01, NONE)
    assert resting.owed == -MOST_CREDIT


async def test_the_plans_pause_is_rested_too() -> None:
    resting, work, clock = resting_late(Rest(0.01), late=0.0)
    await resting.after(cast(Work, work), 0.01, timedelta(milliseconds=20))
    assert clock.asked == [pytest.approx(0.03)]


async def test_while_a_limit_stops_it_the_reason_is_shown_and_the_figures_are_looked_at_again() -> None:
    work = Asked([Rest(0.001, "lag 9 s"), Rest(0.001, "lag 8 s"), Rest(0.0)])
    assert await Resting().after(cast(Work, work), 0.01, NONE) is None
    assert work.shown == ["lag 9 s", "lag 8 s"]


@pytest.mark.parametrize("rest", [Rest(0.0), Rest(0.0001), Rest(500.0), Rest(500.0, "lag")])
async def test_a_stop_ends_any_rest(rest: Rest) -> None:
    work = Asked([rest])
    work.control.ask(Stop(HoldKind.PAUSED, "tester"))
    async with asyncio.timeout(10):
        assert await Resting().after(cast(Work, work), 0.01, NONE) == Held(HoldKind.PAUSED, "tester")
