"""Asks for the details of one row, in one journey (two where a command reports its progress), on a psycopg session."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, assert_never

from zdtui.postgres.ask import Connection, ask_by_name
from zdtui.postgres.queries import query
from zdtui.sql.lock_modes import LockMode
from zdtui.watch.backends import age, backend
from zdtui.watch.details import (
    BackendDetails,
    Details,
    Figures,
    Gone,
    OfBackend,
    OfPrepared,
    OfSlot,
    Other,
    OwnLock,
    PreparedDetails,
    SlotDetails,
    Subject,
)
from zdtui.watch.lock_queues import describe

Row = Mapping[str, Any]


async def read_details(connection: Connection, subject: Subject, ours: frozenset[int]) -> Details:
    """One look. Raises psycopg.Error."""
    match subject:
        case OfBackend(pid=pid, backend_start=started, reports_progress=reports):
            rows = await _rows(connection, "backend_details", pid, started)
            progress = await _rows(connection, "backend_progress", pid) if rows and reports else []
            return backend_details(rows[0], progress, ours) if rows else Gone()
        case OfPrepared(gid=gid):
            rows = await _rows(connection, "prepared_details", gid)
            return prepared_details(rows[0]) if rows else Gone()
        case OfSlot(name=name):
            rows = await _rows(connection, "slot_details", name)
            return slot_details(rows[0]) if rows else Gone()
        case _ as never:
            assert_never(never)


async def _rows(connection: Connection, name: str, *parameters: object) -> list[dict[str, Any]]:
    return await ask_by_name(connection, query(name, connection.info.server_version), parameters)


def backend_details(row: Row, progress: Sequence[Row], ours: frozenset[int]) -> BackendDetails:
    """A row of backend_details.sql, and those of backend_progress.sql. Pure."""
    sender = [] if row["sender"] is None else [_figures("pg_stat_replication", row["sender"])]
    return BackendDetails(
        backend=backend(row, ours),
        backend_age=age(row["backend_age"]),
        query_is_cut=len(row["query"].encode(errors="surrogateescape")) >= row["kept"] - 1,
        worker_pids=tuple(row["worker_pids"]),
        locks=_locks(row["locks"]),
        locks_in_all=row["locks_held"],
        kept_by=tuple(Other(each["pid"], each["application"]) for each in row["kept_by"]),
        behind=_behind(row["behind"]),
        figures=(
            *sender,
            *(_figures("pg_replication_slots", each) for each in row["slots"]),
            *(_figures(each["view"], each["figures"]) for each in progress),
        ),
    )


def slot_details(row: Row) -> SlotDetails:
    """A row of slot_details.sql. Pure."""
    return SlotDetails(_figures("pg_replication_slots", row["slot"]), row["active_pid"])


def prepared_details(row: Row) -> PreparedDetails:
    """A row of prepared_details.sql. Pure."""
    return PreparedDetails(
        gid=row["gid"],
        xid=row["xid"],
        owner=row["owner"],
        database=row["database"],
        prepared=row["prepared"],
        age=age(row["age"]) or timedelta(0),
        locks=_locks(row["locks"]),
    )


def _locks(rows: Sequence[Row]) -> tuple[OwnLock, ...]:
    return tuple(OwnLock(_mode(row["mode"]), describe(row), row["granted"]) for row in rows)


def _behind(rows: Sequence[Row]) -> tuple[Other, ...]:
    found: dict[int, Other] = {}
    for row in rows:
        wanted, own = LockMode.of_pg_locks(row["wanted"]), LockMode.of_pg_locks(row["mode"])
        if row["behind"] and wanted is not None and own is not None and own.conflicts_with(wanted):
            found.setdefault(row["pid"], Other(row["pid"], row["application"], f"{wanted} on {describe(row)}"))
    return tuple(found.values())


def _mode(name: str) -> str:
    mode = LockMode.of_pg_locks(name)
    return name if mode is None else str(mode)


def _figures(view: str, values: Mapping[str, object]) -> Figures:
    return Figures(view, tuple((name, str(value)) for name, value in values.items() if value is not None))
