"""A time that passes while a step is under way, counted from the journal: a person or a lost link ends it early."""

from datetime import UTC, datetime

from zdtui.run.execute.work import Work
from zdtui.run.model.activity import Doing
from zdtui.run.model.outcome import LinkLost, Outcome

SOAK_LOOK = 1.0
"""Seconds between two looks at the clock while soaking."""


async def soak_until(work: Work, until: datetime) -> Outcome | None:
    """Wait until that moment. None when it has come; else how the waiting ended."""
    work.show(Doing.SOAKING, soak_until=until)
    while (left := (until - datetime.now(UTC)).total_seconds()) > 0:
        if await work.control.sleep(min(left, SOAK_LOOK)):
            held = work.stopped()
            assert held is not None
            return held
        if work.connection.closed:
            return LinkLost("the working session is gone")
    return None
