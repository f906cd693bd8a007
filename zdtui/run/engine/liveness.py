"""Whether the backend of the working session still lives and still hears us, asked of the server on another session.

A statement at work says nothing: whether its link is dead, whatever the network acknowledges, only the server can tell.
Gone: it has no such backend any more. Deaf: it has long been idle, and we have waited for its answer all that time.
"""

import time
from dataclasses import dataclass

from zdtui.amounts import age
from zdtui.postgres.ask import Connection, ask
from zdtui.postgres.queries import query
from zdtui.postgres.sessions.identity import BackendKey

IN_A_PIPELINE = "in a pipeline"
WAITS_FOR_US = ("idle", "idle in transaction", "idle in transaction (aborted)", IN_A_PIPELINE)
DEAF_AFTER = 6.0
"""Seconds of both that are no accident: a server that is idle, and we who wait for it."""


@dataclass
class Liveness:
    """Remembers since when our side has been waiting."""

    waiting_since: float | None = None
    in_a_pipeline_since: float | None = None
    """time.monotonic() since when each look found the backend waiting for the rest of what was sent together."""

    def heard(self, waits: bool) -> None:
        """Whether our side waits for an answer at this moment."""
        if not waits:
            self.waiting_since = None
        elif self.waiting_since is None:
            self.waiting_since = time.monotonic()

    @property
    def waited(self) -> float:
        """Seconds our side has been waiting for."""
        return 0.0 if self.waiting_since is None else time.monotonic() - self.waiting_since

    async def wrong(self, connection: Connection, backend: BackendKey) -> str | None:
        """What is wrong with the backend, asked on `connection`; None: nothing. Raises psycopg.Error."""
        rows = await ask(connection, query("own_backend"), [backend.pid, backend.backend_start])
        if not rows:
            return f"the server has no backend {backend.pid} any more: it has ended our working session"
        state, seconds = rows[0]
        if state != IN_A_PIPELINE:
            self.in_a_pipeline_since = None
        else:
            self.in_a_pipeline_since = self.in_a_pipeline_since or time.monotonic()
            seconds = time.monotonic() - self.in_a_pipeline_since
        if state in WAITS_FOR_US and seconds >= DEAF_AFTER and self.waited >= DEAF_AFTER:
            return (
                f"backend {backend.pid} has been {state} for {age(seconds)} and its answer does not arrive:"
                " the link to it is dead"
            )
        return None
