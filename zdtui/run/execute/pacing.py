"""Rests between two batches: as long, over time, as they are meant to be."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from zdtui.run.execute.work import Work
from zdtui.run.model.activity import Doing
from zdtui.run.model.outcome import Held

SHORTEST = 0.002
"""Seconds. A sleep takes up to a millisecond longer than it was asked for (epoll_wait(2) counts in them), which is
much of a short one."""
MOST_CREDIT = 0.02
"""Seconds of a rest that was too long which count for the next ones; more than that a busy machine took, not we."""


@dataclass
class Resting:
    """The rests of one session. Short ones are owed and taken together, and one too long counts for the next."""

    clock: Callable[[], float] = time.monotonic
    owed: float = 0.0
    """Seconds; below zero: rested beforehand."""

    async def after(self, work: Work, worked: float, batch_pause: timedelta) -> Held | None:
        """Rest as dial, plan and throttle ask after so many seconds of work; Held when somebody asks to stop."""
        while (pause := work.rest(worked)).throttled:
            work.show(Doing.THROTTLED, reason=pause.reason)
            sleep = work.control.sleep_until_figures if pause.until_seen else work.control.sleep
            if await sleep(pause.seconds):
                return work.stopped()
        self.owed += pause.seconds + batch_pause.total_seconds()
        if self.owed >= SHORTEST:
            began = self.clock()
            await work.control.sleep(self.owed)
            self.owed = max(-MOST_CREDIT, self.owed - (self.clock() - began))
        return work.stopped()
