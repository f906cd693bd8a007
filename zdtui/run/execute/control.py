"""The one way to ask a step under way to stop, and to tell it afterwards who asked."""

import asyncio
import contextlib
import time
from dataclasses import dataclass

from zdtui.run.model.events import HoldKind


@dataclass(frozen=True, slots=True)
class Stop:
    """Why the step is to stop, as it will be journaled."""

    why: HoldKind
    detail: str


class Control:
    """Shared by the conductor, which asks, and the performer, which looks at its safe points. One loop, no locks."""

    def __init__(self) -> None:
        self._stop: Stop | None = None
        self._cancel: Stop | None = None
        self.let_go: str | None = None
        """Why the attempt under way was withdrawn, to be tried again; the performer clears it for each attempt."""
        self._cancel_sent: float | None = None
        self._asked = asyncio.Event()
        self._figures = asyncio.Event()
        """Set by each new figure of the panes, and when somebody asks for a stop."""

    @property
    def stop(self) -> Stop | None:
        """The request in force: stop at the next safe point."""
        return self._stop

    @property
    def cancelled(self) -> Stop | None:
        """Why a cancel request of ours was sent to the server, if one was."""
        return self._cancel

    @property
    def since_cancel(self) -> float | None:
        """Seconds since a cancel request was last sent; None when none was."""
        return None if self._cancel_sent is None else time.monotonic() - self._cancel_sent

    def sent_cancel(self) -> None:
        """A cancel request is about to go to the server."""
        self._cancel_sent = time.monotonic()

    def ask(self, stop: Stop) -> None:
        """Ask for a stop at the next safe point. The first one counts, unless it is a hang-up or a quit."""
        if self._stop is None or stop.why in (HoldKind.HANG_UP, HoldKind.LEFT):
            self._stop = stop
        self._asked.set()
        self._figures.set()

    def cancelling(self, stop: Stop) -> None:
        """A cancel request is about to go to the server for this reason."""
        self._cancel = stop
        self.ask(stop)

    async def sleep(self, seconds: float) -> bool:
        """Rest, but no longer than until somebody asks for a stop. True when somebody did."""
        return await self._sleep(seconds, self._asked)

    def new_figures(self) -> None:
        """A pane has a new reading: who waits for one looks at once."""
        self._figures.set()

    async def sleep_until_figures(self, seconds: float) -> bool:
        """As `sleep`, but also no longer than until a pane has a new reading."""
        self._figures.clear()
        return await self._sleep(seconds, self._figures)

    async def _sleep(self, seconds: float, until: asyncio.Event) -> bool:
        if self._stop is None and seconds > 0:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await until.wait()
        return self._stop is not None
