"""What a draft has to go on: the tables as a catalog or a file of SQL has them, and how big and busy they are. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from zdtui.sql.operation import Operation
from zdtui.sql.schema.follow import follow
from zdtui.sql.schema.relations import Hang, KnownColumn, Relation, RelationKind, Schema
from zdtui.sql.split import split
from zdtui.sql.text.name import Name

OLDEST = 14
"""The server a draft is made for where nobody says: what is right there is right on every later one."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is of a table, as of the last ANALYZE; None: not known."""

    rows: int | None = None
    size_bytes: int | None = None
    writes_per_second: float | None = None


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
    dependents: Mapping[tuple[Name, str], tuple[str, ...]] | None = None
    """By table and column: what hangs on it, as the server calls it. None: only what `schema` tells is known."""
    trigger_functions: Mapping[Name, tuple[tuple[str, str], ...]] | None = None
    """By table: the PL/pgSQL functions that its triggers run, each with its cost. None: not known."""
    sizes: Mapping[Name, Size] = field(default_factory=dict)
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


def known_of_sql(text: str, version: int, where_from: str) -> Known:
    """What a file of SQL says, such as `pg_dump --schema-only` writes."""
    schema, defaults, generated, indexes = Schema(), {}, set(), {}
    for statement in split(text):
        for operation in statement.operations:
            follow(schema, operation)
            for table, column, expression in _defaults(operation):
                defaults[schema.resolve(table), column] = expression
            for table, column in _filled_by_the_server(operation):
                generated.add((schema.resolve(table), column))
            if operation.kind == "CREATE INDEX" and operation.object is not None and operation.relation is not None:
                indexes[schema.resolve(operation.object)] = statement.text
    schema.put(_standing(relation) for relation in list(schema.relations.values()))
    return Known(
        schema=schema,
        version=version,
        defaults=defaults,
        generated=frozenset(generated),
        index_definitions=indexes,
        where_from=where_from,
    )


def _standing(relation: Relation) -> Relation:
    """The file tells of a database that is in use: nothing in it is new."""
    return replace(relation, fresh=False)


def _defaults(operation: Operation) -> list[tuple[Name, str, str]]:
    table = operation.relation
    if table is None:
        return []
    if operation.kind == "ALTER TABLE ALTER COLUMN SET DEFAULT" and operation.column and operation.expression:
        return [(table, operation.column, operation.expression)]
    made = operation.definitions if operation.definition is None else (operation.definition,)
    return [(table, each.name, each.default) for each in made if each.default is not None]


def _filled_by_the_server(operation: Operation) -> list[tuple[Name, str]]:
    table = operation.relation
    if table is None:
        return []
    if operation.kind == "ALTER TABLE ALTER COLUMN ADD IDENTITY" and operation.column:
        return [(table, operation.column)]
    made = operation.definitions if operation.definition is None else (operation.definition,)
    return [(table, each.name) for each in made if each.identity or each.generated is not None]
