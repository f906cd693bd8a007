"""What the preflight board has to know of the server. Each question stands alone: one that fails says so, no more."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any, Generic, TypeVar

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from zdtui.postgres.ask import Connection
from zdtui.postgres.encoding import sql_bytes
from zdtui.postgres.queries import query_in
from zdtui.postgres.sessions.authors import as_written, authors_schemas, qualified
from zdtui.postgres.sessions.connect import session_defect
from zdtui.postgres.sql_text import sql_text
from zdtui.postgres.stored import Stored, find_stored
from zdtui.postgres.target.services import ServiceFacts

QUESTION_TIMEOUT_MS = 2000
T = TypeVar("T")
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """What a question came to: a value, or one sentence why there is none."""

    value: T | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class ServerFacts:
    """Which server and database this is."""

    database: str
    version: str
    version_number: int
    in_recovery: bool
    conforming_strings: bool = True
    """Whether the database or the role reads a backslash in a string as a backslash; our sessions do in any case."""


@dataclass(frozen=True, slots=True)
class RoleFacts:
    """What the role may do."""

    role: str
    may_create_schema: bool
    sees_all_sessions: bool
    schema: str | None
    """Where an unqualified CREATE TABLE would go."""
    may_create_in_schema: bool


@dataclass(frozen=True, slots=True)
class TableFacts:
    """A table the plan names, and what the role may do with it."""

    name: str
    present: bool
    owner: str
    owned: bool
    privileges: frozenset[str]


@dataclass(frozen=True, slots=True)
class StandbyFacts:
    """A walsender; `state` is empty when the role may not see it."""

    name: str
    state: str
    replay_lag: timedelta | None


@dataclass(frozen=True, slots=True)
class ReaderFacts:
    """A reader of a managed service, and how far it is behind; None: the service does not tell."""

    name: str
    lag: timedelta | None


@dataclass(frozen=True, slots=True)
class SlotFacts:
    """A replication slot. `retained_bytes` is None when the server does not say how far its WAL is."""

    name: str
    active: bool
    retained_bytes: int | None
    wal_status: str | None


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """A session, or a prepared transaction, that stands out."""

    who: str
    """'4711 report-nightly', or the name of the prepared transaction."""
    state: str
    age: timedelta | None


@dataclass(frozen=True, slots=True)
class OnTable:
    """Something found on a table: an index, a trigger, a constraint, a vacuum."""

    name: str
    table: str


@dataclass(frozen=True, slots=True)
class ArchiverFacts:
    """How WAL archiving goes."""

    archiving: bool
    failing: bool
    wal: str | None
    ago: timedelta | None
    worked: bool = True
    """A file was archived since the statistics were reset."""


@dataclass(frozen=True, slots=True)
class ConnectionFacts:
    """How many client connections are in use, of how many."""

    used: int
    allowed: int


@dataclass(frozen=True, slots=True)
class PreflightFacts:
    """All answers of one round."""

    server: Answer[ServerFacts]
    session_defect: Answer[str]
    """A value: why this is no session of its own. None: it is."""
    role: Answer[RoleFacts]
    tables: Answer[tuple[TableFacts, ...]]
    standbys: Answer[tuple[StandbyFacts, ...]]
    slots: Answer[tuple[SlotFacts, ...]]
    prepared: Answer[tuple[SessionFacts, ...]]
    oldest: Answer[tuple[SessionFacts, ...]]
    """The session with the oldest transaction; empty when none is open."""
    invalid_indexes: Answer[tuple[OnTable, ...]]
    wraparound: Answer[tuple[OnTable, ...]]
    leftover_backends: Answer[tuple[SessionFacts, ...]]
    triggers: Answer[tuple[OnTable, ...]]
    not_valid: Answer[tuple[OnTable, ...]]
    archiver: Answer[ArchiverFacts]
    connections: Answer[ConnectionFacts]
    stored: Answer[tuple[Stored, ...]] = Answer(())
    """The relations the plan names, with what inherits from them."""
    service: Answer[ServiceFacts] = Answer(ServiceFacts())
    readers: Answer[tuple[ReaderFacts, ...]] = Answer(())
    """Readers of a managed service that are in no pg_stat_replication; empty elsewhere."""
    counting: Answer[Row] = Answer()
    """How the server counts statements (`zdtui/postgres/usage/standing.sql`)."""


async def gather_facts(conn: Connection, tables: Collection[str], own_pids: Collection[int]) -> PreflightFacts:
    """Ask everything, one question after the other. `tables` as the plan writes them. Raises nothing of the server's.

    Each question is one message to the server, so that nothing else on the same connection gets in between.
    """
    known, ours = await _known(conn, tables), [*own_pids]
    named = sorted(set(known.values()))

    async def one(name: str, make: Callable[[Row], T], *parameters: object) -> Answer[T]:
        answer = await _all(conn, name, make, parameters)
        return Answer(answer.value[0] if answer.value else None, answer.error)

    async def every(name: str, make: Callable[[Row], T], *parameters: object) -> Answer[tuple[T, ...]]:
        return await _all(conn, name, make, parameters)

    shown = partial(as_written, conn)
    lsn = (await one("wal", lambda row: int(row["lsn"]))).value
    return PreflightFacts(
        server=await one("preflight_server", lambda row: ServerFacts(**row)),
        session_defect=await _session_defect(conn),
        role=await one("preflight_role", lambda row: RoleFacts(**row), await _first_schema(conn)),
        tables=_by_authors_name(await every("preflight_tables", _table, named), known),
        standbys=await every("standbys", lambda row: StandbyFacts(row["name"], row["state"], row["replay_lag"])),
        slots=await every("slots", lambda row: _slot(row, lsn)),
        prepared=await every(
            "prepared_transactions", lambda row: SessionFacts(row["gid"], f"in {row['database']}", row["age"])
        ),
        oldest=await _oldest(conn, ours),
        invalid_indexes=await every(
            "preflight_invalid_indexes", lambda row: OnTable(shown(row["index"]), shown(row["table"])), named
        ),
        wraparound=await every(
            "preflight_wraparound", lambda row: OnTable(str(row["pid"]), shown(row["table"])), named
        ),
        leftover_backends=await every("preflight_leftover_backends", _session, ours),
        triggers=await every("preflight_triggers", lambda row: OnTable(row["name"], shown(row["table"])), named),
        not_valid=await every("preflight_not_valid", lambda row: OnTable(row["name"], shown(row["table"])), named),
        archiver=await one("preflight_archiver", lambda row: ArchiverFacts(**row)),
        connections=await one("preflight_connections", lambda row: ConnectionFacts(**row)),
        service=await one("service", lambda row: _service(row, conn)),
        readers=await _readers(conn),
        counting=await _counting(conn),
    )


def _service(row: Row, conn: Connection) -> ServiceFacts:
    return ServiceFacts(row["version"], row["aurora"], frozenset(row["roles"]), conn.info.host, conn.info.port)


async def _readers(conn: Connection) -> Answer[tuple[ReaderFacts, ...]]:
    """Aurora's, asked of its own function where there is one."""
    found = await _all(conn, "lag_functions", lambda row: (str(row["name"]), str(row["schema"])), ())
    if found.value is None:
        return Answer(error=found.error)
    schemas = dict(reversed(found.value))
    if "aurora_replica_status" not in schemas:
        return Answer((), "this is Aurora without aurora_replica_status()" if "aurora_version" in schemas else None)
    answer = await _all(conn, "aurora_readers", lambda row: row, (), schemas["aurora_replica_status"])
    if answer.value is None:
        return Answer(error=answer.error)
    return Answer(tuple(ReaderFacts(row["name"], _lag(row["lag"])) for row in answer.value if not row["writer"]))


