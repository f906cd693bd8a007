"""What a file of SQL knows of the tables, such as `pg_dump --schema-only` writes. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from zdtui.draft.definitions import constraints_in, identities_in, sequence_in
from zdtui.draft.known import Known
from zdtui.sql.operation import Column, Operation
from zdtui.sql.schema.follow import follow
from zdtui.sql.schema.relations import Relation, Schema
from zdtui.sql.split import split
from zdtui.sql.statement import Statement
from zdtui.sql.text.name import Name

MAKES_CONSTRAINTS = frozenset({"CREATE TABLE", "ALTER TABLE ADD CONSTRAINT", "ALTER TABLE ADD COLUMN"})
MAKES_IDENTITIES = frozenset({"CREATE TABLE", "ALTER TABLE ALTER COLUMN ADD IDENTITY", "ALTER TABLE ADD COLUMN"})
SERIALS = {"serial": "integer", "serial4": "integer", "smallserial": "smallint", "serial2": "smallint"}
Place = tuple[Name, str]


@dataclass
class _Found:
    schema: Schema = field(default_factory=Schema)
    defaults: dict[Place, str] = field(default_factory=dict)
    generated: set[Place] = field(default_factory=set)
    identity: dict[Place, str] = field(default_factory=dict)
    constraints: dict[Place, str] = field(default_factory=dict)
    indexes: dict[Name, str] = field(default_factory=dict)
    sequences: dict[Name, str] = field(default_factory=dict)


def known_of_sql(text: str, version: int, where_from: str) -> Known:
    """What the file says."""
    found = _Found()
    for statement in split(text):
        for operation in statement.operations:
            follow(found.schema, operation)
            _read(found, operation, statement)
        _read_whole(found, statement)
    found.schema.put(_standing(relation) for relation in list(found.schema.relations.values()))
    return Known(
        schema=found.schema,
        version=version,
        defaults=found.defaults,
        generated=frozenset(found.generated),
        identity=found.identity,
        constraints=found.constraints,
        index_definitions=found.indexes,
        sequence_types=found.sequences,
        where_from=where_from,
    )


def _read(found: _Found, operation: Operation, statement: Statement) -> None:
    schema = found.schema
    for table, column, expression in _defaults(operation):
        found.defaults[schema.resolve(table), column] = expression
    for table, column in _filled_by_the_server(operation):
        found.generated.add((schema.resolve(table), column))
    if operation.kind == "CREATE INDEX" and operation.object is not None and operation.relation is not None:
        table = operation.relation
        found.indexes[schema.resolve(Name(table.schema, operation.object.name))] = statement.text
    for table, column, kind in _serials(operation):
        sequence = Name(table.schema, f"{table.name}_{column}_seq")
        found.sequences[sequence] = kind
        found.defaults[schema.resolve(table), column] = f"nextval('{sequence}'::regclass)"


def _read_whole(found: _Found, statement: Statement) -> None:
    """What only the statement's tree tells."""
    kinds = {each.kind for each in statement.operations}
    if kinds & MAKES_CONSTRAINTS:
        for table, name, columns, text in constraints_in(statement.text):
            table = found.schema.resolve(table)
            for known in (name,) if name is not None else _unnamed(found, table, columns):
                found.constraints[table, known] = text
    if kinds & MAKES_IDENTITIES:
        for table, column, kind in identities_in(statement.text):
            found.identity[found.schema.resolve(table), column] = kind
    if "CREATE SEQUENCE" in kinds and (sequence := sequence_in(statement.text)) is not None:
        found.sequences[found.schema.resolve(sequence[0])] = sequence[1]


def _unnamed(found: _Found, table: Name, columns: tuple[str, ...]) -> Iterator[str]:
    """The names that the server made up for a constraint nobody named."""
    for key in found.schema.foreign_keys.on(table):
        if key.table == table and key.columns == columns and (table, key.name) not in found.constraints:
            yield key.name
    for index in found.schema.indexes_of(table):
        if index.constraint is not None and index.indexed == columns:
            yield index.constraint


def _standing(relation: Relation) -> Relation:
    """The file tells of a database that is in use: nothing in it is new."""
    return replace(relation, fresh=False)


def _defaults(operation: Operation) -> list[tuple[Name, str, str]]:
    table = operation.relation
    if table is None:
        return []
    if operation.kind == "ALTER TABLE ALTER COLUMN SET DEFAULT" and operation.column and operation.expression:
        return [(table, operation.column, operation.expression)]
    return [(table, each.name, each.default) for each in _made(operation) if each.default is not None]


def _serials(operation: Operation) -> list[tuple[Name, str, str]]:
    table = operation.relation
    if table is None:
        return []
    serial = [(each.name, (each.type or "").lower()) for each in _made(operation)]
    return [(table, name, SERIALS.get(type_, "bigint")) for name, type_ in serial if "serial" in type_]


def _filled_by_the_server(operation: Operation) -> list[tuple[Name, str]]:
    table = operation.relation
    if table is None:
        return []
    if operation.kind == "ALTER TABLE ALTER COLUMN ADD IDENTITY" and operation.column:
        return [(table, operation.column)]
    return [(table, each.name) for each in _made(operation) if each.identity or each.generated is not None]


def _made(operation: Operation) -> tuple[Column, ...]:
    """The columns of CREATE TABLE, or the one of ADD COLUMN."""
    return operation.definitions if operation.definition is None else (operation.definition,)
