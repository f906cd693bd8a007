"""The worst of several lags: one that cannot be seen is worse than any that can. Pure."""

from collections.abc import Iterable
from datetime import timedelta

from zdtui.watch.samples import Standby, Unseen

BEHIND = frozenset({"streaming", "catchup"})
HIDDEN = Unseen("hidden from this role (grant pg_monitor)")


def worst_of(standbys: Iterable[Standby]) -> tuple[timedelta | Unseen | None, str | None]:
    """The largest lag of those that stream or catch up, and whose it is; None when none does."""
    worst: Standby | None = None
    for each in standbys:
        if each.hidden or isinstance(each.replay_lag, Unseen):
            return each.replay_lag if isinstance(each.replay_lag, Unseen) else HIDDEN, each.name
        if each.state in BEHIND and (worst is None or _seen(each) > _seen(worst)):
            worst = each
    return (None, None) if worst is None else (_seen(worst), worst.name)


def lag_of(standby: Standby, measured: timedelta | Unseen | None) -> timedelta | Unseen | None:
    """One of its lags as it is shown and judged everywhere: 0 where it streams and the server measures none.

    pg_stat_replication says null of a standby that has caught up and has nothing to do. None: it does not stream.
    """
    return timedelta(0) if measured is None and standby.state in BEHIND else measured


def _seen(standby: Standby) -> timedelta:
    lag = lag_of(standby, standby.replay_lag)
    return timedelta(0) if isinstance(lag, Unseen) or lag is None else lag
