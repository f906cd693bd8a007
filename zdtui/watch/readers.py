"""Readers of a managed service that pg_stat_replication does not show: Aurora's, by the service's own functions."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from zdtui.watch.probe import Asked, Rows
from zdtui.watch.samples import ReplicationSample, Standby, Unseen
from zdtui.watch.worst_lag import worst_of

LOOK_AGAIN = 60.0
"""Seconds between two looks which of the functions are there: a server does not become another while it runs."""
OWN, GLOBAL = "aurora_replica_status", "aurora_global_db_instance_status"
QUESTIONS = {OWN: "aurora_readers", GLOBAL: "aurora_global_readers"}
NOT_TOLD = Unseen("Aurora does not tell the lag of this reader")
NOT_THERE = Unseen("this is Aurora, and aurora_replica_status() is not there: nobody tells how its readers do")


@dataclass
class Readers:
    """Adds them to a sample; asks nothing where the server has no such functions."""

    functions: Mapping[str, str] | Unseen | None = None
    """The schema of each; None before the first look."""
    looked_at: float = 0.0

    async def added(self, asked: Asked, sample: ReplicationSample) -> ReplicationSample:
        """The sample with the service's own readers among the standbys, and the worst lag of all of them."""
        if self.functions is None or asked.now - self.looked_at >= LOOK_AGAIN:
            found = await asked.attempt("lag_functions")
            self.functions = found if isinstance(found, Unseen) else {row["name"]: row["schema"] for row in found[::-1]}
            self.looked_at = asked.now
        if isinstance(self.functions, Unseen) or not self.functions:
            return sample
        own = await _ask(asked, OWN, self.functions.get(OWN), NOT_THERE)
        return with_readers(sample, own, await _ask(asked, GLOBAL, self.functions.get(GLOBAL), ()))


async def _ask(asked: Asked, function: str, schema: str | None, otherwise: Rows | Unseen) -> Rows | Unseen:
    return otherwise if schema is None else await asked.attempt(f"{QUESTIONS[function]}@{schema}")


def with_readers(sample: ReplicationSample, own: Rows | Unseen, everywhere: Rows | Unseen) -> ReplicationSample:
    """Aurora's readers, each with the longer of the lags that are told of it. Pure.

    A cluster that is no global database refuses the second question; what the first one says is then all there is.
    """
    if isinstance(own, Unseen):
        return replace(sample, standbys=own, worst_lag=own, worst_standby=None, source=f"{OWN}()")
    rows = [*own, *(() if isinstance(everywhere, Unseen) else everywhere)]
    lags: dict[str, timedelta | Unseen] = {}
    for row in rows:
        if row["writer"]:
            continue
        lag = NOT_TOLD if row["lag"] is None else timedelta(seconds=max(0.0, row["lag"]))
        before = lags.get(row["name"])
        lags[row["name"]] = lag if before is None or isinstance(before, Unseen) else _longer(before, lag)
    readers = tuple(_reader(name, lag) for name, lag in lags.items())
    beside = () if isinstance(sample.standbys, Unseen) else sample.standbys
    worst, name = worst_of((*beside, *readers))
    return replace(sample, standbys=(*beside, *readers), worst_lag=worst, worst_standby=name, source=f"{OWN}()")


def _longer(before: timedelta, lag: timedelta | Unseen) -> timedelta:
    return before if isinstance(lag, Unseen) else max(before, lag)


def _reader(name: str, lag: timedelta | Unseen) -> Standby:
    """It shares the writer's storage: there is a lag in time, and no WAL of its own to count."""
    history = () if isinstance(lag, Unseen) else (lag.total_seconds(),)
    return Standby(name, "aurora", "streaming", "shared storage", None, None, lag, None, history=history)
