"""Has the next step rehearsed on a scratch server, by a process of its own, and tells what that says as it comes.

The process is told where the target is on its standard input, so that no password stands in a list of processes. It
says a line for each thing that happens, and writes the evidence beside the plan itself. It ends with the console.
"""

import asyncio
import contextlib
import json
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from zdtui.evidence.under_way import UnderWay
from zdtui.plan.model import StepId
from zdtui.run.engine.state import EngineState
from zdtui.run.model.faults import Part

MODULE = "zdtui.cli.rehearsing.one_step"
LONGEST_LINE = 64 * 1024
"""Bytes; the process says shorter ones."""
GRACE = 10.0
"""Seconds it may take to put its server away once it is told to end."""
KEPT = 0
"""The exit code of a process that has kept what it saw, whatever that proves."""
STOPPED = "stopped before it was over: nothing of it was kept"


@dataclass
class Rehearsing:
    """At most one rehearsal at a time."""

    state: EngineState
    look_again: Callable[[], Awaitable[None]]
    """Reads the evidence anew."""
    _process: asyncio.subprocess.Process | None = None
    _stopped: bool = False

    def start(self, step: StepId) -> None:
        """Begin it beside everything else; returns at once."""
        self._stopped = False
        self._is(UnderWay(step))
        self.state.tasks.once(Part.REHEARSAL, self._go(step))

    def stop(self) -> None:
        """Have it put its server away and end."""
        self._stopped = True
        if self._process is not None:
            _terminate(self._process)

    async def _go(self, step: StepId) -> None:
        """However it ends, it is over then, and why nothing was proved is told."""
        failed = "it failed in this console; zdtui's log says why"
        try:
            failed = await self._gone(step)
        except OSError as error:
            failed = f"it could not be started: {error.strerror or error}"
        finally:
            if (under_way := self.state.under_way) is not None:
                self._is(replace(under_way, over=True, failed=STOPPED if self._stopped else failed))
        await self.look_again()

    async def _gone(self, step: StepId) -> str:
        """Have a process do it, to its end; why nothing was kept, or nothing."""
        process = self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", MODULE),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
            limit=LONGEST_LINE,
        )
        try:
            if self._stopped:
                _terminate(process)
            await self._ask(process, step)
            await self._listen(process)
            code = await process.wait()
        finally:
            await _ended(process)
            self._process = None
        lines = () if self.state.under_way is None else self.state.under_way.lines
        return "" if code == KEPT else f"it ended with {code}: {lines[-1] if lines else 'it said nothing'}"

    async def _ask(self, process: asyncio.subprocess.Process, step: StepId) -> None:
        plan, target = self.state.plan, self.state.target
        task = {
            "conninfo": target.conninfo,
            "password": target.password,
            "plan": plan.path,
            "digest": plan.digest,
            "step": step,
        }
        assert process.stdin is not None
        with contextlib.suppress(ConnectionError):
            process.stdin.write(json.dumps(task).encode())
            await process.stdin.drain()
            process.stdin.close()

    async def _listen(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        async for line in process.stdout:
            if (under_way := self.state.under_way) is not None:
                self._is(under_way.saying(line.decode(errors="replace").rstrip("\n")))

    def _is(self, under_way: UnderWay) -> None:
        self.state.under_way = under_way
        self.state.changed()


async def _ended(process: asyncio.subprocess.Process) -> None:
    """However we leave, the process ends; its server, should it have been killed, ends by its own watch."""
    if process.returncode is not None:
        return
    _terminate(process)
    try:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GRACE):
                await process.wait()
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()


def _terminate(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
