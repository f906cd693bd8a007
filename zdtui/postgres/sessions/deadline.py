"""A deadline on our side for what a session asks: it is cancelled on the server, whatever the server does with its own.

A statement can wait longer than its lock_timeout: one that goes to another node, one that sets it anew.
"""

import asyncio
import contextlib
import time
from types import TracebackType

import psycopg

from zdtui.owned_tasks import Fault, OwnedTasks
from zdtui.postgres.ask import Connection
from zdtui.postgres.sessions.session import CANCEL_TIMEOUT, ask_to_cancel

AGAIN_AFTER = 0.5
"""Seconds until it is sent again: one that comes a moment too early meets nothing."""


class Deadline:
    """Around a question to the server: cancels it after `seconds`. What the cancel ends is no error: see `passed`.

    A cancel that is on its way when the answer comes is waited for: it would meet the next question.
    """

    def __init__(self, connection: Connection, seconds: float) -> None:
        self.passed = False
        """True when the deadline has come, and the question was cancelled or came too late."""
        self._connection = connection
        self._seconds = seconds
        self._faults: list[Fault] = []
        self._tasks = OwnedTasks(self._faults.append)
        self._answered = asyncio.Event()

    async def __aenter__(self) -> "Deadline":
        self._task = self._tasks.once("deadline", self._cancel_late(time.monotonic() + self._seconds))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        self._answered.set()
        if self.passed:
            await asyncio.wait([self._task], timeout=CANCEL_TIMEOUT + 1.0)
        await self._tasks.stop(self._task)
        for fault in self._faults:
            raise fault.error
        return self.passed and isinstance(error, psycopg.errors.QueryCanceled)

    async def _cancel_late(self, due: float) -> None:
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        self.passed = True
        while not self._answered.is_set():
            await ask_to_cancel(self._connection)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._answered.wait(), AGAIN_AFTER)
