"""The throttle of one backfill or copy at work: asks the team's own throttle, sends canaries, says how long to rest.

Its session is its own and read-only but for the canary, a WAL message of a few bytes that touches no table
(pg_logical_emit_message). Both are in the plan's text, and are asked only while a confirmed step works.
"""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

from zdtui.errors import TargetError
from zdtui.plan.model import Answer, Throttle
from zdtui.run.commands import Effort
from zdtui.run.throttle.answers import ask_query, ask_url
from zdtui.run.throttle.canary import Canary, sang
from zdtui.run.throttle.rest import LOOK_AGAIN, Rest
from zdtui.run.throttle.schedule import opens_at
from zdtui.run.throttle.shown import ThrottleShown
from zdtui.run.throttle.signals import Signal, Watching, signals
from zdtui.run.throttle.speed import BATCHES, FINEST, Speed, judged, rest_after, share_of
from zdtui.watch.samples import Samples

ASK_EVERY = 1.0
"""Seconds between two questions to the team's own throttle, and between two canaries."""
AT_REST_EVERY = 0.02
CANARY = "SELECT pg_catalog.pg_logical_emit_message(true, 'zdtui', 'canary')"
SESSION = "SET statement_timeout = '2s'; SET lock_timeout = '300ms'; SET idle_in_transaction_session_timeout = '5s'"
READ_ONLY, READ_WRITE = "SET default_transaction_read_only = on", "SET default_transaction_read_only = off"
PRESSURES = {Answer.GO: 0.0, Answer.SLOW: 1.0, Answer.STOP: 2.0}

Connection = psycopg.AsyncConnection[Any]


@dataclass
class Throttling:
    """`rest` says how long to rest after each batch; `run` is what asks meanwhile."""

    limits: Throttle
    samples: Callable[[], Samples]
    effort: Callable[[], Effort]
    table: str = ""
    connect: Callable[[], Awaitable[Connection]] | None = None
    """Opens the throttle's own session; not called when nothing has to be asked."""
    clock: Callable[[], float] = time.monotonic
    wall: Callable[[], datetime] = lambda: datetime.now(UTC)
    speed: Speed = field(default_factory=Speed)
    canary: Canary = field(default_factory=Canary)
    answers: dict[str, Answer] = field(default_factory=dict)
    """By what was asked: 'throttle query', 'throttle url'."""
    answered_at: float = 0.0

    @property
    def asks(self) -> bool:
        """Whether there is anything to ask for: otherwise `run` returns at once."""
        return self.limits.query is not None or self.limits.url is not None or self.limits.canary is not None

    def signals(self) -> tuple[Signal, ...]:
        """Every signal with its figure and limit, as of now."""
        watching = Watching(self.limits, self.samples(), self.table, self.canary.times_usual)
        own = tuple(Signal(name, f"says {answer}", "go", PRESSURES[answer]) for name, answer in self.answers.items())
        return (*signals(watching), *own)

    def shown(self) -> ThrottleShown:
        """What the progress pane shows of it."""
        return ThrottleShown(share_of(self.speed, self.effort()), self.speed.reason, self.signals())

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
        taken_at = self._taken_at()
        if self.speed.judged is None or taken_at > self.speed.judged:
            self.speed = judged(self.speed, self.signals(), taken_at)
        share = share_of(self.speed, self.effort())
        if share == 0.0:
            return Rest(LOOK_AGAIN, self.speed.reason)
        return Rest(rest_after(worked, share), slowed=self.speed.reason)

    def _taken_at(self) -> float:
        samples = self.samples()
        readings = (samples.locks, samples.queries, samples.replication, samples.server)
        return max(self.answered_at, *(reading.taken_at or 0.0 for reading in readings))

    async def run(self) -> None:
        """Ask once a second until cancelled; what is not answered means what the plan says."""
        while self.asks:
            with contextlib.suppress(psycopg.Error, TargetError, OSError):
                await self._with_session()
            self._unanswered()
            await asyncio.sleep(ASK_EVERY)

    async def _with_session(self) -> None:
        if self.connect is None or (self.limits.query is None and self.limits.canary is None):
            await self._ask(None)
            return
        connection = await self.connect()
        try:
            await connection.execute(SESSION)
            while True:
                await self._ask(connection)
                await asyncio.sleep(AT_REST_EVERY if self._at_rest else ASK_EVERY)
        finally:
            await connection.close()

    @property
    def _at_rest(self) -> bool:
        return self.limits.canary is not None and not self.canary.has_baseline

    async def _ask(self, connection: Connection | None) -> None:
        if connection is not None and self.limits.canary is not None:
            began = self.clock()
            await connection.execute(CANARY)
            self.canary = sang(self.canary, self.clock() - began)
        if self._at_rest:
            return
        if connection is not None and self.limits.query is not None:
            await connection.execute(READ_ONLY)
            self._answered("throttle query", await ask_query(connection, self.limits.query, self.limits.timeout))
            await connection.execute(READ_WRITE)
        if self.limits.url is not None:
            self._answered("throttle url", await ask_url(self.limits.url, self.limits.timeout))
        self.answered_at = self.clock()

    def _answered(self, what: str, answer: Answer | None) -> None:
        self.answers[what] = self.limits.unanswered if answer is None else answer

    def _unanswered(self) -> None:
        """The session was lost or never had."""
        for what, asked in (("throttle query", self.limits.query), ("throttle url", self.limits.url)):
            if asked is not None and (what == "throttle query" or what not in self.answers):
                self.answers[what] = self.limits.unanswered
        self.answered_at = self.clock()
