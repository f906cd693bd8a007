"""How long a backfill rests before its next batch, and why. Pure: figures come in, a rest comes out."""

from dataclasses import dataclass
from datetime import timedelta

from zdtui.run.commands import Effort

REST_PER_WORK = {Effort.GENTLE: 1.0, Effort.NORMAL: 0.1, Effort.FULL: 0.0}
"""Seconds of rest for each second of work."""
RECOVERY = 0.8
"""A throttle lets go when the figure is under this share of its limit, so that it does not flutter."""
LOOK_AGAIN = 0.5
"""Seconds until a throttled backfill looks at the figures again."""


@dataclass(frozen=True, slots=True)
class Rest:
    """Rest this many seconds. A reason is given when a limit, not the dial, asks for it."""

    seconds: float
    reason: str = ""
    slowed: str = ""
    """The signal that holds the speed down, while work goes on."""

    @property
    def throttled(self) -> bool:
        """Whether a limit is over, rather than the dial being gentle."""
        return bool(self.reason)


def rest(
    effort: Effort, worked: float, lag: timedelta | None, limit: timedelta | None, was_throttled: bool = False
) -> Rest:
    """The rest after a batch of `worked` seconds, given the worst replay lag and the plan's limit on it."""
    if lag is not None and limit is not None:
        bound = limit * RECOVERY if was_throttled else limit
        if lag > bound:
            return Rest(LOOK_AGAIN, f"replay lag {lag.total_seconds():.1f} s is over {limit.total_seconds():g} s")
    return Rest(worked * REST_PER_WORK[effort])
