"""What a move did, seen from beside it: two sessions of ours look while the engine's sessions work."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import psycopg

from zdtui.amounts import took
from zdtui.evidence.model import HeldLock, RelationSize
from zdtui.owned_tasks import Fault, OwnedTasks
from zdtui.postgres.ask import ask
from zdtui.postgres.queries import query
from zdtui.postgres.rehearsal import rehearsal_sql
from zdtui.postgres.sessions.connect import closed_unless_kept, connect
from zdtui.postgres.sessions.error_text import sentence
from zdtui.postgres.sessions.session import Session
from zdtui.postgres.target.target import Target
from zdtui.rehearse.lock_log import Look, held_locks
from zdtui.rehearse.relations import NAME, NEVER_IN_A_QUEUE, Relation, read_relations
from zdtui.sql.text.name import Name

LOOKS_FOR = 0.05
"""Seconds of one question about locks: it holds a snapshot, for which CREATE INDEX CONCURRENTLY waits."""
LAG_EVERY = 0.1
TOLD_FROM = 150000
"""The server version from which on a session can be asked to tell what it counted."""
TOLD_WITHIN = 10.0
"""Seconds until what a step read whole is taken for not known."""
REWRITTEN = frozenset("rm")


@dataclass(frozen=True, slots=True)
class Before:
    """How things stood before a move."""

    relations: dict[int, Relation]
    wal_bytes: int
    temporary_bytes: int
    size: int

    def sizes(self, names: frozenset[Name]) -> tuple[RelationSize, ...]:
        """Of those relations."""
        return tuple(
            RelationSize(relation=each.said, bytes=each.bytes, rows=each.rows)
            for each in sorted(self.relations.values(), key=lambda each: each.said)
            if each.name in names and each.bytes is not None
        )


@dataclass(frozen=True, slots=True)
class Measured:
    """What a move did."""

    looks: tuple[Look, ...] | None
    """At the locks that its sessions held; None: not seen."""
    names: dict[int, str]
    """Of the relations that were there before."""
    rewrites: tuple[str, ...]
    scans: tuple[str, ...] | None
    """None: not seen."""
    wal_bytes: int
    temporary_bytes: int
    size_change: int
    lag: float | None

    def locks(self, longest: float) -> tuple[HeldLock, ...] | None:
        """What it held and for how long, of a move that took so many seconds; None: not seen."""
        return None if self.looks is None else held_locks(self.looks, self.names, longest)


@dataclass
class Measuring:
    """Looks at one database. What cannot be seen there is told to `note`, each time."""

    figures: Session
    looking: Session
    application: str
    """How the names of the engine's working sessions begin."""
    note: Callable[[str], None]
    sees_locks: bool = False
    _looks: list[Look] = field(default_factory=list)
    _lags: list[float] = field(default_factory=list)

    async def before(self) -> Before:
        """How things stand now. Raises psycopg.Error."""
        relations = await read_relations(self.figures)
        ((wal, temporary, size),) = await ask(self.figures, rehearsal_sql("figures"))
        return Before(relations, wal, temporary, size)

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        """Locks and lags are looked at while this lasts."""
        self._looks, self._lags = [], []
        faults: list[Fault] = []
        tasks = OwnedTasks(faults.append)
        over = asyncio.Event()
        looking = tasks.once("locks", self._look_at_locks(over)) if self.sees_locks else None
        lags = tasks.once("lag", self._look_at_lag(over))
        try:
            yield
        finally:
            over.set()
            await asyncio.wait([each for each in (looking, lags) if each is not None])
            await tasks.close()
        for fault in faults:
            self.note(f"not everything was seen meanwhile: {fault.part}: {type(fault.error).__name__}")

    async def after(self, before: Before, working_pid: int | None) -> Measured:
        """What has changed since. `working_pid`: of the engine's session, whose counters are waited for."""
        told = await self._has_told(working_pid)
        now = await self.before()
        there = [(was, now.relations[oid]) for oid, was in before.relations.items() if oid in now.relations]
        moved = [(was, is_) for was, is_ in there if was.filenode is not None and is_.filenode is not None]
        rewritten = [was.said for was, is_ in moved if was.kind in REWRITTEN and was.filenode != is_.filenode]
        read = tuple(sorted(was.said for was, is_ in there if is_.scans > was.scans)) if told else None
        return Measured(
            looks=tuple(self._looks) if self.sees_locks else None,
            names={oid: each.said for oid, each in before.relations.items()},
            rewrites=tuple(sorted(rewritten)),
            scans=read,
            wal_bytes=now.wal_bytes - before.wal_bytes,
            temporary_bytes=now.temporary_bytes - before.temporary_bytes,
            size_change=now.size - before.size,
            lag=max(self._lags, default=None),
        )

    async def _has_told(self, pid: int | None) -> bool:
        """Whether what the working session has counted can be seen."""
        if self.figures.info.server_version < TOLD_FROM:
            self.note("what a step reads whole was not seen: PostgreSQL tells it from 15 on")
            return False
        if pid is None:
            self.note("what a step read whole was not seen: its session was lost")
            return False
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(TOLD_WITHIN):
                while True:
                    rows = await ask(self.figures, rehearsal_sql("has_told"), [pid])
                    if rows and rows[0][0]:
                        return True
                    await asyncio.sleep(0.01)
        self.note(f"what a step read whole was not seen: its session did not tell it within {took(TOLD_WITHIN)}")
        return False

    async def _look_at_locks(self, over: asyncio.Event) -> None:
        while not over.is_set():
            self._looks += await ask(self.looking, rehearsal_sql("read_lock_log"), [self.application, LOOKS_FOR])

    async def _look_at_lag(self, over: asyncio.Event) -> None:
        while True:
            for row in await ask(self.figures, query("standbys", self.figures.info.server_version)):
                lag, hidden = row[7], row[11]
                if not hidden:
                    self._lags.append(lag.total_seconds() if lag is not None else 0.0)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LAG_EVERY):
                    await over.wait()
            if over.is_set():
                return


@asynccontextmanager
async def measuring(target: Target, application: str, note: Callable[[str], None]) -> AsyncIterator[Measuring]:
    """Two sessions beside the engine's; what they cannot see is told to `note`. Raises TargetError."""
    figures = await connect(target, application_name=NAME, only_asks=True)
    async with closed_unless_kept(figures):
        looking = await connect(target, application_name=NAME, only_asks=True)
        async with closed_unless_kept(looking):
            await figures.execute(NEVER_IN_A_QUEUE)
            found = Measuring(figures, looking, application, note)
            await _see_locks(found)
            yield found


async def _see_locks(measuring: Measuring) -> None:
    try:
        await ask(measuring.looking, rehearsal_sql("lock_log"))
        measuring.sees_locks = True
    except psycopg.Error as error:
        measuring.note(f"locks were not seen: {sentence(error)}")
