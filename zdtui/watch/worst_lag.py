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
        if each.state in BEHIND and (worst is None or _lag(each) > _lag(worst)):
            worst = each
    return (None, None) if worst is None else (_lag(worst), worst.name)


def _lag(standby: Standby) -> timedelta:
    return timedelta(0) if isinstance(standby.replay_lag, Unseen) else standby.replay_lag or timedelta(0)
