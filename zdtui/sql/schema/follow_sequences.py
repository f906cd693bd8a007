"""Sequences: made, owned by a column, gone with it."""

from dataclasses import replace

from zdtui.sql.operation import Operation, Role
from zdtui.sql.schema.made_names import made_name
from zdtui.sql.schema.relations import Relation, RelationKind, Schema
from zdtui.sql.text.name import Name


def put_sequence(schema: Schema, table: Name, column: str) -> None:
    """The sequence of a serial or identity column."""
    name = Name(table.schema, made_name(table.name, column, "seq"))
    schema.put([Relation(name=name, kind=RelationKind.SEQUENCE, table=table, indexed=(column,), fresh=True)])


def create_sequence(schema: Schema, operation: Operation) -> None:
    """CREATE SEQUENCE."""
    if operation.relation is not None:
        owners = operation.mentioned(Role.OWNED_BY)
        table = schema.resolve(owners[0]) if owners else None
        name, owned = operation.relation, _owned(operation)
        schema.put([Relation(name=name, kind=RelationKind.SEQUENCE, table=table, indexed=owned, fresh=True)])


def own_sequence(schema: Schema, operation: Operation) -> None:
    """OWNED BY."""
    known, owners = schema.find(operation.relation), operation.mentioned(Role.OWNED_BY)
    if known is not None and owners:
        schema.put([replace(known, table=schema.resolve(owners[0]), indexed=_owned(operation))])


def _owned(operation: Operation) -> tuple[str, ...]:
    """The column that owns it: the sequence goes with this one and with no other."""
    return () if operation.column is None else (operation.column,)


def drop_identity(schema: Schema, operation: Operation) -> None:
    """The identity column's sequence goes."""
    if operation.relation is not None:
        table = schema.resolve(operation.relation)
        for each in list(schema.sequences_of(table)):
            if operation.column in each.indexed:
                schema.relations.pop(each.name, None)
