"""The engine: conductor and watchers on a thread and an event loop of their own.

Nothing the screens do or fail to do can slow, cancel or kill a step: commands cross by a thread-safe call that
returns at once, snapshots by replacing one attribute. A headless run, a test and a benchmark drive the same engine.
"""

import asyncio
import contextlib
import threading
import time
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from zdtui.errors import ZdtuiError
from zdtui.owned_tasks import Fault, OwnedTasks
from zdtui.plan.model import Plan
from zdtui.postgres.sessions.connect import Target
from zdtui.proposals.proposal import Proposal
from zdtui.run.decisions.snapshot import Snapshot, Verdict, VerdictWord
from zdtui.run.decisions.verdict import verdict
from zdtui.run.decisions.view import RunView
from zdtui.run.engine.conductor import Conductor
from zdtui.run.engine.loaded_later import load_soon
from zdtui.run.engine.state import EngineState
from zdtui.run.engine.surface import Failure
from zdtui.run.engine.watching import watcher_of
from zdtui.run.model import commands as c
from zdtui.run.model.console import ConnectionState
from zdtui.run.model.faults import Faults, Part
from zdtui.run.model.operator import operator_name
from zdtui.run.model.plan_events import NotJournaled
from zdtui.run.model.state import RunState
from zdtui.watch.samples import Samples

PUBLISH_EVERY = 0.1
"""Seconds between two snapshots at the most often, but for where a step or the link stands: that is told at once."""
TICK_EVERY = 1.0
"""Seconds after which a snapshot is made even if nothing changed: its verdict holds running times."""
FORCED_GRACE = 8.0
"""Seconds for leaving at once: a batch gets to its boundary, a cancel goes out, the journal is written."""
LEFT_OVER_GRACE = 2.0
"""Seconds that a task nobody stopped may take to end with the engine."""


