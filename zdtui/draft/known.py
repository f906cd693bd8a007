"""What a draft has to go on: the tables as a catalog or a file of SQL has them, and how big and busy they are. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from zdtui.sql.schema.relations import Hang, KnownColumn, Relation, RelationKind, Schema
from zdtui.sql.text.name import Name

OLDEST = 14
"""The server a draft is made for where nobody says: what is right there is right on every later one."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is of a table, as of the last ANALYZE; None: not known."""

    rows: int | None = None
    size_bytes: int | None = None
    writes_per_second: float | None = None


@dataclass(frozen=True, slots=True)
class Dependent:
    """What hangs on a column."""

    said: str
    """As the server calls it, or as a person would."""
    thing: tuple[Name, str] | None = None
    """An index or a sequence by its name and '', a constraint by its table and its name; None: something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of the tables."""

    schema: Schema = field(default_factory=Schema)
    version: int = OLDEST
    """Major version of the server."""
    defaults: Mapping[tuple[Name, str], str] = field(default_factory=dict)
    """By table and column: the expression of its default."""
    generated: frozenset[tuple[Name, str]] = frozenset()
    """Columns that the server fills itself: generated or identity."""
    index_definitions: Mapping[Name, str] = field(default_factory=dict)
    """By index: the statement that makes it, as pg_get_indexdef() writes it or as the file has it."""
    identity: Mapping[tuple[Name, str], str] = field(default_factory=dict)
    """By table and column: GENERATED 'ALWAYS' or 'BY DEFAULT' AS IDENTITY."""
    constraints: Mapping[tuple[Name, str], str] = field(default_factory=dict)
    """By table and constraint: the statement that adds it."""
    sequence_types: Mapping[Name, str] = field(default_factory=dict)
    """By sequence: the type of its values."""
    dependents: Mapping[tuple[Name, str], tuple[Dependent, ...]] | None = None
    """By table and column: what hangs on it. None: only what `schema` tells is known."""
    trigger_functions: Mapping[Name, tuple[tuple[str, str], ...]] | None = None
    """By table: the PL/pgSQL functions that its triggers run, each with its cost. None: not known."""
    grants: Mapping[Name, tuple[str, ...]] | None = None
    """By table: what gives another relation the same owner and privileges, with {} for it. None: not known."""
    extensions: frozenset[str] | None = None
    """Those of the database; None: not known."""
    sizes: Mapping[Name, Size] = field(default_factory=dict)
    counts_statements: bool = False
    """pg_stat_statements is there, so that a step can prove that nothing uses what is to go."""
    where_from: str = ""
    """What it was read from, for a comment: 'shop at db1', 'schema.sql'; empty: nothing was."""

    def relation(self, name: Name | None) -> Relation | None:
        """What is known of the relation; None: nothing."""
        return self.schema.find(name)

    def column(self, table: Name | None, column: str) -> KnownColumn | None:
        """What is known of the column; None: nothing."""
        relation = self.relation(table)
        return None if relation is None else relation.column(column)

    def default(self, table: Name, column: str) -> str | None:
        """The expression of the column's default; None: there is none that is known."""
        return self.defaults.get((self.schema.resolve(table), column))

    def granted(self, table: Name, other: Name, only: frozenset[str] | None = None) -> tuple[str, ...]:
        """The statements that give `other` the owner and privileges of `table`; `only`: of these privileges."""
        texts = (self.grants or {}).get(self.schema.resolve(table), ())
        found = []
        for text in texts:
            head, on, rest = text.partition(" ON ")
            if only is not None and on and head.startswith("GRANT "):
                kept = [each for each in head.removeprefix("GRANT ").split(", ") if each in only]
                text = f"GRANT {', '.join(kept)} ON {rest}" if kept else ""
            found += [text.replace("{}", other.written)] if text else []
        return tuple(found)

    def partitions(self, table: Name) -> tuple[Relation, ...] | None:
        """The partitions of a partitioned table; None where it is none, or not known to be one."""
        relation = self.relation(table)
        if relation is None or relation.kind is not RelationKind.PARTITIONED:
            return None
        return self.schema.relations.hanging(Hang.UNDER, relation.name)

    def indexes(self, table: Name) -> tuple[Relation, ...]:
        """The indexes of the table that are known."""
        on_it = self.schema.relations.hanging(Hang.OF, self.schema.resolve(table))
        return tuple(each for each in on_it if each.kind in (RelationKind.INDEX, RelationKind.PARTITIONED_INDEX))

    def size(self, table: Name) -> Size:
        """How big and busy it is, so far as that is known."""
        return self.sizes.get(self.schema.resolve(table), Size())
