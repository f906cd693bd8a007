"""What the panes show and the guards judge: frozen samples, as PostgreSQL names things.

Durations are timedelta, sizes are bytes, times are aware datetimes in UTC as the *server* told them. What could not be
seen is `Unseen` (`zdtui.watch.unseen`), never 0, None or empty.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from enum import StrEnum
from typing import Generic, NewType, TypeVar

from zdtui.hazards.weight import Weight
from zdtui.postgres.sessions.identity import BackendKey as BackendKey
from zdtui.sql.text.name import Name
from zdtui.watch.unseen import Unseen as Unseen

Pid = NewType("Pid", int)


class Pane(StrEnum):
    """What is watched: `zdtui.watch.probes` says how, `screens.panes` where it is shown. In the order of the screen."""

    LOCKS = "locks"
    QUERIES = "queries"
    REPLICATION = "replication"
    PROGRESS = "progress"
    WEIGHTS = "weights"
    SERVER = "server"


class Sample:
    """What a probe makes of the rows at one moment."""

    __slots__ = ()

    def in_sight(self) -> "Iterable[Backend]":
        """The backends that stand in it, each of which can be selected where it is shown, and signalled."""
        return ()


@dataclass(frozen=True, slots=True)
class Backend:
    """One row of pg_stat_activity. A column the role may not see is None, and `hidden` is True."""

    key: BackendKey
    user: str | None
    application: str
    database: str | None
    state: str | None
    """active, idle, idle in transaction ... ; None when hidden."""
    wait_event_type: str | None
    wait_event: str | None
    transaction_age: timedelta | None
    query_age: timedelta | None
    state_age: timedelta | None
    query: str
    backend_type: str
    xmin_age: int | None = None
    """Transactions between the backend's xmin and now; None when it holds no snapshot."""
    ours: bool = False
    """Belongs to this zdtui (conductor, journal or watcher)."""
    hidden: bool = False
    has_written: bool | None = False
    """Its transaction has an id: it has changed something, which is undone if that is ended. None: hidden."""
    client_address: str | None = None
    """Where its client connects from; 'local': by a Unix socket. None when hidden, and where there is no client."""
    client_port: int | None = None
    """Of that address; None with a Unix socket."""
    workers: int = 0
    """Parallel workers that it leads now. They are part of it: they end with its statement, and are never signalled."""
    leader_pid: int | None = None
    """Who leads it, where it is a parallel worker itself."""


@dataclass(frozen=True, slots=True)
class LockNode:
    """A backend in the lock tree, with those that wait behind it."""

    backend: Backend
    mode: str
    """Wanted mode when it waits (waiting_for is not None), else the strongest conflicting mode it holds."""
    relation: str
    """schema.table, or what pg_locks names instead: 'transaction 4711', 'tuple of ...', 'advisory'."""
    waiting: timedelta | None
    """How long it has been waiting; None for a root that waits for nobody."""
    children: tuple["LockNode", ...] = ()


def nodes_of(roots: tuple[LockNode, ...]) -> Iterator[LockNode]:
    """Every node of these lock trees, parents first."""
    stack = list(reversed(roots))
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(node.children))


@dataclass(frozen=True, slots=True)
class LocksSample(Sample):
    """Who blocks whom. Roots block and are not blocked; empty when nobody waits."""

    roots: tuple[LockNode, ...] = ()
    waiting: int = 0
    """Sessions waiting for a heavyweight lock, each counted once."""
    longest_wait: timedelta = timedelta(0)
    waiting_behind_us: int = 0
    """Sessions that wait, directly or through others, behind a backend of ours."""
    victims_lost: timedelta = timedelta(0)
    """Sum of the waits so far of the sessions behind us."""

    def in_sight(self) -> Iterator[Backend]:
        """Every backend of the trees."""
        return (node.backend for node in nodes_of(self.roots))


@dataclass(frozen=True, slots=True)
class QueriesSample(Sample):
    """Long-running and idle-in-transaction sessions, the oldest transaction first."""

    backends: tuple[Backend, ...] = ()
    oldest_transaction: timedelta | Unseen = timedelta(0)
    """Age of the oldest transaction of any session that is not ours; 0: none is open."""
    total_sessions: int = 0
    active_sessions: int | Unseen = 0
    idle_in_transaction: int | Unseen = 0
    hidden_sessions: int = 0
    """Sessions whose columns this role may not see (grant pg_monitor)."""
    untouchable: Mapping[str, str] = field(default_factory=dict)
    """Roles whose sessions this one may neither cancel nor terminate, and why."""

    def in_sight(self) -> tuple[Backend, ...]:
        """Every backend that is listed."""
        return self.backends

    def why_untouchable(self, backend: Backend) -> str:
        """Why nobody here may end that session; empty when one may."""
        return "" if backend.user is None else self.untouchable.get(backend.user, "")


