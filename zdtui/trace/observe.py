"""Running a statement and seeing what PostgreSQL does: which locks it takes, which files change, which tables it reads.

`observe` is for a statement that runs in a transaction: open one, call it, commit or roll back. `observe_alone` is for
one that cannot; it is made to wait on purpose, first for the table and then for an old snapshot, so that its locks are
seen. Both are for a scratch server: nobody else may work there.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any

import psycopg

from zdtui.owned_tasks import beside
from zdtui.postgres.ask import ask
from zdtui.postgres.encoding import sql_bytes
from zdtui.postgres.queries import query
from zdtui.postgres.sessions.authors import OUR_PATH_AGAIN, authors_path, qualified_name
from zdtui.postgres.sessions.session import Session, backend_pid, read_path
from zdtui.sql.lock_modes import LockMode
from zdtui.sql.text.name import Name
from zdtui.trace.observed import Observed, ObservedLock

Connection = psycopg.AsyncConnection[Any]
Locks = dict[int, set[LockMode]]

TABLES = frozenset("rmpf")
INDEXES = frozenset("iI")
LOOK_EVERY = 0.001
"""Seconds between two looks at a statement that is not in a transaction of ours."""
COUNTED_AT_ONCE = 150000
"""The server version from which a session's counters are there for others when it has ended."""
WAITS = 0.15
"""Seconds it is made to wait for each thing."""
LINGER = ("SET commit_delay = 20000", "SET commit_siblings = 0")
"""Microseconds that each commit of it waits, its locks still held, so that those taken last are seen too. Only where
fsync is on; elsewhere they are seen by luck."""


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation as it was before or after."""

    name: Name
    kind: str
    filenode: int | None
    scans: int


async def observe(connection: Connection, statement: str) -> Observed:
    """Run the statement in the transaction the connection is in. Raises what the server raises."""
    before, held = await _relations(connection), await _locks(connection, backend_pid(connection))
    await _as_author(connection, statement)
    locks = await _locks(connection, backend_pid(connection))
    after = await _relations(connection)
    taken = {oid: modes - held.get(oid, set()) for oid, modes in locks.items()}
    return _observed(before, after, taken)


async def observe_alone(
    connect: Callable[[], Awaitable[Connection]], statement: str, table: Name | None = None
) -> Observed:
    """Run the statement on a session of its own, outside a transaction. Raises what the server raises.

    `table` is what it is made to wait for; an old snapshot of another session is waited for in any case. The sessions
    have to be a superuser's. What it reads whole is seen from PostgreSQL 15 on: before, counters come late.
    """
    seen: Locks = {}
    async with _session(connect) as watcher:
        counted = watcher.info.server_version >= COUNTED_AT_ONCE
        before = await _relations(watcher, in_transaction=False)
        async with _session(connect) as worker:
            for setting in LINGER:
                await worker.execute(setting.encode())
            if isinstance(worker, Session):
                await worker.execute(authors_path(worker, local=False).encode())
            await _made_to_wait(connect, worker, watcher, statement, table, seen)
            pid = backend_pid(worker)
        await _until_gone(watcher, pid)
        after = await _relations(watcher, in_transaction=False)
    return _observed(before, after, _while_used(before, after, seen), scanned=counted)


async def _as_author(connection: Connection, statement: str) -> None:
    """By the author's search_path, or the one that a statement before has set in this transaction."""
    if not isinstance(connection, Session):
        await connection.execute(sql_bytes(statement))
        return
    await connection.execute(authors_path(connection).encode())
    await connection.execute(sql_bytes(statement))
    row = await (await connection.execute("SELECT pg_catalog.current_setting('search_path')")).fetchone()
    connection.path = read_path(str(row[0]) if row else "", "")
    await connection.execute(OUR_PATH_AGAIN)


def _while_used(before: dict[int, Relation], after: dict[int, Relation], seen: Locks) -> Locks:
    """An index that was replaced or dropped concurrently is locked away only once nobody can use it any more."""
    gone = {oid for oid, was in before.items() if was.kind in INDEXES and oid not in after}
    return {oid: modes - {LockMode.ACCESS_EXCLUSIVE} if oid in gone else modes for oid, modes in seen.items()}


