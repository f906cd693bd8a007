"""When two values are the same: as they are stored, to the last bit, numbers by what they are worth. Pure.

PostgreSQL's own equality is too kind for a proof: two boxes are "equal" that have the same area, '1 month' that is
'30 days', 0 that is -0, and under some collations 'a' that is 'A'. Some types have none (json, xml, point). So values
are compared by their text, in the settings that every session of ours has (all digits of a float); only a numeric's
zeros at its end and the blanks at the end of a char(n) are nothing but the way it is written.
"""

from dataclasses import dataclass

from zdtui.postgres.columns import BPCHAR, NAME, NUMERIC, TEXT, VARCHAR, Column

EXACT = frozenset({16, 17, 18, 20, 21, 23, 26, 650, 829, 869, 1082, 1083, 1114, 1184, 1700, 2950})
"""Types whose own equality is that of their text, or of their worth: boolean, bytea, "char", integers, oid, network
addresses, date, time, timestamps, numeric, uuid. By oid (src/include/catalog/pg_type.dat)."""
STRINGS = frozenset({TEXT, VARCHAR, BPCHAR, NAME})


@dataclass(frozen=True, slots=True)
class Compared:
    """A column of the target, and the expression over the source that says what it must hold."""

    column: Column
    expression: str
    by_text: bool = False
    """The expression cannot be cast to the column's type: both are compared by their text."""

    @property
    def target(self) -> str:
        """What the target holds, for a checksum."""
        return self._canonical(self.column.quoted)

    @property
    def source(self) -> str:
        """What the source says, as the column would hold it, for a checksum."""
        return self._canonical(f"({self.expression})" if self.by_text else self.cast)

    @property
    def cast(self) -> str:
        """The expression as the column's type."""
        return f"({self.expression})::{self.column.assigned}"

    @property
    def differs(self) -> str:
        """Whether the two are not the same, where both are columns of one table."""
        if not self.by_text and self.column.type in EXACT:
            return f"pg_catalog.record_ne(ROW(({self.column.quoted})::{self.column.assigned}), ROW({self.cast}))"
        own, other = (
            f'({each})::pg_catalog.text COLLATE pg_catalog."C"'
            for each in (self.column.quoted, self.expression if self.by_text else self.cast)
        )
        return f"pg_catalog.record_ne(ROW({own}), ROW({other}))"

    def _canonical(self, value: str) -> str:
        if self.by_text or self.column.type in STRINGS:
            return f"({value})::pg_catalog.text"
        return f"pg_catalog.trim_scale({value})" if self.column.type == NUMERIC else value


def checksum(values: list[str]) -> str:
    """64 bits of a row of values, whatever the collation of the database."""
    return f'pg_catalog.hashtextextended(ROW({", ".join(values)})::pg_catalog.text COLLATE pg_catalog."C", 0)'
