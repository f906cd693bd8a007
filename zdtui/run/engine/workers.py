"""The sessions that steps of this console open beside the working one: found to be dead, and ended when left behind.

A backend that has lost us in the middle of a batch keeps its rows locked, and a batch of ours would wait for them. As
long as its link seems to live, no limit of the server's ends it.
"""

from dataclasses import dataclass, field

from psycopg.pq import TransactionStatus

from zdtui.postgres.ask import ask
from zdtui.postgres.queries import query
from zdtui.postgres.sessions.connect import Target, closed_unless_kept, connect
from zdtui.postgres.sessions.identity import BackendKey
from zdtui.postgres.sessions.link import cut
from zdtui.postgres.sessions.own_backend import backend_key
from zdtui.run.engine.liveness import Liveness
from zdtui.run.journal.store import Connection


@dataclass
class Workers:
    """Every worker's backend that may still be there."""

    opened: dict[BackendKey, tuple[Connection, Liveness]] = field(default_factory=dict)

    async def open(self, target: Target, plan_name: str) -> Connection:
        """Another session for batches. Raises TargetError and psycopg.Error."""
        connection = await connect(target, application_name=f"zdtui {plan_name} worker"[:63])
        async with closed_unless_kept(connection) as keep:
            self.opened[await backend_key(connection)] = connection, Liveness()
            keep()
        return connection

    async def cut_dead(self, asked_on: Connection) -> None:
        """Whoever waits on one whose backend is gone, or does not hear us, hears so. Raises psycopg.Error."""
        for backend, (connection, liveness) in tuple(self.opened.items()):
            if connection.closed:
                continue
            liveness.heard(connection.pgconn.transaction_status == TransactionStatus.ACTIVE)
            if await liveness.wrong(asked_on, backend) is not None:
                cut(connection)

    async def left(self, asked_on: Connection) -> tuple[BackendKey, ...]:
        """Backends that live on though this console has closed or lost their sessions. Raises psycopg.Error."""
        for backend, (connection, _) in tuple(self.opened.items()):
            if connection.closed and not await ask(
                asked_on, query("own_backend"), [backend.pid, backend.backend_start]
            ):
                del self.opened[backend]
        return tuple(backend for backend, (connection, _) in self.opened.items() if connection.closed)
