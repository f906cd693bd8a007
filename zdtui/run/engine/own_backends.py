"""The backends of this console's sessions beside the working one: found to be dead, and ended when left behind.

A backend that has lost us in the middle of what was sent together keeps its locks, and whoever goes on waits for it:
for a worker's rows, for the journal's head. As long as its link seems to live, no limit of the server's ends it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from psycopg.pq import TransactionStatus

from zdtui.postgres.ask import Connection, ask
from zdtui.postgres.queries import query
from zdtui.postgres.sessions.connect import Target, connect
from zdtui.postgres.sessions.identity import BackendKey
from zdtui.postgres.sessions.link import cut
from zdtui.postgres.sessions.session import Session
from zdtui.run.engine.liveness import Liveness


@dataclass
class OwnBackends:
    """Those of a step's own sessions while they are open, and those of every session this console has let go of."""

    at_work: dict[Session, Liveness] = field(default_factory=dict)
    let_go: set[BackendKey] = field(default_factory=set)

    async def open(self, target: Target, name: str) -> Session:
        """One more session for the step under way. Raises TargetError."""
        return self.opened(await connect(target, application_name=name, only_asks=False))

    def opened(self, session: Session) -> Session:
        """A step works on it from now on."""
        self.at_work[session] = Liveness()
        return session

    def drop(self, sessions: Iterable[Connection]) -> None:
        """This console has no use for them any more, whatever the server knows of that."""
        self.let_go.update(each.backend for each in sessions if isinstance(each, Session) and each.backend is not None)

    async def cut_dead(self, asked_on: Connection) -> None:
        """Whoever waits on one whose backend is gone, or does not hear us, hears so. Raises psycopg.Error."""
        self._closed_are_let_go()
        for session, liveness in tuple(self.at_work.items()):
            liveness.heard(session.pgconn.transaction_status == TransactionStatus.ACTIVE)
            if session.backend is not None and await liveness.wrong(asked_on, session.backend) is not None:
                cut(session)

    async def left(self, asked_on: Connection) -> tuple[BackendKey, ...]:
        """Backends that live on though this console has let go of them. Raises psycopg.Error."""
        self._closed_are_let_go()
        if not self.let_go:
            return ()
        known = sorted(self.let_go, key=lambda each: each.pid)
        columns = [each.pid for each in known], [each.backend_start for each in known]
        self.let_go = {BackendKey(*row) for row in await ask(asked_on, query("own_backends"), columns)}
        return tuple(each for each in known if each in self.let_go)

    def _closed_are_let_go(self) -> None:
        closed = [session for session in self.at_work if session.closed]
        for session in closed:
            del self.at_work[session]
        self.drop(closed)