async def _counting(conn: Connection) -> Answer[Row]:
    try:
        return Answer((await _rows(conn, sql_text("zdtui.postgres.usage", "standing")))[0])
    except (psycopg.Error, TimeoutError, OSError) as error:
        return Answer(error=_said(error))


def _lag(seconds: float | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=max(0.0, seconds))


async def gather_stored(conn: Connection, relations: Sequence[str]) -> Answer[tuple[Stored, ...]]:
    """What these relations are, named as SQL writes them. Raises nothing of the server's."""
    try:
        return Answer(await find_stored(conn, relations))
    except (psycopg.Error, TimeoutError, OSError) as error:
        return Answer(error=_said(error))


async def _known(conn: Connection, tables: Collection[str]) -> dict[str, str]:
    """Each table as the author wrote it, and with its schema; as it was where that cannot be found out."""
    try:
        return await qualified(conn, tables)
    except (psycopg.Error, TimeoutError, OSError):
        return {table: table for table in tables}


async def _first_schema(conn: Connection) -> str | None:
    """Where an unqualified CREATE TABLE of the author's would go."""
    try:
        return next(iter(await authors_schemas(conn)), None)
    except (psycopg.Error, TimeoutError, OSError):
        return None


def _by_authors_name(answer: Answer[tuple[TableFacts, ...]], known: dict[str, str]) -> Answer[tuple[TableFacts, ...]]:
    facts = {each.name: each for each in answer.value or ()}
    found = (replace(facts[written], name=name) for name, written in known.items() if written in facts)
    return Answer(None if answer.value is None else tuple(found), answer.error)


