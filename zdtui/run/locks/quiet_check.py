"""Whether this is a quiet moment to take a strong lock, and if not, why. Pure: readings in, one sentence out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from zdtui.amounts import age
from zdtui.plan.model import Guards
from zdtui.postgres.table_locks.lock_facts import Holder
from zdtui.watch.unseen import Unseen

YOUNG = 1.0
"""Seconds: a transaction in the way that is older is waited for, a younger one is left to the taking of the lock."""
LOW_LAG = timedelta(seconds=1)
"""Replay lag above which it is not quiet, unless half of the plan's guard is less."""


@dataclass(frozen=True, slots=True)
class Readings:
    """What is looked at."""

    holders: Sequence[Holder]
    """Who holds, or waits for, what conflicts with the locks of the step; the oldest transaction first."""
    worst_lag: timedelta | Unseen | None
    """Replay lag of the worst standby; None when there is none, or nothing to replay."""
    trouble: str = ""
    """A guard that is over its limit, or a figure that is not seen any more."""


def not_quiet(readings: Readings, guards: Guards) -> str:
    """Why the moment is not quiet; empty when it is."""
    if readings.trouble:
        return readings.trouble
    limit = LOW_LAG if guards.replication_lag is None else min(LOW_LAG, guards.replication_lag / 2)
    if isinstance(readings.worst_lag, Unseen):
        if guards.replication_lag is not None:
            return f"replay lag cannot be seen: {readings.worst_lag}"
    elif readings.worst_lag is not None and readings.worst_lag > limit:
        return f"replay lag is {age(readings.worst_lag)}"
    for holder in readings.holders:
        if holder.backend_type == "autovacuum worker":
            return f"autovacuum works on {holder.target.schema}.{holder.target.name}"
        if not holder.granted:
            return f"{holder} waits for {holder.target.schema}.{holder.target.name}"
        if holder.age is None or holder.age > YOUNG:
            return f"{holder} holds {holder.mode} on {holder.target.schema}.{holder.target.name}"
    return ""
