"""How asyncpg reaches the very server a psycopg session is on: one source of truth."""

from typing import Any

import psycopg

from zdtui.postgres.target.target import Target
from zdtui.postgres.target.tls import client_context


def asyncpg_parameters(conn: psycopg.AsyncConnection[Any], target: Target) -> dict[str, Any]:
    """The arguments of asyncpg.connect, so complete that asyncpg looks nothing up in its own way.

    The address is the one really connected to (a name may have many); with TLS the name is still what is verified.
    psycopg.OperationalError when `conn` is closed.
    """
    info, pgconn = conn.info, conn.pgconn
    options = {option.keyword.decode(): (option.val or b"").decode() for option in pgconn.info}
    tls = client_context(options, info.host) if pgconn.ssl_in_use else None
    return {
        "host": info.hostaddr or info.host,
        "port": info.port,
        "user": info.user,
        "database": info.dbname,
        "password": info.password or target.password or "",
        "ssl": tls if tls is not None else False,
        "direct_tls": tls is not None and options.get("sslnegotiation") == "direct",
        "server_settings": {"options": options["options"]} if options.get("options") else {},
    }
