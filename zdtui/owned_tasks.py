"""Every task of ours has an owner that hears of its end. The one place where a task is made.

A task that is made and forgotten takes its error with it: nobody drives any more, and nothing says so. Here an end is
either planned (the work is over, or `stop` was called) or it is a `Fault`, which the owner is told at once.
`tests/unit/test_owned_tasks.py` holds that no other file makes a task.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

Result = TypeVar("Result")

AGAIN_AFTER = 1.0
"""Seconds until a part that works for ever is begun again after an end nobody planned."""
STOP_GRACE = 5.0
"""Seconds that a task which is stopped may take to end before it is left to itself."""
HEARS_OF_IT = 1.0
"""Seconds that a work which is late may take to end."""
ASK_AGAIN = 2.0
"""Seconds between two cancellations: one that meets a connection just made can be lost on the way."""


class EndedByItselfError(Exception):
    """A part that works for ever returned."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A part of ours ended in a way that nobody planned."""

    part: str
    """What it was for: 'lock watch'."""
    error: BaseException
    begun_again: bool = False
    """It works for ever and is begun again after a moment."""


class OwnedTasks:
    """The tasks of one owner. `told` is called on the loop with every end that was not planned."""

    def __init__(self, told: Callable[[Fault], object]) -> None:
        self._told = told
        self._running: dict[asyncio.Task[Any], str] = {}
        self._stopping: set[asyncio.Task[Any]] = set()
        self._again: set[asyncio.TimerHandle] = set()
        self._closed = False

    def once(self, part: str, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Begin a work that has an end. An error it ends with, or a cancellation from elsewhere, is a fault."""
        return self._begin(part, work, None)

    def for_ever(self, part: str, work: Callable[[], Coroutine[Any, Any, None]]) -> asyncio.Task[None]:
        """Begin a work that has none. However it ends, it is a fault, and the work is begun again until `stop`."""
        return self._begin(part, work(), work)

    def is_stopping(self, task: asyncio.Task[Any] | None = None) -> bool:
        """Whether the task (the one that asks, if none is named) was asked by its owner to stop."""
        return (task or asyncio.current_task()) in self._stopping

    async def stop(self, *tasks: asyncio.Task[Any], seconds: float = STOP_GRACE) -> bool:
        """End these tasks and wait for it, but no longer than `seconds`. True when all have ended. Never raises."""
        waiting = {task for task in tasks if not task.done()}
        self._stopping |= waiting
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while waiting and (left := end - loop.time()) > 0:
            for task in waiting:
                task.cancel()
            _, waiting = await asyncio.wait(waiting, timeout=min(ASK_AGAIN, left))
        return not waiting

    async def close(self, seconds: float = STOP_GRACE) -> bool:
        """Stop everything; nothing is begun again. True when all have ended within `seconds`."""
        self._closed = True
        for timer in self._again:
            timer.cancel()
        self._again.clear()
        return await self.stop(*self._running, seconds=seconds)

    def _begin(
        self, part: str, work: Coroutine[Any, Any, None], again: Callable[[], Coroutine[Any, Any, None]] | None
    ) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work, name=part)
        self._running[task] = part
        task.add_done_callback(lambda ended: self._ended(ended, part, again))
        return task

    def _ended(
        self, task: asyncio.Task[None], part: str, again: Callable[[], Coroutine[Any, Any, None]] | None
    ) -> None:
        self._running.pop(task, None)
        planned = task in self._stopping
        self._stopping.discard(task)
        error: BaseException | None = asyncio.CancelledError() if task.cancelled() else task.exception()
        if planned or (error is None and again is None):
            return
        if again is not None and not self._closed:
            self._begin_later(part, again)
        self._told(Fault(part, error or EndedByItselfError(part), begun_again=again is not None and not self._closed))

    def _begin_later(self, part: str, again: Callable[[], Coroutine[Any, Any, None]]) -> None:
        def begin() -> None:
            self._again.discard(timer)
            if not self._closed:
                self._begin(part, again(), again)

        timer = asyncio.get_running_loop().call_later(AGAIN_AFTER, begin)
        self._again.add(timer)


@contextlib.asynccontextmanager
async def beside(work: Coroutine[Any, Any, Result]) -> AsyncIterator["asyncio.Task[Result]"]:
    """Run a work beside the block, which owns it: it does not outlive the block, and its error is raised there.

    At the end of the block it is waited for; when the block fails, or cancels it, it is ended.
    """
    task = asyncio.get_running_loop().create_task(work)
    try:
        yield task
        await asyncio.wait([task])
    finally:
        task.cancel()
        await asyncio.wait([task])
    if not task.cancelled():
        task.result()


async def in_time(work: Coroutine[Any, Any, Result], seconds: float, late: Callable[[], object]) -> Result:
    """The result of a work. Raises what it raises.

    TimeoutError when it takes longer than `seconds`: `late` is called then, and the work gets a moment to hear of it.
    """
    task = asyncio.get_running_loop().create_task(work)
    try:
        done, _ = await asyncio.wait([task], timeout=seconds)
        if not done:
            late()
            await asyncio.wait([task], timeout=HEARS_OF_IT)
            raise TimeoutError(f"no answer for {seconds:g} s")
        return task.result()
    finally:
        if not task.done():
            task.cancel()
            await asyncio.wait([task], timeout=HEARS_OF_IT)
        elif not task.cancelled():
            task.exception()
