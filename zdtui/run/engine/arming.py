"""Waits for the quiet moment of a step that is armed. It starts nothing: it says that the moment is there.

Nothing of it survives this process: the state of the run forgets what was armed when a console joins or leaves, or
loses its session, and this looks only while the state says that something is.
"""

import asyncio
import contextlib
from dataclasses import dataclass
from datetime import UTC, datetime

import psycopg

from zdtui.errors import ZdtuiError
from zdtui.postgres.table_locks.holders import find_holders
from zdtui.run.decisions.decision import ArmExpired, QuietMoment
from zdtui.run.engine.state import EngineState
from zdtui.run.figures.sight import REPLICATION_LAG, replication_lag
from zdtui.run.locks.quiet_check import Readings, not_quiet
from zdtui.run.model.state import Armed
from zdtui.watch.unseen import Unseen

LOOK_EVERY = 0.2
"""Seconds between two looks while a step is armed."""


@dataclass
class Arming:
    """Sets the state's `not_quiet`."""

    state: EngineState

    async def watch(self) -> None:
        """For as long as the conductor lives."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            armed = self.state.recorder.state.armed
            if armed is None or not self.state.is_conductor or not self.state.is_connected:
                self._say("")
            elif self.state.working is None:
                with contextlib.suppress(psycopg.Error, ZdtuiError):
                    await self._look(armed)

    async def _look(self, armed: Armed) -> None:
        if datetime.now(UTC) >= armed.until:
            self.state.submit(ArmExpired(armed.step))
            return
        why = not_quiet(await self._readings(armed), self.state.plan.guards)
        self._say(why)
        if not why:
            self.state.submit(QuietMoment(armed.step))

    async def _readings(self, armed: Armed) -> Readings:
        # The table of locks: loaded with the first step that is armed, not before the first frame.
        from zdtui.run.locks.lock_set import lock_set

        state = self.state
        sessions, action = state.open_sessions, state.plan.step(armed.step).action
        targets = await lock_set(sessions.working, action.statements)
        holders = await find_holders(sessions.watchdog, targets, sorted(state.own_pids)) if targets else ()
        sight = state.sight()
        trouble = [str(each) for each in (*state.breached_guards, *state.unseen_guards)]
        lag = replication_lag(state.samples(), sight)
        if isinstance(lag, Unseen) and sight.is_accepted(REPLICATION_LAG, lag):
            lag = None
        return Readings(holders, lag, trouble[0] if trouble else "")

    def _say(self, why: str) -> None:
        if why != self.state.not_quiet:
            self.state.not_quiet = why
            self.state.changed()
