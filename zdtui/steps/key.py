"""One key of the plan file: what the loader, the JSON Schema, the reference and the writer are made from. Pure."""

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple


class Kind(Enum):
    """What may stand after a key."""

    VERSION = "1"
    TEXT = "text"
    NAME = "name: lower case letters, digits and dashes"
    SQL = "SQL"
    ADDRESS = "an address that begins with http:// or https://"
    FILE = "a path, relative to the plan file"
    DURATION = "a time: 500ms, 10s, 1h30min, 24h"
    LIMIT_DURATION = "a time, or `off`"
    LIMIT_COUNT = "a whole number, or `off`"
    LIMIT_SIZE = "a size: 64MB, 2GB, or `off`"
    COUNT = "a whole number"
    WINDOWS = "a time of day in UTC, 22:00-06:00, or a list of them"
    CHOICE = "one of a few words"
    TEXTS = "one text or a list of texts"
    COLUMNS = "a column name or a list of them"
    PAIRS = "a mapping of names to SQL expressions"
    REASONS = "a mapping of hazards to reasons"
    OBJECT = "a mapping"
    OBJECTS = "a list of mappings"


@dataclass(frozen=True, slots=True)
class Key:
    """One key of one kind of mapping."""

    name: str
    kind: Kind
    description: str
    required: bool = False
    choices: tuple[str, ...] = ()
    of: str = ""
    """For OBJECT and OBJECTS: which table of keys describes it."""
    or_text: bool = False
    """An OBJECT that may also be written as plain SQL."""
    positive: bool = False
    """A COUNT or DURATION that must be more than nothing."""
    field: str = ""
    """The field of the model, where it has another name."""
    names_table: bool = False
    """A TEXT that must be the name of a table."""
    most: int | None = None
    """A COUNT that must not be more."""
    why_most: str = ""

    @property
    def field_name(self) -> str:
        """The field of the model that holds the value."""
        return self.field or self.name


class Table(NamedTuple):
    """The keys of one kind of mapping."""

    keys: tuple[Key, ...]
    introduction: str
    """What the reference says of it."""
