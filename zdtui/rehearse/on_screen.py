"""A rehearsal as the console sees it: one engine's surface, whichever engine is at work behind it.

It runs on a thread and a loop of its own. A console that is opened on it shows the engine's own snapshots, with how far
the rehearsal is; what a person sends passes `by_a_person` first, and `decide` after that.
"""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from dataclasses import replace

from zdtui.errors import ZdtuiError
from zdtui.evidence.model import Evidence
from zdtui.plan.model import Plan, Step
from zdtui.postgres.target.target import Target
from zdtui.rehearse.by_a_person import refused
from zdtui.rehearse.going import Gone
from zdtui.rehearse.impatient import impatient
from zdtui.rehearse.passes import Move
from zdtui.run.decisions.snapshot import Snapshot
from zdtui.run.engine.engine import Engine
from zdtui.run.engine.surface import EngineSurface, Failure
from zdtui.run.model import commands as c

BEGINS = "it begins"


class OnScreen:
    """See `zdtui.run.engine.surface.EngineSurface` for what it promises; and `Onlooker`, which it is too."""

    def __init__(self, plan: Plan, target: Target, by_hand: str | None) -> None:
        self.evidence: Evidence | None = None
        self.failure: Failure | None = None
        self.rehearse: Callable[[], Awaitable[Evidence]] | None = None
        """What the thread does; set before `start`."""
        self.say: Callable[[str], None] = lambda sentence: None
        """Shows a sentence for some seconds; set before `start`."""
        self._engine: EngineSurface = Engine(impatient(plan, alone=False), target, is_rehearsal=True)
        self._by_hand = by_hand
        self._changed: list[Callable[[], None]] = []
        self._how_far = BEGINS
        self._refusals: list[str] = []
        self._left: tuple[str, bool] | None = None
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._main, name="zdtui rehearsal", daemon=True)

    # -- an engine's surface -----------------------------------------------------------------------------------

    @property
    def snapshot(self) -> Snapshot:
        """Of the engine at work, with how far the rehearsal is."""
        newest, own = self._engine.snapshot, len(self._refusals)
        count = newest.refusal_count + own
        refusal = self._refusals[-1] if self._refusals and newest.refusal is None else newest.refusal
        return replace(newest, rehearsal=self._how_far, refusal_count=count, refusal=refusal)

    @property
    def stopped(self) -> bool:
        """True once the rehearsal is over and its engines are."""
        return self._stopped.is_set()

    @property
    def overdue(self) -> bool:
        """Whether the engine at work does not answer any more."""
        return self._left is not None and self._engine.overdue

    def submit(self, command: c.Command) -> None:
        """What a person sends."""
        if isinstance(command, c.Leave):
            self.stop(command.why, command.force)
            return
        if (why := refused(self._engine.snapshot, command)) is not None:
            self._refusals.append(why)
            self._tell()
            return
        self._engine.submit(command)

    def subscribe(self, changed: Callable[[], None]) -> None:
        """As an engine does it, whichever is at work."""
        self._changed.append(changed)

    def start(self) -> None:
        """Start the rehearsal's thread."""
        self._thread.start()

    def stop(self, why: str, force: bool = False) -> None:
        """Leave the rehearsal; what it has done so far, the next one takes back."""
        self._left = why, force
        self._engine.stop(why, force)

    def join(self, seconds: float) -> bool:
        """Wait for its end."""
        return self._stopped.wait(seconds)

    # -- an onlooker of the rehearsal --------------------------------------------------------------------------

    def says(self, sentence: str) -> None:
        """Shown for some seconds."""
        self.say(sentence)

    def begins(self, number: int, total: int, move: Move) -> None:
        """Which move is under way."""
        self._how_far = f"{number}/{total} {move.way}"
        self._tell()

    def gone(self, gone: Gone, total: int) -> None:
        """What failed is said; the rest is in the panes."""
        if gone.why:
            self.say(f"{gone.move.step} {gone.move.way}: {gone.why}")

    def shown(self, engine: EngineSurface) -> bool:
        """From now on this one is seen."""
        self._engine = engine
        engine.subscribe(self._tell)
        if self._left is not None:
            engine.stop(*self._left)
        return True

    async def by_hand(self, step: Step) -> str | None:
        """The person confirms it in the console, unless it is taken for done."""
        return self._by_hand

    def _tell(self) -> None:
        for changed in self._changed:
            changed()

    def _main(self) -> None:
        assert self.rehearse is not None
        try:
            self.evidence = asyncio.run(_run(self.rehearse))
        except ZdtuiError as error:
            self.failure = Failure(str(error), expected=True)
        except BaseException as error:  # noqa: BLE001 (the last line of a thread: what ended it must be seen)
            self.failure = Failure(f"the rehearsal ended: {type(error).__name__}: {error}")
        finally:
            self._stopped.set()
            self._tell()


async def _run(rehearse: Callable[[], Awaitable[Evidence]]) -> Evidence:
    return await rehearse()
