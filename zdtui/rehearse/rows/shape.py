"""What is known of a table that is to be filled. Pure data."""

from dataclasses import dataclass

from zdtui.sql.text.name import Name


@dataclass(frozen=True, slots=True)
class Statistics:
    """What the planner knows of a column's values on the target, and none of them."""

    n_distinct: float = 0.0
    """How many different ones: as they are, or where below 0 by their share of the rows; 0: not known."""
    null_fraction: float = 0.0
    width: int = 0
    lengths: tuple[int, ...] = ()
    """Of the most common values, as text."""


@dataclass(frozen=True, slots=True)
class Column:
    """What may stand in a column."""

    name: str
    type: str
    base: str
    """The type, of a domain the one below it, without a length."""
    element: str | None = None
    most: int | None = None
    """Characters of a text, digits before the point of a number; None: any."""
    required: bool = False
    computed: bool = False
    sequence: str | None = None
    labels: tuple[str, ...] = ()
    """Of an enumeration."""
    checked: tuple[str, ...] = ()
    """Texts that a CHECK lets stand there."""
    has_check: bool = False
    statistics: Statistics = Statistics()


@dataclass(frozen=True, slots=True)
class Reference:
    """A foreign key."""

    columns: tuple[str, ...]
    table: Name
    other: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A partition, and what of its bound a row has to be: the key's value, as a literal; None: anything fits."""

    table: str
    value: str | None


@dataclass(frozen=True, slots=True)
class Shape:
    """A table."""

    table: Name
    columns: tuple[Column, ...]
    unique: tuple[tuple[str, ...], ...] = ()
    references: tuple[Reference, ...] = ()
    partitioned_by: str | None = None
    parts: tuple[Part, ...] = ()
    rows: int | None = None
    """On the target, by estimate."""

    def column(self, name: str) -> Column | None:
        """The column of that name."""
        return next((each for each in self.columns if each.name == name), None)