async def _made_to_wait(
    connect: Callable[[], Awaitable[Connection]],
    worker: Connection,
    watcher: Connection,
    statement: str,
    table: Name | None,
    seen: Locks,
) -> None:
    """First for the table itself, then for an old snapshot, last for other tables, as partitions are."""
    named = "" if table is None else await qualified_name(watcher, table.written)
    tables = await ask(watcher, query("trace_tables"), [named])
    own = [written for written, its_own in tables if its_own]
    others = [written for written, its_own in tables if not its_own]
    async with _session(connect) as holder, _session(connect) as snapshot, _session(connect) as reader:
        await snapshot.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        await snapshot.execute("SELECT pg_catalog.txid_current()")
        await _lock(holder, own, "SHARE UPDATE EXCLUSIVE")
        await _lock(snapshot, [*own, *others], "ACCESS SHARE")
        await _lock(reader, others, "ACCESS SHARE")
        async with beside(worker.execute(statement.encode())) as task:
            for waited_for in (holder, snapshot, reader):
                await _look(watcher, backend_pid(worker), task, seen, WAITS)
                await waited_for.execute("ROLLBACK")
            await _look(watcher, backend_pid(worker), task, seen, None)


async def _until_gone(watcher: Connection, pid: int) -> None:
    """Until the session has ended, and has told what it counted."""
    while True:
        if not await ask(watcher, query("trace_session"), [pid]):
            return
        await asyncio.sleep(LOOK_EVERY)


async def _lock(session: Connection, tables: Iterable[str], mode: str) -> None:
    await session.execute("BEGIN")
    for table in tables:
        await session.execute(sql_bytes(f"LOCK TABLE {table} IN {mode} MODE"))


async def _look(watcher: Connection, pid: int, task: "asyncio.Task[Any]", seen: Locks, seconds: float | None) -> None:
    """Until the statement is over, or for so long."""
    loop = asyncio.get_running_loop()
    end = None if seconds is None else loop.time() + seconds
    while not task.done() and (end is None or loop.time() < end):
        for oid, modes in (await _locks(watcher, pid)).items():
            seen.setdefault(oid, set()).update(modes)
        await asyncio.sleep(LOOK_EVERY)


def _observed(before: dict[int, Relation], after: dict[int, Relation], taken: Locks, scanned: bool = True) -> Observed:
    changed = [
        oid
        for oid, was in before.items()
        if oid in after and was.filenode is not None and after[oid].filenode != was.filenode
    ]
    created = [oid for oid in after if oid not in before]
    replaced = {was.name: was.filenode for oid, was in before.items() if oid not in after and was.kind in INDEXES}
    again = [oid for oid in created if after[oid].name in replaced]
    rebuilt = [after[oid].name for oid in again if after[oid].filenode != replaced[after[oid].name]]
    read = [oid for oid, was in before.items() if scanned and oid in after and after[oid].scans > was.scans]
    return Observed(
        locks=tuple(sorted(_strongest(before, taken))),
        rewrites=_names(before, (oid for oid in changed if before[oid].kind in TABLES)),
        rebuilds=tuple(sorted({*_names(before, (oid for oid in changed if before[oid].kind in INDEXES)), *rebuilt})),
        scans=_names(before, (oid for oid in read if before[oid].kind in TABLES)),
        created=_names(after, (oid for oid in created if oid not in again)),
    )


def _strongest(before: dict[int, Relation], taken: Locks) -> Iterable[ObservedLock]:
    for oid, modes in taken.items():
        if oid in before and modes:
            yield ObservedLock(before[oid].name, max(modes, key=lambda mode: mode.strength))


def _names(relations: dict[int, Relation], oids: Iterable[int]) -> tuple[Name, ...]:
    return tuple(sorted(relations[oid].name for oid in oids))


async def _relations(connection: Connection, in_transaction: bool = True) -> dict[int, Relation]:
    rows = await ask(connection, query("trace_relations"), [in_transaction])
    return {row[0]: Relation(Name(row[1], row[2]), row[3], row[4], row[5]) for row in rows}


async def _locks(connection: Connection, pid: int) -> Locks:
    locks: Locks = {}
    for oid, mode in await ask(connection, query("trace_locks"), [pid]):
        known = LockMode.of_pg_locks(mode)
        if known is not None:
            locks.setdefault(oid, set()).add(known)
    return locks


@contextlib.asynccontextmanager
async def _session(connect: Callable[[], Awaitable[Connection]]) -> AsyncIterator[Connection]:
    connection = await connect()
    try:
        yield connection
    finally:
        await connection.close()
