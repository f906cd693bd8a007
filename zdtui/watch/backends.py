"""Rows of pg_stat_activity as backends."""

from collections.abc import Collection
from datetime import timedelta

from zdtui.sql.text.secrets import masked
from zdtui.watch.client import client_address, client_port
from zdtui.watch.probe import Row
from zdtui.watch.samples import Backend, BackendKey

ZERO = timedelta(0)


def backend(row: Row, ours: Collection[int]) -> Backend:
    """The backend a row of backends.sql, queries.sql or snapshot_holders.sql tells of."""
    return Backend(
        key=BackendKey(row["pid"], row["backend_start"]),
        user=row["user"],
        application=row["application"],
        database=row["database"],
        state=row["state"],
        wait_event_type=row["wait_event_type"],
        wait_event=row["wait_event"],
        transaction_age=age(row["transaction_age"]),
        query_age=age(row["query_age"]),
        state_age=age(row["state_age"]),
        query=masked(row["query"]),
        backend_type=row["backend_type"],
        xmin_age=row["xmin_age"],
        ours=row["pid"] in ours,
        hidden=row["hidden"],
        has_written=row["has_written"],
        client_address=client_address(row["client_address"], row["client_port"]),
        client_port=client_port(row["client_port"]),
        workers=row["workers"],
        leader_pid=row["leader_pid"],
    )


def age(since: timedelta | None) -> timedelta | None:
    """An age is never negative, whatever the server's clock did between two readings of it."""
    return None if since is None else max(since, ZERO)
