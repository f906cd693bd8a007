"""Who holds, wants and waits for table locks, as data. Needs no driver."""

from dataclasses import dataclass

from zdtui.amounts import age
from zdtui.counted import counted
from zdtui.postgres.sessions.identity import BackendKey
from zdtui.sql.lock_modes import LockMode
from zdtui.sql.text.quote import quote_identifier


@dataclass(frozen=True, slots=True)
class Target:
    """A relation that is there, and the mode in which it is to be locked."""

    oid: int
    schema: str
    name: str
    mode: LockMode
    depth: int = 0
    """0 for a relation without parents, 1 for its children or partitions ..."""
    lockable: bool = True
    """False: LOCK TABLE does not take it, or this role may not; it is only looked at."""

    @property
    def written(self) -> str:
        """The name as SQL takes it."""
        return f"{quote_identifier(self.schema)}.{quote_identifier(self.name)}"

    def __str__(self) -> str:
        return f"{self.mode} on {self.schema}.{self.name}"


@dataclass(frozen=True, slots=True)
class Holder:
    """A lock of somebody else's that keeps out one of ours."""

    backend: BackendKey
    """pid 0: a prepared transaction."""
    transaction: str
    """Its virtual transaction id: with the pid, one transaction of one session."""
    mode: LockMode
    granted: bool
    """False: it waits for that lock itself, and we would have to wait behind it."""
    target: Target
    age: float | None
    """Seconds since its transaction began; None when the role may not see it."""
    application: str = ""
    state: str = ""
    query: str = ""
    backend_type: str = ""
    user: str | None = None
    database: str | None = None
    query_age: float | None = None
    state_age: float | None = None
    has_written: bool | None = False
    """Its transaction has an id: it has changed something, which is undone if it is ended. None: hidden."""
    client_address: str | None = None
    client_port: int | None = None
    """-1 with a Unix socket, as pg_stat_activity says."""
    workers: int = 0
    """Parallel workers of this session whose locks are told as its own here."""
    hidden: bool = False
    """The role may not see the rest, nor whether it is a parallel worker of another session."""

    @property
    def pid(self) -> int:
        """Of the session."""
        return self.backend.pid

    def __str__(self) -> str:
        if self.pid == 0:
            return f"a prepared transaction, {self.mode} on {self.target.name}"
        since = "" if self.age is None else f" {age(self.age)}"
        name = self.application or ("autovacuum" if self.backend_type == "autovacuum worker" else "")
        workers = f" with {counted(self.workers, 'parallel worker')}" if self.workers else ""
        state = "(hidden from this role)" if self.hidden else self.state
        return " ".join(f"{self.pid} {name} {state}{since}{workers}".split())


@dataclass(frozen=True, slots=True)
class Victim:
    """A session that could go on if ours were not there, or stood behind it in the queue."""

    pid: int
    waited: float
    """Seconds."""
