"""All that is to be known of one row a person has opened: a backend, a prepared transaction, a replication slot.

`zdtui.watch.read_details` asks for it. Data only.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from zdtui.watch.samples import Backend


@dataclass(frozen=True, slots=True)
class OfBackend:
    """A session of the server: a client's, a walsender, one that reports its progress."""

    pid: int
    backend_start: datetime | None = None
    """None: whoever has that pid now, where the row does not say since when."""
    reports_progress: bool = False
    """Ask for the figures of its command, too."""


@dataclass(frozen=True, slots=True)
class OfPrepared:
    """A prepared transaction, which has no session."""

    gid: str


@dataclass(frozen=True, slots=True)
class OfSlot:
    """A replication slot."""

    name: str


Subject = OfBackend | OfPrepared | OfSlot


@dataclass(frozen=True, slots=True)
class OwnLock:
    """A lock that it holds, or wants."""

    mode: str
    what: str
    granted: bool


@dataclass(frozen=True, slots=True)
class Other:
    """A session that keeps it waiting, or that it keeps waiting."""

    pid: int
    """0: a prepared transaction."""
    application: str
    wants: str = ""
    """'ACCESS EXCLUSIVE on public.orders', of one that it keeps waiting."""


@dataclass(frozen=True, slots=True)
class Figures:
    """A row of a view, by that view's own names, without what it leaves null."""

    view: str
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class BackendDetails:
    """One backend at one moment. Where `backend.hidden`, this role may see its locks and nothing else."""

    backend: Backend
    backend_age: timedelta | None
    query_is_cut: bool
    """The server keeps no more of the query than this."""
    worker_pids: tuple[int, ...] = ()
    locks: tuple[OwnLock, ...] = ()
    locks_in_all: int = 0
    """How many it has; more than `locks` where there are very many."""
    kept_by: tuple[Other, ...] = ()
    behind: tuple[Other, ...] = ()
    """Each session it keeps waiting, once, the longest waiting first."""
    figures: tuple[Figures, ...] = ()


@dataclass(frozen=True, slots=True)
class PreparedDetails:
    """A prepared transaction."""

    gid: str
    xid: str
    owner: str
    database: str
    prepared: datetime
    age: timedelta
    locks: tuple[OwnLock, ...]


@dataclass(frozen=True, slots=True)
class SlotDetails:
    """A slot, and the backend that uses it."""

    figures: Figures
    active_pid: int | None


@dataclass(frozen=True, slots=True)
class Gone:
    """It is not there any more: the backend has ended, the transaction is over, the slot was dropped."""


Details = BackendDetails | PreparedDetails | SlotDetails | Gone


@dataclass(frozen=True, slots=True)
class Looked:
    """What is looked at, the newest that is known of it, and why it is not newer."""

    subject: Subject
    details: Details | None = None
    """None until the first answer."""
    taken_at: float = 0.0
    """time.monotonic() of the answer."""
    error: str = ""
    """Why the last look brought no answer; empty when it did."""
