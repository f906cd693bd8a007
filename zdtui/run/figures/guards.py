"""Guards: limits on figures that the panes show. Over one, or without its figure, a person decides. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from zdtui import amounts
from zdtui.plan.model import Guards
from zdtui.run.figures.sight import BLIND_AFTER as BLIND_AFTER
from zdtui.run.figures.sight import REPLICATION_LAG, Sight, fresh, replication_lag
from zdtui.watch.samples import Pane, Samples, Unseen


@dataclass(frozen=True, slots=True)
class Breach:
    """A figure over its limit, or one that cannot be seen and may therefore be over it."""

    guard: str
    pane: Pane
    value: str
    limit: str
    figure: str = ""
    """What the operator may accept not to see, by the plan's name for it; empty for a figure that is seen."""

    def __str__(self) -> str:
        if self.figure:
            return f"{self.guard} {self.value} (pane {self.pane})"
        return f"{self.guard} {self.value} is over {self.limit} (pane {self.pane})"


@dataclass(frozen=True, slots=True)
class Blind:
    """A figure with a limit that cannot be seen, and that nobody accepted to be without."""

    figure: str
    """By the plan's name for it: 'replication_lag'."""
    name: str
    """For people: 'replication lag'."""
    pane: Pane
    limit: str
    unseen: Unseen
    stops: bool = True
    """It is a guard's: nothing runs without it. Else only the throttle's, which rests."""

    def __str__(self) -> str:
        return f"{self.name} cannot be seen: {self.unseen.why}"


def breaches(guards: Guards, samples: Samples) -> tuple[Breach, ...]:
    """Every guard whose figure is over its limit in these samples, in the order the plan lists them."""
    found = (_replication_lag(guards, samples), _blocked(guards, samples), _oldest_transaction(guards, samples))
    return tuple(breach for breach in found if breach is not None)


def blind(guards: Guards, samples: Samples, sight: Sight) -> tuple[Blind, ...]:
    """Every guard whose figure is not to be had at this moment, but for what the operator accepted."""
    return tuple(each for each in _unseen(guards, samples, sight) if not sight.is_accepted(each.figure, each.unseen))


def unseen(guards: Guards, samples: Samples, sight: Sight) -> tuple[Breach, ...]:
    """The guards that are blind and will not see again by themselves, or had BLIND_AFTER seconds to."""
    return tuple(
        Breach(each.name, each.pane, f"cannot be seen: {each.unseen.why}", each.limit, each.figure)
        for each in blind(guards, samples, sight)
        if sight.lasts(each.unseen)
    )


def _unseen(guards: Guards, samples: Samples, sight: Sight) -> Iterator[Blind]:
    if guards.replication_lag is not None:
        lag, limit = replication_lag(samples, sight), amounts.limit(guards.replication_lag)
        if isinstance(lag, Unseen):
            yield Blind(REPLICATION_LAG, "replication lag", Pane.REPLICATION, limit, lag)
    if guards.blocked_sessions is not None:
        locks = fresh(samples.locks, sight)
        if isinstance(locks, Unseen):
            yield Blind("blocked_sessions", "sessions blocked by us", Pane.LOCKS, str(guards.blocked_sessions), locks)
    if guards.oldest_transaction is not None:
        queries = fresh(samples.queries, sight)
        oldest = queries if isinstance(queries, Unseen) else queries.oldest_transaction
        if isinstance(oldest, Unseen):
            limit = amounts.limit(guards.oldest_transaction)
            yield Blind("oldest_transaction", "oldest transaction", Pane.QUERIES, limit, oldest)


def _replication_lag(guards: Guards, samples: Samples) -> Breach | None:
    sample = samples.replication.sample
    if guards.replication_lag is None or sample is None or sample.worst_lag is None:
        return None
    if isinstance(sample.worst_lag, Unseen) or sample.worst_lag <= guards.replication_lag:
        return None
    name = f"replay lag of {sample.worst_standby}" if sample.worst_standby else "replay lag"
    return Breach(name, Pane.REPLICATION, amounts.age(sample.worst_lag), amounts.limit(guards.replication_lag))


def _blocked(guards: Guards, samples: Samples) -> Breach | None:
    sample = samples.locks.sample
    if guards.blocked_sessions is None or sample is None or sample.waiting_behind_us <= guards.blocked_sessions:
        return None
    return Breach("sessions blocked by us", Pane.LOCKS, str(sample.waiting_behind_us), str(guards.blocked_sessions))


def _oldest_transaction(guards: Guards, samples: Samples) -> Breach | None:
    sample = samples.queries.sample
    if guards.oldest_transaction is None or sample is None or isinstance(sample.oldest_transaction, Unseen):
        return None
    if sample.oldest_transaction <= guards.oldest_transaction:
        return None
    return Breach(
        "oldest transaction",
        Pane.QUERIES,
        amounts.age(sample.oldest_transaction),
        amounts.limit(guards.oldest_transaction),
    )
