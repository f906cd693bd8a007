"""What is known of a table's columns after a statement: what is on a column goes with it, or gets its new name."""

from dataclasses import replace

from zdtui.sql.operation import Operation
from zdtui.sql.schema.relations import Check, ForeignKey, Schema
from zdtui.sql.text.name import Name


def drop_column(schema: Schema, operation: Operation) -> None:
    """Its indexes, the foreign keys and checks it is in, and the foreign keys that need it go with it."""
    known, column = schema.find(operation.relation), operation.column
    if known is None or column is None:
        return
    table = known.name
    schema.put([replace(known, columns=tuple(each for each in known.columns if each.name != column))])
    for relation in (*list(schema.indexes_of(table)), *list(schema.sequences_of(table))):
        if column in relation.indexed:
            schema.relations.pop(relation.name, None)
    schema.foreign_keys.change(table, lambda key: None if _is_in(key, table, column) else key)
    schema.checks.change(table, lambda check: None if column in (*check.columns, *check.proves_not_null) else check)


def _is_in(key: ForeignKey, table: Name, column: str) -> bool:
    own = key.table == table and column in key.columns
    return own or (key.references == table and column in key.referenced_columns)


def rename_column(schema: Schema, operation: Operation) -> None:
    """Indexes, foreign keys and checks follow the column to its new name; children have it too."""
    known, old, new = schema.find(operation.relation), operation.column, operation.new_name
    if known is None or old is None or new is None:
        return
    children = () if "ONLY" in operation.words else tuple(each.name for each in schema.children_of(known.name))
    for table in (known.name, *children):
        _rename(schema, table, old, new)


def _rename(schema: Schema, table: Name, old: str, new: str) -> None:
    def names(columns: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(new if each == old else each for each in columns)

    def key(known: ForeignKey) -> ForeignKey:
        own = names(known.columns) if known.table == table else known.columns
        other = names(known.referenced_columns) if known.references == table else known.referenced_columns
        return replace(known, columns=own, referenced_columns=other)

    def check(known: Check) -> Check:
        return replace(known, columns=names(known.columns), proves_not_null=names(known.proves_not_null))

    relation = schema.find(table)
    if relation is not None:
        columns = tuple(replace(each, name=new) if each.name == old else each for each in relation.columns)
        schema.put([replace(relation, columns=columns)])
    hanging = (*list(schema.indexes_of(table)), *list(schema.sequences_of(table)))
    schema.put([replace(each, indexed=names(each.indexed)) for each in hanging])
    schema.foreign_keys.change(table, key)
    schema.checks.change(table, check)
