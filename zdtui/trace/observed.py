"""What one statement did on a real server, as data."""

from dataclasses import dataclass

from zdtui.sql.lock_modes import LockMode
from zdtui.sql.text.name import Name


@dataclass(frozen=True, slots=True, order=True)
class ObservedLock:
    """The strongest lock the statement took, or waited for, on a relation that was there before it."""

    relation: Name
    mode: LockMode


@dataclass(frozen=True, slots=True)
class Observed:
    """Only relations that were there before the statement, no system catalogs, no TOAST; sorted by name."""

    locks: tuple[ObservedLock, ...] = ()
    rewrites: tuple[Name, ...] = ()
    """Tables and materialized views whose rows are in another file now, TRUNCATE's empty one included."""
    rebuilds: tuple[Name, ...] = ()
    """Indexes likewise."""
    scans: tuple[Name, ...] = ()
    """Tables read whole."""
    created: tuple[Name, ...] = ()
    """Relations that were not there before."""
