"""Rows as the server would give them, for samplers that are functions of rows."""

from datetime import UTC, datetime, timedelta
from typing import Any

START = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
COLUMNS = ("relation", "page", "tuple", "virtualxid", "transactionid", "classid", "objid", "objsubid")


def lock(
    pid: int, mode: str, granted: bool, waited: float | None = None, locktype: str = "relation", **thing: Any
) -> dict[str, Any]:
    """A row of locks.sql; on table public.users unless told otherwise."""
    row: dict[str, Any] = dict.fromkeys(COLUMNS)
    row |= {"pid": pid, "prepared_xid": None, "mode": f"{mode}Lock", "granted": granted, "locktype": locktype}
    row |= {"waited": None if waited is None else timedelta(seconds=waited), "database": "shop", "relation_name": None}
    if locktype in ("relation", "tuple"):
        row |= {"relation": 1234, "relation_name": "public.users"}
    return row | thing


def session(pid: int, transaction: float | None = None, **fields: Any) -> dict[str, Any]:
    """A row of backends.sql whose transaction is that many seconds old."""
    age = None if transaction is None else timedelta(seconds=transaction)
    row: dict[str, Any] = {
        "pid": pid,
        "leader_pid": None,
        "backend_start": START,
        "user": "app",
        "application": f"app {pid}",
        "database": "shop",
        "state": "active",
        "wait_event_type": None,
        "wait_event": None,
        "transaction_age": age,
        "query_age": age,
        "state_age": age,
        "query": "SELECT 1",
        "backend_type": "client backend",
        "xmin_age": None,
        "hidden": False,
        "has_written": False,
        "client_address": "10.0.4.9",
        "client_port": 51022,
        "workers": 0,
    }
    return row | fields
