"""Brings up to date, each second, what a person has opened; asks nothing while nothing is open.

On the watchdog's session, whose questions the server ends after two seconds: it looks at locks, too.
"""

import asyncio
import contextlib
import time
from dataclasses import dataclass, replace

import psycopg

from zdtui.postgres.sessions.error_text import sentence
from zdtui.postgres.sessions.link import within
from zdtui.run.engine.state import EngineState
from zdtui.watch.details import Details, Looked
from zdtui.watch.read_details import read_details

EVERY = 1.0
"""Seconds between two looks."""
ANSWER_TIMEOUT = 5.0
"""Seconds for one look: after that the link of the session is cut, and another takes its place."""


@dataclass
class Detailing:
    """Keeps `EngineState.looked` fresh."""

    state: EngineState

    async def watch(self) -> None:
        """For ever."""
        state = self.state
        while True:
            if state.looked is None:
                await state.look_changed.wait()
            state.look_changed.clear()
            if state.looked is not None:
                await self._look(state.looked)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(EVERY):
                    await state.look_changed.wait()

    async def _look(self, looked: Looked) -> None:
        found = await self._asked(looked)
        if isinstance(found, str):
            self.state.looked_now(replace(looked, error=found))
        else:
            self.state.looked_now(Looked(looked.subject, found, time.monotonic()))

    async def _asked(self, looked: Looked) -> Details | str:
        """What the server says, or why there is no answer."""
        state = self.state
        if state.sessions is None or not state.is_connected:
            return f"no connection: {state.connection_detail}"
        session = state.sessions.watchdog
        try:
            return await within(session, read_details(session, looked.subject, state.own_pids), ANSWER_TIMEOUT)
        except psycopg.errors.QueryCanceled:
            return "the server took longer than 2 s to answer"
        except (psycopg.Error, TimeoutError) as error:
            return sentence(error) if isinstance(error, psycopg.Error) else str(error)
