"""One look at one database: its objects, where its sequences stand, what its rows sum to. Pure data."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

Key = tuple[str, str]
"""What kind of object it is, as pg_dump says it, and its name: ('TABLE', 'public.users')."""


@dataclass(frozen=True, slots=True)
class TableSum:
    """What the rows of one table come to."""

    columns: tuple[str, ...]
    """The columns that were summed, by name."""
    rows: int
    total: str
    """The sum of a hash of each row."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What was seen of one database at one moment."""

    facts: Mapping[Key, str]
    """Each object with the text that says what it is: what has to be the same."""
    positions: Mapping[str, str] = field(default_factory=dict)
    """Where each sequence stands."""
    holes: Mapping[str, int] = field(default_factory=dict)
    """Of each table that has any: how many dropped columns leave a gap in it. They are told and do not count."""
    data: Mapping[str, TableSum] = field(default_factory=dict)
    """The rows of the tables that were asked for."""
    unread: tuple[str, ...] = ()
    """What could not be read, each with the reason."""
    made_with: str = ""
    """The pg_dump that read it, and the server: two looks through different glasses are not compared."""

    @property
    def digest(self) -> str:
        """What the schema is known by: SHA-256 in hex over its objects; not over rows and positions."""
        known = hashlib.sha256()
        for (kind, name), text in sorted(self.facts.items()):
            known.update(f"{kind}\0{name}\0{text}\0".encode(errors="surrogateescape"))
        return known.hexdigest()
