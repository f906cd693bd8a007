"""The columns of a relation, and what a value becomes when it is assigned to one of them."""

from dataclasses import dataclass

from zdtui.postgres.ask import Connection, ask
from zdtui.postgres.sql_text import sql_text

INT2, INT4, INT8 = 21, 23, 20
FLOAT4, FLOAT8 = 700, 701
TEXT, VARCHAR, BPCHAR, NAME = 25, 1043, 1042, 19
NUMERIC = 1700
"""Types by oid: src/include/catalog/pg_type.dat never renumbers them."""
WIDER = {
    (INT2, INT4),
    (INT2, INT8),
    (INT4, INT8),
    (FLOAT4, FLOAT8),
    (VARCHAR, TEXT),
    (TEXT, VARCHAR),
    (NAME, TEXT),
    (BPCHAR, TEXT),
}
"""Pairs of types where two values that differ in the first differ in the second too."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column as the catalog holds it."""

    name: str
    quoted: str
    assigned: str
    """The type a value is cast to so that it is what an assignment would store."""
    type: int
    typmod: int
    not_null: bool
    always_identity: bool
    generated: bool
    collation: str
    """Quoted and qualified; empty where the type has none."""
    deterministic: bool
    equal: str = "OPERATOR(pg_catalog.=)"
    """The operator of its type's own order that says two values are the same, with its schema."""

    def value(self, expression: str) -> str:
        """The expression as this column would hold it, under this column's collation."""
        collated = f" COLLATE {self.collation}" if self.collation else ""
        return f"({expression})::{self.assigned}{collated}"

    def keeps_apart(self, source: "Column") -> bool:
        """Whether two values that differ in `source` certainly differ once they are assigned here."""
        if not self.deterministic or (0 <= self.typmod != source.typmod):
            return False
        if self.type == source.type:
            return self.collation == source.collation or self.type in (TEXT, VARCHAR, BPCHAR, NAME)
        return (source.type, self.type) in WIDER


async def find_columns(connection: Connection, relation: str) -> dict[str, Column]:
    """The columns by their bare name, in their order; none of a relation that is not there."""
    rows = await ask(connection, sql_text(__name__, "columns"), [relation])
    return {row[0]: Column(*row) for row in rows}