class Engine:
    """See `zdtui.run.engine.surface.EngineSurface` for what it promises."""

    def __init__(
        self,
        plan: Plan,
        target: Target,
        *,
        operator: str | None = None,
        amend: str | None = None,
        is_rehearsal: bool = False,
        proposal: Proposal | None = None,
    ) -> None:
        self.plan = plan
        self.target = target
        self.operator = operator or operator_name()
        self.failure: Failure | None = None
        self._amend = amend
        self._is_rehearsal = is_rehearsal
        self._proposal = proposal
        self._samples = Samples()
        self._changed: list[Callable[[], None]] = []
        self._stopped = threading.Event()
        self._ready = threading.Event()
        self._waiting: deque[c.Command] = deque()
        self._forced_at: float | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._conductor: Conductor | None = None
        self._thread = threading.Thread(target=self._main, name="zdtui engine", daemon=True)
        self._snapshot = _before_the_first(plan, self.operator, proposal)
        self._stood: object = None

    @property
    def snapshot(self) -> Snapshot:
        """The newest snapshot. Reading it costs nothing and never waits."""
        return self._snapshot

    @property
    def stopped(self) -> bool:
        """True once the run is let go of, journaled, and the connections are closed."""
        return self._stopped.is_set()

    @property
    def overdue(self) -> bool:
        """Whether it was asked to leave at once, and has not in all the time there was for it: it stands still."""
        return self._forced_at is not None and not self.stopped and time.monotonic() - self._forced_at > FORCED_GRACE

    def subscribe(self, changed: Callable[[], None]) -> None:
        """Have `changed` called on the engine's thread when the snapshot is replaced.

        At most 10 times a second, but for a step or a link that stands otherwise than before.
        """
        self._changed.append(changed)

    def start(self) -> None:
        """Start the engine's thread and return at once."""
        self._thread.start()

    def submit(self, command: c.Command) -> None:
        """Hand a command over and return at once; before the engine is connected it waits for that."""
        if isinstance(command, c.Leave) and self._forced_at is None:
            at_once = command.force or self._snapshot.activity is None
            self._forced_at = time.monotonic() if at_once else None
        self._waiting.append(command)
        loop = self._loop
        if loop is not None:
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(self._take_waiting)

    def _take_waiting(self) -> None:
        while self._waiting and self._conductor is not None:
            self._conductor.submit(self._waiting.popleft())

    def stop(self, why: str, force: bool = False) -> None:
        """Ask the engine to let go of the run; returns at once. See `stopped`. Safe in a signal handler."""
        self.submit(c.Leave(why=why, force=force))

    def join(self, seconds: float) -> bool:
        """Wait for the engine to have stopped; False when that took longer."""
        return self._stopped.wait(seconds)

    def _main(self) -> None:
        try:
            run_to_the_end(self._live())
        except ZdtuiError as error:
            self.failure = Failure(str(error), expected=True)
        except BaseException as error:  # noqa: BLE001 (the last line of a thread: what ended it must be seen, not lost)
            self.failure = Failure(self._told_of(Fault(Part.ENGINE, error)))
        finally:
            with contextlib.suppress(Exception):
                self._publish()
            self._stopped.set()
            with contextlib.suppress(Exception):
                self._notify()

    async def _live(self) -> None:
        self._dirty, self._at_once = asyncio.Event(), asyncio.Event()
        watcher = watcher_of(
            lambda: None if self._conductor is None else self._conductor.state, self._sampled, self._told_of
        )
        conductor = Conductor(
            plan=self.plan,
            target=self.target,
            operator=self.operator,
            changed=self._something_changed,
            amend_reason=self._amend,
            is_rehearsal=self._is_rehearsal,
            proposal=self._proposal,
            samples=lambda: self._samples,
            watch_pids=lambda: watcher.pids,
            look_now=watcher.look_now,
        )
        self._conductor = conductor
        self._loop = asyncio.get_running_loop()
        self._take_waiting()
        beside = OwnedTasks(self._told_of)
        beside.once(Part.LOADING, load_soon())
        beside.for_ever(Part.WATCHER, watcher.run)
        beside.for_ever(Part.PUBLISHER, self._publish_changes)
        try:
            await conductor.run()
        finally:
            await beside.close()
            await watcher.stop()

    def _told_of(self, fault: Fault) -> str:
        return Faults().found(fault) if self._conductor is None else self._conductor.state.told_of(fault)

    def _sampled(self, samples: Samples) -> None:
        self._samples = samples
        if self._conductor is None:
            self._dirty.set()
        else:
            self._conductor.state.saw()

    async def _publish_changes(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(TICK_EVERY):
                    await self._dirty.wait()
            self._dirty.clear()
            self._at_once.clear()
            self._publish()
            self._notify()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(PUBLISH_EVERY):
                    await self._at_once.wait()

    def _something_changed(self) -> None:
        """What a person waits for (a step is held, a link is back) is told at once, figures a moment later."""
        self._dirty.set()
        if self._conductor is not None:
            state = self._conductor.state
            step = None if state.working is None else state.recorder.state.step(state.working).status
            stands = state.connection_state, state.working, step
            if stands != self._stood:
                self._stood = stands
                self._at_once.set()

    def _notify(self) -> None:
        for changed in self._changed:
            changed()

    def _publish(self) -> None:
        conductor = self._conductor
        if conductor is None:
            return
        try:
            conductor.state.remember()
            self._snapshot = take_snapshot(conductor.state, self.failure)
        except Exception as error:  # noqa: BLE001 (a screen that stands still would show what was, as if it were so)
            self._snapshot = _what_cannot_be_told(self._snapshot, self._told_of(Fault(Part.PUBLISHER, error, True)))


def take_snapshot(state: EngineState, failure: Failure | None = None) -> Snapshot:
    """Everything a screen may know, now."""
    view = state.view()
    if failure is not None:
        view = replace(view, connection_state=ConnectionState.LOST, connection_detail=failure.message)
    return Snapshot.of(view, verdict(view))


def _what_cannot_be_told(before: Snapshot, fault: str) -> Snapshot:
    """The last snapshot, with a verdict that says it is not to be trusted."""
    held = Verdict(VerdictWord.HELD, f"how things stand cannot be told: {fault}", "X cancels what works; q leaves")
    return replace(before, verdict=held, refusal=fault)


def run_to_the_end(work: Coroutine[Any, Any, None]) -> None:
    """As asyncio.run, but never waiting for threads: one that looks up a name can be stuck for minutes."""
    loop = asyncio.new_event_loop()
    try:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(work)
    finally:
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        with contextlib.suppress(Exception):
            if left:
                loop.run_until_complete(asyncio.wait(left, timeout=LEFT_OVER_GRACE))
            loop.run_until_complete(asyncio.wait_for(loop.shutdown_asyncgens(), LEFT_OVER_GRACE))
        asyncio.set_event_loop(None)
        loop.close()


def _before_the_first(plan: Plan, operator: str, proposal: Proposal | None) -> Snapshot:
    view = RunView(
        plan=plan,
        run=RunState(),
        operator=operator,
        connection_detail="connecting",
        not_journaled=NotJournaled(proposal),
        wall=datetime.now(UTC),
    )
    return Snapshot.of(view, verdict(view))
