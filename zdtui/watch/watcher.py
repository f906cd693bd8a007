"""Keeps every reading of `Samples` fresh, on two sessions of its own, and opens them again when they are lost."""

import asyncio
from collections.abc import Callable
from functools import partial

from zdtui.owned_tasks import Fault, OwnedTasks
from zdtui.watch.probe_session import Parameters, ProbeSession
from zdtui.watch.probes import Change, Relations, Session, watched
from zdtui.watch.samples import Pane, Samples


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
        probes = [watched(pane, relations) for pane in Pane]
        self._sessions = [
            ProbeSession([each for each in probes if each.session is session], parameters, self._ours, self._changed)
            for session in Session
        ]
        self._told = told
        self._stopped = asyncio.Event()
        self._tasks: list[OwnedTasks] = []

    @property
    def samples(self) -> Samples:
        """The newest of every reading."""
        return self._samples

    @property
    def pids(self) -> frozenset[int]:
        """The watching sessions' own backends."""
        return frozenset(session.pid for session in self._sessions if session.pid is not None)

    def look_now(self) -> None:
        """Look at once where a session waits to try again; call it on the loop that runs `run`."""
        for session in self._sessions:
            session.look_now()

    async def run(self) -> None:
        """Watch until `stop` is called or the task is cancelled. The sessions are closed then.

        A session whose task fails is told of, its panes say that they cannot see, and it is begun again.
        """
        self._tasks = [OwnedTasks(partial(self._fell, session)) for session in self._sessions]
        for tasks, session in zip(self._tasks, self._sessions, strict=True):
            tasks.for_ever("watcher", partial(session.run, self._interval))
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

    def _fell(self, session: ProbeSession, fault: Fault) -> None:
        session.fell(f"the watching part failed ({type(fault.error).__name__}); trying again")
        self._told(fault)

    def _ours(self) -> frozenset[int]:
        return self._own_pids() | self.pids

    def _changed(self, change: Change) -> None:
        self._samples = change(self._samples)
        self._on_change(self._samples)