@dataclass(frozen=True, slots=True)
class Standby:
    """One row of pg_stat_replication. A lag in time is None when the standby has nothing to replay.

    `replay_lag` is the server's figure or, if longer, the time since the WAL was certainly beyond the last report.
    `hidden`: this role may not see the row; then no other column means anything.
    """

    name: str
    client: str
    state: str
    sync_state: str
    write_lag: timedelta | None
    flush_lag: timedelta | None
    replay_lag: timedelta | Unseen | None
    replay_lag_bytes: int | Unseen | None
    hidden: bool = False
    drain: timedelta | None = None
    """How long it will take to replay what it has not replayed yet, at its present pace; None before that is known."""
    balance: float = 1.0
    """Bytes replayed for each byte written since the sample before: under 1 it falls behind, and can take only so much
    of the present load. 1 while it keeps up, because how much more it could take is not known."""
    history: tuple[float, ...] = ()
    """Replay lag of the last minute in seconds, oldest first, for the sparkline."""
    pid: int | None = None
    """Of the walsender that serves it; None where no session here does."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One row of pg_replication_slots."""

    name: str
    slot_type: str
    active: bool
    retained_bytes: int | Unseen | None
    """None: it retains nothing yet."""
    wal_status: str | None


@dataclass(frozen=True, slots=True)
class ReplicationSample(Sample):
    """Standbys and slots. `worst_lag` is the largest replay lag of a standby that streams or catches up.

    It is None when no standby does, and when none has anything to replay.
    """

    standbys: tuple[Standby, ...] | Unseen = ()
    slots: tuple[Slot, ...] | Unseen = ()
    worst_lag: timedelta | Unseen | None = None
    worst_standby: str | None = None
    in_recovery: bool = False
    source: str = ""
    """Where the lags come from when it is not pg_stat_replication: 'aurora_replica_status()'."""


@dataclass(frozen=True, slots=True)
class CommandProgress:
    """One row of pg_stat_progress_create_index, _vacuum, _analyze, _cluster, _basebackup or _copy."""

    pid: int
    command: str
    relation: str
    phase: str
    done: int
    total: int
    unit: str
    """blocks, tuples, bytes or lockers: what `done` and `total` count."""
    waits_for: int | None = None
    """pid a CONCURRENTLY build waits for (current_locker_pid)."""
    ours: bool = False


@dataclass(frozen=True, slots=True)
class SnapshotHolder:
    """A session whose snapshot is older than our CONCURRENTLY build, which must wait for it."""

    backend: Backend


@dataclass(frozen=True, slots=True)
class ProgressSample(Sample):
    """What the server says of long commands, and who holds old snapshots."""

    commands: tuple[CommandProgress, ...] = ()
    snapshot_holders: tuple[SnapshotHolder, ...] = ()
    hidden_commands: int = 0
    """Commands of others whose progress this role may not see (grant pg_monitor)."""

    def in_sight(self) -> Iterator[Backend]:
        """Who holds an old snapshot."""
        return (holder.backend for holder in self.snapshot_holders)


@dataclass(frozen=True, slots=True)
class ServerSample(Sample):
    """What presses on the whole server. None where there is nothing of the kind: a standby writes no WAL."""

    wal_bytes_per_second: float | Unseen | None = None
    archive_backlog: int | Unseen | None = None
    """WAL segments that wait for the archiver; None: nothing is archived here."""
    requested_checkpoints: int | Unseen | None = None
    """Server checkpoints that were asked for in the last five minutes, because WAL grew too fast or by hand."""
    vacuumed: tuple[str, ...] | Unseen = ()
    """Tables that VACUUM works on now."""


@dataclass(frozen=True, slots=True)
class WeightsSample(Sample):
    """The relations the next step would touch."""

    weights: tuple[Weight, ...] = ()

    def of(self, relation: Name) -> Weight | None:
        """The weight of that relation, if it was asked for and exists."""
        return next((each for each in self.weights if each.relation == relation), None)


S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Reading(Generic[S]):
    """The newest sample of a probe, how old it is, and what went wrong since."""

    sample: S | None = None
    taken_at: float | None = None
    """time.monotonic() when the sample arrived; None before the first."""
    error: str | None = None
    """One sentence when the last try failed; the sample is then stale, not gone."""

    def age(self, now: float) -> float | None:
        """Seconds since the sample arrived, `now` being time.monotonic(); None before the first."""
        return None if self.taken_at is None else max(0.0, now - self.taken_at)


@dataclass(frozen=True, slots=True)
class Samples:
    """The newest reading of everything that is watched, by the names of `Pane`."""

    locks: Reading[LocksSample] = field(default_factory=Reading)
    queries: Reading[QueriesSample] = field(default_factory=Reading)
    replication: Reading[ReplicationSample] = field(default_factory=Reading)
    progress: Reading[ProgressSample] = field(default_factory=Reading)
    weights: Reading[WeightsSample] = field(default_factory=Reading)
    server: Reading[ServerSample] = field(default_factory=Reading)

    def in_sight(self) -> Iterator[Backend]:
        """Every backend that is shown, in the order of the panes; one that stands in two comes twice."""
        for each in fields(self):
            reading: Reading[Sample] = getattr(self, each.name)
            if reading.sample is not None:
                yield from reading.sample.in_sight()
