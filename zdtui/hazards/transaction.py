"""What a transaction or a text does as a whole: what one statement takes away, another may bring back, and a name that
is freed may be taken by something else: queries that say it do not fail, they mean something else."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from zdtui.sql.operation import Operation, Role
from zdtui.sql.text.name import Name

TABLES_MADE = ("CREATE TABLE", "CREATE TABLE AS", "SELECT INTO", "CREATE FOREIGN TABLE", "CREATE MATERIALIZED VIEW")
TAKES_ROWS = (
    *("INSERT", "CREATE TABLE AS", "SELECT INTO", "CREATE MATERIALIZED VIEW", "MERGE", "CREATE VIEW"),
    "ALTER TABLE ATTACH",
)
"""How the kinds begin by which a relation gets, or shows, the rows of another."""
Columns = frozenset[tuple[Name, str]]
MAKES = (
    *("CREATE TABLE", "CREATE FOREIGN TABLE", "CREATE VIEW", "CREATE MATERIALIZED VIEW", "CREATE SEQUENCE"),
    "SELECT INTO",
)
"""How the kinds begin that make a relation; CREATE INDEX names the table that it is on."""


@dataclass(frozen=True)
class Transaction:
    """Every operation of a transaction, in order; names are as they are written in it."""

    operations: tuple[Operation, ...] = ()

    @cached_property
    def makes(self) -> frozenset[Name]:
        """Relations that are made, or that get their name."""
        made = {each.relation for each in self.operations if each.kind.startswith(MAKES) and each.relation}
        return frozenset(made | {each.becomes for each in self._renamed})

    @cached_property
    def takes_away(self) -> frozenset[Name]:
        """Relations that are dropped, or that lose their name."""
        dropped = (each for each in self.operations if each.kind.startswith("DROP "))
        names = {name for each in dropped for name in (each.relation, *each.mentioned(Role.ALSO)) if name}
        return frozenset(names | {each.name for each in self._renamed})

    @cached_property
    def indexes(self) -> dict[Name, tuple[tuple[int, Operation], ...]]:
        """Indexes that are made, by the table as it is written, each with its place among the operations."""
        found: dict[Name, tuple[tuple[int, Operation], ...]] = {}
        for place, each in enumerate(self.operations):
            if each.relation is not None and each.kind in ("CREATE INDEX", "CREATE INDEX CONCURRENTLY"):
                found[each.relation] = (*found.get(each.relation, ()), (place, each))
        return found

    @cached_property
    def makes_columns(self) -> Columns:
        """Columns that are added."""
        return self._columns("ALTER TABLE ADD COLUMN")

    @cached_property
    def columns_renamed_from(self) -> Columns:
        """Columns that lose their name."""
        return self._columns("ALTER TABLE RENAME COLUMN")

    @cached_property
    def drops_columns(self) -> Columns:
        """Columns that are dropped."""
        return self._columns("ALTER TABLE DROP COLUMN")

    def _columns(self, kind: str) -> Columns:
        return frozenset(
            (each.relation, each.column)
            for each in self.operations
            if each.kind == kind and each.relation and each.column
        )

    @cached_property
    def _renamed(self) -> tuple["Renamed", ...]:
        return tuple(found for each in self.operations if (found := renamed(each)) is not None)


@dataclass(frozen=True, slots=True)
class Renamed:
    """A relation that gets another name."""

    name: Name
    becomes: Name


def renamed(operation: Operation) -> Renamed | None:
    """From what to what a relation is renamed or moved; None for everything else."""
    name, new = operation.relation, operation.new_name
    if name is None or new is None:
        return None
    if operation.kind.endswith(" RENAME"):
        return Renamed(name, Name(name.schema, new))
    return Renamed(name, Name(new, name.name)) if operation.kind.endswith(" SET SCHEMA") else None


@dataclass(frozen=True, slots=True)
class Taker:
    """What gets a name: `was` is what it was called before; None for something new."""

    operation: Operation
    was: str | None


def takers_of_column(operations: Iterable[Operation], table: Name, column: str) -> Iterator[Taker]:
    """What becomes the table's column, or the type's attribute, of that name."""
    for each in operations:
        if each.relation != table:
            continue
        if each.kind.endswith(("RENAME COLUMN", "RENAME ATTRIBUTE")) and each.new_name == column:
            yield Taker(each, each.column)
        if each.kind.endswith(("ADD COLUMN", "ADD ATTRIBUTE")) and each.column == column:
            yield Taker(each, None)


def takers_of_relation(operations: Iterable[Operation], name: Name) -> Iterator[Taker]:
    """What becomes the relation of that name."""
    for each in operations:
        change = renamed(each)
        if change is not None and change.becomes == name:
            yield Taker(each, change.name.name)
        if each.relation == name and each.kind in (*TABLES_MADE, "CREATE VIEW"):
            yield Taker(each, None)


NAMED_ALIKE = (frozenset({"TYPE", "DOMAIN"}), frozenset({"FUNCTION", "PROCEDURE", "ROUTINE", "AGGREGATE"}))
"""Kinds of object that take names from each other; every other kind has names of its own."""


def takers_of_object(operations: Iterable[Operation], what: str, name: Name) -> Iterator[Taker]:
    """What becomes the type, function, sequence or schema (`what`, in capitals) of that name."""
    alike = next((each for each in NAMED_ALIKE if what in each), frozenset({what}))
    for each in operations:
        verb, *rest = each.kind.split(" ")
        own = each.relation or each.object
        if own is None or rest[:1] == [] or rest[0] not in alike:
            continue
        if verb == "CREATE" and own == name:
            yield Taker(each, None)
        if verb == "ALTER" and each.new_name is not None and _becomes(each, own, each.new_name) == name:
            yield Taker(each, own.name)


def _becomes(operation: Operation, own: Name, new: str) -> Name | None:
    if operation.kind.endswith(" RENAME") or "RENAME" in operation.words:
        return Name(own.schema, new)
    moved = operation.kind.endswith(" SET SCHEMA") or "SET SCHEMA" in operation.words
    return Name(new, own.name) if moved else None


def gets_rows_of(operations: Iterable[Operation], name: Name, others: frozenset[Name]) -> bool:
    """Whether the relation of that name is filled from one of the others, reads it, or has it as its partition."""
    for each in operations:
        read = {*each.mentioned(Role.READ), *each.mentioned(Role.PARTITION)}
        if each.relation == name and read & others and each.kind.startswith(TAKES_ROWS):
            return True
        if each.kind == "ALTER TABLE INHERIT" and each.relation in others and name in each.mentioned(Role.PARENT):
            return True
    return False
