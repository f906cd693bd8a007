"""What a statement does to everybody else: which locks it takes on what, what it rewrites and what it scans."""

from dataclasses import dataclass

from zdtui.sql.lock_modes import LockMode
from zdtui.sql.text.name import Name


@dataclass(frozen=True, slots=True)
class Lock:
    """A lock on a relation that was there before the statement; nobody can wait for what the statement makes."""

    relation: Name
    mode: LockMode
    why: str = ""
    """What the relation has to do with the statement: 'the table', 'referenced by it', 'a partition of it'."""
    late: bool = False
    """Taken only in the course of the statement, after others are held: it cannot be asked for up front."""


@dataclass(frozen=True, slots=True)
class Unnamed:
    """A lock on relations that cannot be named from here: nobody knows which depend on a function, or a role owns."""

    what: str
    """In words: 'what depends on it'."""
    mode: LockMode = LockMode.ACCESS_EXCLUSIVE
    """The strongest there may be."""
    rewritten: bool = False
    """Whether it may be written anew too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """Of one statement, on one server version."""

    locks: tuple[Lock, ...] = ()
    """The strongest mode on each relation, sorted by name."""
    absent: tuple[Name, ...] = ()
    """What it names and a schema that was read whole does not have: nothing of it is locked."""
    unnamed: Unnamed | None = None
    """What else may be locked; None: every lock is named."""
    rewrites: tuple[Name, ...] = ()
    """Tables written anew whole, under the lock."""
    scans: tuple[Name, ...] = ()
    """Tables read whole while the lock is held."""
    rebuilds: tuple[Name, ...] = ()
    """Indexes written anew."""
    wal_heavy: bool = False
    """Writes WAL in proportion to the size of the table."""
    transactional: bool = True
    """Whether PostgreSQL takes it in a transaction block."""
    inverse: str | None = None
    """The statement that undoes it with nothing lost, where text alone can tell: 'DROP INDEX CONCURRENTLY i'."""
    source: str = ""
    """The page of PostgreSQL's documentation that says so."""
    known: bool = True
    """False: nobody understood the statement, and the strongest is assumed."""
    certain: bool = True
    """False: what the text does not say decides (a type, a function's body); the worst is assumed."""
    doubt: str = ""
    """One sentence on what decides, when not certain."""

    @property
    def strongest(self) -> Lock | None:
        """The strongest lock; of equals the first by name."""
        return max(self.locks, key=lambda lock: lock.mode.strength, default=None)

    @property
    def blocks_reads(self) -> tuple[Name, ...]:
        """Relations that no SELECT can read meanwhile."""
        return tuple(lock.relation for lock in self.locks if lock.mode.conflicts_with(LockMode.ACCESS_SHARE))

    @property
    def blocks_writes(self) -> tuple[Name, ...]:
        """Relations that no INSERT, UPDATE or DELETE can change meanwhile."""
        return tuple(lock.relation for lock in self.locks if lock.mode.conflicts_with(LockMode.ROW_EXCLUSIVE))

    @property
    def blocks_ddl(self) -> tuple[Name, ...]:
        """Relations on which meanwhile not even gentle DDL or VACUUM runs; ACCESS EXCLUSIVE is kept out by every lock,
        these keep out SHARE UPDATE EXCLUSIVE too."""
        gentle = LockMode.SHARE_UPDATE_EXCLUSIVE
        return tuple(lock.relation for lock in self.locks if lock.mode.conflicts_with(gentle))