async def _all(
    conn: Connection, name: str, make: Callable[[Row], T], parameters: Sequence[object], schema: str = "pg_catalog"
) -> Answer[tuple[T, ...]]:
    try:
        text = inlined(conn, query_in(name, schema, conn.info.server_version), parameters)
        return Answer(tuple(make(row) for row in await _rows(conn, text)))
    except (psycopg.Error, TimeoutError, OSError) as error:
        return Answer(error=_said(error))


async def _rows(conn: Connection, text: str) -> list[Row]:
    """Several statements in one message are one transaction: the limit holds for this question alone."""
    limits = f"SET LOCAL statement_timeout = {QUESTION_TIMEOUT_MS}; SET LOCAL intervalstyle = 'postgres'; "
    async with psycopg.AsyncCursor(conn, row_factory=dict_row) as cursor:
        await cursor.execute(sql_bytes(limits + text))
        while cursor.nextset():
            pass
        return await cursor.fetchall()


def inlined(conn: Connection, text: str, parameters: Sequence[object]) -> str:
    """The question with $1 ... replaced by literals: a message of several statements takes no parameters."""
    literals = [sql.Literal(parameter).as_string(conn) for parameter in parameters]
    code = "\n".join(line for line in text.splitlines() if not line.startswith("--"))
    return re.sub(r"\$(\d+)", lambda found: literals[int(found.group(1)) - 1], code)


async def _session_defect(conn: Connection) -> Answer[str]:
    try:
        return Answer(await session_defect(conn))
    except (psycopg.Error, TimeoutError, OSError) as error:
        return Answer(error=_said(error))


async def _oldest(conn: Connection, ours: list[int]) -> Answer[tuple[SessionFacts, ...]]:
    found = await _all(conn, "queries", lambda row: row, (ours,))
    rows = [
        row
        for row in found.value or ()
        if row["transaction_age"] is not None and row["backend_type"] != "autovacuum worker"
    ]
    facts = tuple(
        SessionFacts(f"{row['pid']} {row['application']}".strip(), row["state"] or "", row["transaction_age"])
        for row in rows[:1]
    )
    return Answer(None if found.error else facts, found.error)


def _session(row: Row) -> SessionFacts:
    return SessionFacts(f"{row['pid']} {row['application']}", row["state"], row["age"])


def _table(row: Row) -> TableFacts:
    return TableFacts(row["name"], row["present"], row["owner"], row["owned"], frozenset(row["privileges"]))


def _slot(row: Row, lsn: int | None) -> SlotFacts:
    retained = None if lsn is None else 0 if row["restart_lsn"] is None else max(0, lsn - row["restart_lsn"])
    return SlotFacts(row["name"], row["active"], retained, row["wal_status"])


def _said(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
