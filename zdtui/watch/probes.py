"""The list of what is watched: for each `Pane` its probe, its place in `Samples`, and the session that asks.

A member of `Pane` without an arm here, an arm without a field of `Samples`, and a probe whose sample is not that
field's are all type errors.
"""

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Generic, Protocol, TypeVar, assert_never

from zdtui.sql.text.name import Name
from zdtui.watch.locks import LocksProbe
from zdtui.watch.probe import Asked, Probe
from zdtui.watch.progress import ProgressProbe
from zdtui.watch.queries import QueriesProbe
from zdtui.watch.replication import ReplicationProbe
from zdtui.watch.samples import Pane, Reading, Sample, Samples
from zdtui.watch.server import ServerProbe
from zdtui.watch.weights import WeightsProbe

Relations = Callable[[], Collection[Name]]
"""Names the relations that are to be weighed, at any moment."""
Change = Callable[[Samples], Samples]
"""What a look, or a look that failed, makes of the samples before it."""
S = TypeVar("S", bound=Sample)


class Session(StrEnum):
    """The two sessions that watch: one that is slow does not keep the other's probes waiting."""

    BLOCKING = "blocking"
    """Who blocks whom and who works: what a guard may have to stop us for."""
    SERVER = "server"
    """Everything else."""


class Watched(Protocol):
    """One reading of `Samples` that is kept fresh."""

    @property
    def session(self) -> Session:
        """Which session asks."""
        ...

    async def look(self, asked: Asked) -> Change:
        """Take a sample. Raises what the connection raises."""
        ...

    def failed(self, why: str) -> Change:
        """It cannot be seen now; what was seen before stays, and ages."""
        ...


@dataclass(frozen=True, slots=True)
class ProbedReading(Generic[S]):
    """A probe and the reading it fills."""

    probe: Probe[S]
    session: Session
    of: Callable[[Samples], Reading[S]]
    put: Callable[[Samples, Reading[S]], Samples]

    async def look(self, asked: Asked) -> Change:
        """See `Watched`."""
        reading = Reading(await self.probe.take(asked), time.monotonic())
        return lambda samples: self.put(samples, reading)

    def failed(self, why: str) -> Change:
        """See `Watched`."""
        return lambda samples: self.put(samples, replace(self.of(samples), error=why))


def watched(pane: Pane, relations: Relations = tuple) -> Watched:
    """How that is watched, by a probe of its own."""
    match pane:
        case Pane.LOCKS:
            return ProbedReading(
                LocksProbe(), Session.BLOCKING, lambda all_: all_.locks, lambda all_, new: replace(all_, locks=new)
            )
        case Pane.QUERIES:
            return ProbedReading(
                QueriesProbe(),
                Session.BLOCKING,
                lambda all_: all_.queries,
                lambda all_, new: replace(all_, queries=new),
            )
        case Pane.REPLICATION:
            return ProbedReading(
                ReplicationProbe(),
                Session.SERVER,
                lambda all_: all_.replication,
                lambda all_, new: replace(all_, replication=new),
            )
        case Pane.PROGRESS:
            return ProbedReading(
                ProgressProbe(),
                Session.SERVER,
                lambda all_: all_.progress,
                lambda all_, new: replace(all_, progress=new),
            )
        case Pane.WEIGHTS:
            return ProbedReading(
                WeightsProbe(relations),
                Session.SERVER,
                lambda all_: all_.weights,
                lambda all_, new: replace(all_, weights=new),
            )
        case Pane.SERVER:
            return ProbedReading(
                ServerProbe(), Session.SERVER, lambda all_: all_.server, lambda all_, new: replace(all_, server=new)
            )
        case _:
            assert_never(pane)
