"""Guards: limits on figures that the panes show. Over one, the run is paused and a person decides. Pure."""

from dataclasses import dataclass
from datetime import timedelta

from zdtui.plan.model import Guards
from zdtui.plan.quantities import format_duration
from zdtui.watch.samples import Pane, Samples

BLIND_AFTER = 10.0
"""Seconds without a fresh reading after which a guard can no longer be trusted to see."""


@dataclass(frozen=True, slots=True)
class Breach:
    """A figure over its limit."""

    guard: str
    pane: Pane
    value: str
    limit: str

    def __str__(self) -> str:
        return f"{self.guard} {self.value} is over {self.limit} (pane {self.pane})"


def breaches(guards: Guards, samples: Samples) -> tuple[Breach, ...]:
    """Every guard that is over its limit in these samples, in the order the plan lists them."""
    found = (_replication_lag(guards, samples), _blocked(guards, samples), _oldest_transaction(guards, samples))
    return tuple(breach for breach in found if breach is not None)


def blind(guards: Guards, samples: Samples, now: float) -> Breach | None:
    """The guard that has had no fresh figure for BLIND_AFTER seconds, if any. `now` is time.monotonic().

    A figure that was never seen does not count: the preflight board says so instead.
    """
    watched = (
        ("replication lag", guards.replication_lag, Pane.REPLICATION, samples.replication.age(now)),
        ("sessions blocked by us", guards.blocked_sessions, Pane.LOCKS, samples.locks.age(now)),
        ("oldest transaction", guards.oldest_transaction, Pane.QUERIES, samples.queries.age(now)),
    )
    for name, limit, pane, age in watched:
        if limit is not None and age is not None and age > BLIND_AFTER:
            return Breach(f"no figure for {name} since", pane, f"{age:.0f} s", f"{BLIND_AFTER:.0f} s")
    return None


def _replication_lag(guards: Guards, samples: Samples) -> Breach | None:
    sample = samples.replication.sample
    if guards.replication_lag is None or sample is None or sample.worst_lag is None:
        return None
    if sample.worst_lag <= guards.replication_lag:
        return None
    name = f"replay lag of {sample.worst_standby}" if sample.worst_standby else "replay lag"
    return Breach(name, Pane.REPLICATION, _seconds(sample.worst_lag), format_duration(guards.replication_lag))


def _blocked(guards: Guards, samples: Samples) -> Breach | None:
    sample = samples.locks.sample
    if guards.blocked_sessions is None or sample is None or sample.waiting_behind_us <= guards.blocked_sessions:
        return None
    return Breach("sessions blocked by us", Pane.LOCKS, str(sample.waiting_behind_us), str(guards.blocked_sessions))


def _oldest_transaction(guards: Guards, samples: Samples) -> Breach | None:
    sample = samples.queries.sample
    if guards.oldest_transaction is None or sample is None or sample.oldest_transaction <= guards.oldest_transaction:
        return None
    return Breach(
        "oldest transaction",
        Pane.QUERIES,
        _seconds(sample.oldest_transaction),
        format_duration(guards.oldest_transaction),
    )


def _seconds(duration: timedelta) -> str:
    return f"{duration.total_seconds():.1f} s"
