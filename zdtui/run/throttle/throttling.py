"""The throttle of one backfill or copy at work: what it sees, what it asks for, and how long to rest.

Its sessions are its own; the query's is read-only, and the canary's writes a WAL message of a few bytes that touches no
table (pg_logical_emit_message). Both are in the plan's text, and are asked only while a confirmed step works. What has
a limit and cannot be seen is over it: then the work rests, until it can be seen or the operator accepts going without.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from zdtui.amounts import age
from zdtui.plan.model import Answer, Throttle
from zdtui.run.figures.guards import Blind
from zdtui.run.figures.sight import Sight
from zdtui.run.model.commands import ThrottleLevel
from zdtui.run.model.throttle_status import Signal, ThrottleStatus
from zdtui.run.throttle.answers import Reply
from zdtui.run.throttle.canary import Canary, sang
from zdtui.run.throttle.rest import LOOK_AGAIN, Rest
from zdtui.run.throttle.schedule import opens_at
from zdtui.run.throttle.signals import Watching, blind_signals, signals
from zdtui.run.throttle.sources import ASK_EVERY as ASK_EVERY
from zdtui.run.throttle.sources import (
    Connect,
    Sang,
    ask_address_for_ever,
    ask_query_for_ever,
    sing_for_ever,
)
from zdtui.run.throttle.sources import Connection as Connection
from zdtui.run.throttle.speed import BATCHES, FINEST, Speed, judged, rest_after, share_of
from zdtui.watch.samples import Samples, Unseen

PRESSURES = {Answer.GO: 0.0, Answer.SLOW: 1.0, Answer.STOP: 2.0}
QUERY, URL = "throttle query", "throttle url"
SILENT_AFTER = 5.0
"""Seconds beyond its own deadline after which an answer, or a canary, no longer counts."""
LOOK_EVERY = 0.1
"""Seconds between two looks at what cannot be seen; batches are shorter."""


@dataclass
class Throttling:
    """`rest` says how long to rest after each batch; `run` is what asks meanwhile."""

    limits: Throttle
    samples: Callable[[], Samples]
    effort: Callable[[], ThrottleLevel]
    table: str = ""
    connect: Connect | None = None
    """Opens a session of the throttle's own; not called when nothing has to be asked."""
    clock: Callable[[], float] = time.monotonic
    wall: Callable[[], datetime] = lambda: datetime.now(UTC)
    sight: Callable[[], Sight] | None = None
    """What is judged fresh, missing and accepted by; None: fresh by the clock, nothing missing, nothing accepted."""
    guards_blind: Callable[[], tuple[Blind, ...]] = tuple
    """The guards that cannot see: a batch is not sent while one cannot."""
    speed: Speed = field(default_factory=Speed)
    canary: Canary = field(default_factory=Canary)
    canary_at: float | None = None
    """When the newest one sang, by the clock."""
    canary_failed: str = ""
    answers: dict[str, Answer] = field(default_factory=dict)
    """By what was asked: 'throttle query', 'throttle url'. What was not answered means what the plan says it means."""
    silent: dict[str, str] = field(default_factory=dict)
    """Why there was no answer, of those that gave none."""
    heard_at: dict[str, float] = field(default_factory=dict)
    answered_at: float = 0.0
    _looked_at: float | None = None
    _blind: tuple[Blind, ...] = ()

    @property
    def asks(self) -> bool:
        """Whether there is anything to ask for: otherwise `run` returns at once."""
        return self.limits.query is not None or self.limits.url is not None or self.limits.canary is not None

    def signals(self) -> tuple[Signal, ...]:
        """Every signal with its figure and limit, as of now."""
        return (*signals(self._watching()), *self._own())

    def blind(self) -> tuple[Blind, ...]:
        """Every figure with a limit that cannot be seen now and that nobody accepted to be without."""
        watching = self._watching()
        sight = watching.sight
        unseen = tuple(
            each for each in blind_signals(watching) if sight is None or not sight.is_accepted(each.figure, each.unseen)
        )
        return (*self.guards_blind(), *unseen)

    def shown(self) -> ThrottleStatus:
        """What the progress pane shows of it."""
        blind = {each.figure: str(each) for each in self.blind()}
        return ThrottleStatus(
            share_of(self.speed, self.effort()), self.speed.reason, self.signals(), tuple(blind.values())
        )

    def aim(self, duration: timedelta) -> timedelta:
        """What a batch aims at under the dial and the signals, where the plan says `duration`.

        Short batches and short rests write the same WAL more evenly than long ones: a standby feels each stretch less.
        """
        return duration * min(BATCHES[self.effort()], max(FINEST, self.speed.share))

    def rest(self, worked: float) -> Rest:
        """How long to rest after `worked` seconds of work, and why if a limit asks for it."""
        opens = opens_at(self.limits.only, self.wall())
        if opens is not None:
            return Rest(LOOK_AGAIN, f"the plan lets it work again at {opens:%H:%M} UTC")
        if blind := self._cannot_see():
            self.speed = replace(self.speed, stopped=True, reason=f"{blind[0]}; V accepts to go without")
            return Rest(LOOK_AGAIN, self.speed.reason, until_seen=True)
        taken_at = self._taken_at()
        if self.speed.judged is None or taken_at > self.speed.judged:
            self.speed = judged(self.speed, self.signals(), taken_at)
        share = share_of(self.speed, self.effort())
        if share == 0.0:
            return Rest(LOOK_AGAIN, self.speed.reason)
        return Rest(rest_after(worked, share), slowed=self.speed.reason)

    def _cannot_see(self) -> tuple[Blind, ...]:
        """Looked up afresh only so often, because it is asked after each batch."""
        now = self.clock()
        if self._looked_at is None or now - self._looked_at >= LOOK_EVERY or self._blind:
            saw, self._blind, self._looked_at = not self._blind, self.blind(), now
            if not saw and not self._blind:
                self.speed = replace(self.speed, stopped=False, reason="", judged=None)
        return self._blind

    def _watching(self) -> Watching:
        sight = Sight(self.clock()) if self.sight is None else self.sight()
        return Watching(self.limits, self.samples(), self.table, self._canary(), sight)

    def _taken_at(self) -> float:
        samples = self.samples()
        readings = (samples.locks, samples.queries, samples.replication, samples.server)
        return max(self.answered_at, *(reading.taken_at or 0.0 for reading in readings))

    def _canary(self) -> float | Unseen | None:
        if self.limits.canary is None:
            return None
        since = None if self.canary_at is None else self.clock() - self.canary_at
        if self.canary_failed:
            return Unseen(self.canary_failed, self.canary_at, passing=True)
        if since is not None and since > ASK_EVERY + SILENT_AFTER:
            return Unseen(f"none came back for {age(since)}", self.canary_at, passing=True)
        usual = self.canary.times_usual
        return Unseen("its usual time is being measured", passing=True) if usual is None else usual

    def _own(self) -> tuple[Signal, ...]:
        """What the team's own throttle says, or what the plan says its silence means."""
        asked = {QUERY: self.limits.query, URL: self.limits.url}
        return tuple(self._said(what) for what, text in asked.items() if text is not None or what in self.answers)

    def _said(self, what: str) -> Signal:
        answer = self.answers.get(what, self.limits.unanswered)
        why = self.silent.get(what, "" if what in self.answers else "no answer yet")
        since = self.clock() - self.heard_at.get(what, self.clock())
        if since > ASK_EVERY + self.limits.timeout.total_seconds() + SILENT_AFTER:
            answer, why = self.limits.unanswered, f"nothing heard for {age(since)}"
        said = f"does not answer ({why}), which means {answer}" if why else f"says {answer}"
        return Signal(what, said, "go", PRESSURES[answer])

    async def run(self) -> None:
        """Ask for everything the plan names, each by itself, until cancelled."""
        asking: list[Coroutine[None, None, None]] = []
        timeout = self.limits.timeout
        if self.limits.url is not None:
            asking.append(ask_address_for_ever(self.limits.url, timeout, lambda reply: self._heard(URL, reply)))
        if self.connect is not None and self.limits.query is not None:
            asking.append(
                ask_query_for_ever(self.connect, self.limits.query, timeout, lambda reply: self._heard(QUERY, reply))
            )
        if self.connect is not None and self.limits.canary is not None:
            asking.append(sing_for_ever(self.connect, self.clock, lambda: not self.canary.has_baseline, self._sang))
        async with asyncio.TaskGroup() as sources:
            for each in asking:
                sources.create_task(each)

    def _heard(self, what: str, reply: Reply) -> None:
        self.silent.pop(what, None)
        if reply.answer is None:
            self.silent[what] = reply.why
        self.answers[what] = self.limits.unanswered if reply.answer is None else reply.answer
        self.heard_at[what] = self.answered_at = self.clock()

    def _sang(self, one: Sang) -> None:
        self.canary_failed = one.why
        if one.seconds is not None:
            self.canary = sang(self.canary, one.seconds)
            self.canary_at = self.clock()
        self.answered_at = self.clock()
