"""Keeps the four panes' readings fresh, on two sessions of its own, and opens them again when they are lost."""

import asyncio
import time
from collections.abc import Callable, Collection
from dataclasses import replace
from functools import partial
from typing import Any

from zdtui.owned_tasks import Fault, OwnedTasks
from zdtui.sql.text.name import Name
from zdtui.watch.lane import Lane, Parameters
from zdtui.watch.locks import LocksProbe
from zdtui.watch.probe import Probe
from zdtui.watch.progress import ProgressProbe
from zdtui.watch.queries import QueriesProbe
from zdtui.watch.replication import ReplicationProbe
from zdtui.watch.samples import Pane, Reading, Samples
from zdtui.watch.server import ServerProbe
from zdtui.watch.weights import WeightsProbe

Relations = Callable[[], Collection[Name]]


def lanes_of_probes(relations: Relations) -> tuple[tuple[Probe[Any], ...], ...]:
    """Every probe, by the session it shares. A test finds each pane of `Pane` here, once."""
    return (
        (LocksProbe(), QueriesProbe()),
        (ReplicationProbe(), ProgressProbe(), WeightsProbe(relations), ServerProbe()),
    )


class Watcher:
    """`samples` is always the newest; `on_change` is told of each replacement, on the loop that runs `run`.

    `relations` names the relations that are to be weighed, at any moment.
    """

    def __init__(
        self,
        parameters: Parameters,
        own_pids: Callable[[], frozenset[int]],
        on_change: Callable[[Samples], None],
        interval: float = 1.0,
        relations: Relations = tuple,
        told: Callable[[Fault], object] = lambda fault: None,
    ) -> None:
        self._own_pids = own_pids
        self._on_change = on_change
        self._interval = interval
        self._samples = Samples()
        self._lanes = [
            Lane(probes, parameters, self._ours, self._took, self._failed) for probes in lanes_of_probes(relations)
        ]
        self._told = told
        self._stopped = asyncio.Event()
        self._tasks: list[OwnedTasks] = []

    @property
    def samples(self) -> Samples:
        """The newest reading of every pane."""
        return self._samples

    @property
    def pids(self) -> frozenset[int]:
        """The watching sessions' own backends."""
        return frozenset(lane.pid for lane in self._lanes if lane.pid is not None)

    def look_now(self) -> None:
        """Look at once where a lane waits to try again; call it on the loop that runs `run`."""
        for lane in self._lanes:
            lane.look_now()

    async def run(self) -> None:
        """Watch until `stop` is called or the task is cancelled. The sessions are closed then.

        A lane that fails is told of, its panes say that they cannot see, and it is begun again.
        """
        self._tasks = [OwnedTasks(partial(self._fell, lane)) for lane in self._lanes]
        for tasks, lane in zip(self._tasks, self._lanes, strict=True):
            tasks.for_ever("watcher", partial(lane.run, self._interval))
        try:
            await self._stopped.wait()
        finally:
            await self._close()

    async def stop(self) -> None:
        """Stop watching and close the sessions; returns when they are closed."""
        self._stopped.set()
        await self._close()

    async def _close(self) -> None:
        for tasks in self._tasks:
            await tasks.close()

    def _fell(self, lane: Lane, fault: Fault) -> None:
        lane.fell(f"the watching part failed ({type(fault.error).__name__}); trying again")
        self._told(fault)

    def _ours(self) -> frozenset[int]:
        return self._own_pids() | self.pids

    def _took(self, pane: Pane, sample: object) -> None:
        self._replace(pane, Reading(sample=sample, taken_at=time.monotonic()))

    def _failed(self, pane: Pane, why: str) -> None:
        before: Reading[Any] = getattr(self._samples, pane.value)
        self._replace(pane, replace(before, error=why))

    def _replace(self, pane: Pane, reading: Reading[Any]) -> None:
        changes: dict[str, Any] = {pane.value: reading}
        self._samples = replace(self._samples, **changes)
        self._on_change(self._samples)
