"""Names that a text frees and gives to something else: queries that say them do not fail, they mean something else."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from zdtui.hazards.transaction import renamed
from zdtui.sql.operation import Operation, Role
from zdtui.sql.text.name import Name

TABLES_MADE = ("CREATE TABLE", "CREATE TABLE AS", "SELECT INTO", "CREATE FOREIGN TABLE", "CREATE MATERIALIZED VIEW")
TAKES_ROWS = (
    *("INSERT", "CREATE TABLE AS", "SELECT INTO", "CREATE MATERIALIZED VIEW", "MERGE", "CREATE VIEW"),
    "ALTER TABLE ATTACH",
)
"""How the kinds begin by which a relation gets, or shows, the rows of another."""


@dataclass(frozen=True, slots=True)
class Taker:
    """What gets a name: `was` is what it was called before; None for something new."""

    operation: Operation
    was: str | None


def takers_of_column(operations: Iterable[Operation], table: Name, column: str) -> Iterator[Taker]:
    """What becomes the table's column of that name."""
    for each in operations:
        if each.relation != table:
            continue
        if each.kind.endswith("RENAME COLUMN") and each.new_name == column:
            yield Taker(each, each.column)
        if each.kind.endswith("ADD COLUMN") and each.column == column:
            yield Taker(each, None)


def takers_of_relation(operations: Iterable[Operation], name: Name) -> Iterator[Taker]:
    """What becomes the relation of that name."""
    for each in operations:
        change = renamed(each)
        if change is not None and change.becomes == name:
            yield Taker(each, change.name.name)
        if each.relation == name and each.kind in (*TABLES_MADE, "CREATE VIEW"):
            yield Taker(each, None)


def gets_rows_of(operations: Iterable[Operation], name: Name, others: frozenset[Name]) -> bool:
    """Whether the relation of that name is filled from one of the others, reads it, or has it as its partition."""
    for each in operations:
        read = {*each.mentioned(Role.READ), *each.mentioned(Role.PARTITION)}
        if each.relation == name and read & others and each.kind.startswith(TAKES_ROWS):
            return True
        if each.kind == "ALTER TABLE INHERIT" and each.relation in others and name in each.mentioned(Role.PARENT):
            return True
    return False
