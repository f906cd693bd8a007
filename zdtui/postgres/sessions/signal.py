"""Cancelling or terminating exactly the backend that was shown, and no other that got its pid since."""

from typing import Literal

from zdtui.postgres.ask import Connection, ask
from zdtui.postgres.queries import query
from zdtui.postgres.sessions.identity import BackendKey


async def signal_backend(connection: Connection, backend: BackendKey, action: Literal["cancel", "terminate"]) -> bool:
    """True when the signal was delivered; False when that backend is gone or is not an ordinary client.

    Raises psycopg.Error when the role may not (grant pg_signal_backend).
    """
    rows = await ask(connection, query(f"signal_{action}"), [backend.pid, backend.backend_start])
    return bool(rows and rows[0][0])
