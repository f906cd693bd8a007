"""What is known of the tables after a statement: a file's or a plan's own statements build it up in place.

Names that PostgreSQL makes up for constraints and indexes are made up as it does (ChooseRelationName in the server's
source): t_pkey, t_c_key, t_c_idx, t_c_check, t_c_fkey, t_c_seq.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import assert_never

from zdtui.sql.operation import Column, Constraint, ConstraintKind, Operation, Role
from zdtui.sql.schema.follow_columns import drop_column, rename_column
from zdtui.sql.schema.follow_domains import constrain_domain, create_domain, create_type, drop_domain, rename_domain
from zdtui.sql.schema.follow_names import rename, rename_constraint
from zdtui.sql.schema.follow_objects import (
    create_function,
    create_policy,
    create_procedure,
    create_statistics,
    create_trigger,
    create_view,
    drop_policy,
    publish,
)
from zdtui.sql.schema.follow_partitions import (
    attach_index,
    partition_comes,
    partition_goes,
    put_check,
    put_index,
    put_key,
)
from zdtui.sql.schema.follow_sequences import create_sequence, drop_identity, own_sequence, put_sequence
from zdtui.sql.schema.follow_settings import end, reset, set_
from zdtui.sql.schema.made_names import made_name
from zdtui.sql.schema.relations import Check, ForeignKey, Hang, KnownColumn, Relation, RelationKind, Schema
from zdtui.sql.text.name import Name
from zdtui.sql.text.quote import read_name

NOT_NULL = re.compile(r"[\s(]*(.+?)\s+IS\s+NOT\s+NULL[\s)]*", re.IGNORECASE | re.DOTALL)
SUFFIX = {ConstraintKind.PRIMARY_KEY: "pkey", ConstraintKind.UNIQUE: "key", ConstraintKind.EXCLUDE: "excl"}


def follow(schema: Schema, operation: Operation) -> None:
    """Change `schema` to what it is after the operation. What is not known stays unknown; never raises."""
    kind = operation.kind.replace("ALTER FOREIGN TABLE", "ALTER TABLE").replace("MATERIALIZED ", "")
    change = CHANGES.get(kind) or CHANGES.get(kind.removesuffix(" CONCURRENTLY"))
    if change is not None:
        change(schema, operation)


def _create_table(schema: Schema, operation: Operation) -> None:
    name = operation.relation
    if name is None or (schema.find(name) is not None and "IF NOT EXISTS" in operation.words):
        return
    parents = tuple(schema.resolve(parent) for parent in operation.mentioned(Role.PARENT))
    partition = operation.kind == "CREATE TABLE PARTITION OF"
    kind = RelationKind.PARTITIONED if "PARTITION BY" in operation.words else RelationKind.TABLE
    models = (*parents, *operation.mentioned(Role.LIKE))
    inherited = tuple(column for parent in models if (known := schema.find(parent)) for column in known.columns)
    relation = Relation(
        name=name,
        kind=kind,
        columns=(*inherited, *(_column(each) for each in operation.definitions)),
        parents=parents,
        is_partition=partition,
        is_default=partition and "DEFAULT" in operation.words,
        partitioned_by=operation.partitioned_by,
        unlogged="UNLOGGED" in operation.words,
        temporary="TEMPORARY" in operation.words,
        fresh=True,
    )
    schema.put([relation])
    for column in operation.definitions:
        _column_parts(schema, name, column)
    for constraint in operation.constraints:
        _constraint(schema, name, constraint)
    for parent in parents if partition else ():
        partition_comes(schema, name, parent)


def _column(column: Column) -> KnownColumn:
    return KnownColumn(column.name, column.type or "", column.not_null, column.collation or "", column.identity)


def _column_parts(schema: Schema, table: Name, column: Column) -> None:
    for constraint in column.constraints:
        _constraint(schema, table, constraint)
    if column.identity or (column.type or "").lower().endswith("serial"):
        put_sequence(schema, table, column.name)


def _constraint(schema: Schema, table: Name, constraint: Constraint) -> None:
    valid = not (constraint.not_valid or constraint.not_enforced)
    match constraint.kind:
        case ConstraintKind.FOREIGN_KEY if constraint.references is not None:
            put_key(
                schema,
                ForeignKey(
                    name=constraint.name or made_name(table.name, *constraint.columns, "fkey"),
                    table=table,
                    columns=constraint.columns,
                    references=schema.resolve(constraint.references),
                    referenced_columns=constraint.referenced_columns
                    or _primary_key(schema, schema.resolve(constraint.references)),
                    validated=valid,
                    enforced=not constraint.not_enforced,
                ),
            )
        case ConstraintKind.CHECK:
            put_check(
                schema,
                Check(
                    name=constraint.name or made_name(table.name, *constraint.columns[:1], "check"),
                    table=table,
                    columns=constraint.columns or _named_columns(schema, table, constraint.expression or ""),
                    validated=valid,
                    proves_not_null=proven(constraint.expression or ""),
                    expression=constraint.expression,
                    no_inherit=constraint.no_inherit,
                ),
            )
        case ConstraintKind.PRIMARY_KEY | ConstraintKind.UNIQUE | ConstraintKind.EXCLUDE:
            _key(schema, table, constraint)
        case ConstraintKind.NOT_NULL if valid:
            _set_columns(schema, table, constraint.columns, lambda column: replace(column, not_null=True))
        case ConstraintKind.FOREIGN_KEY | ConstraintKind.NOT_NULL:
            pass
        case _ as never:
            assert_never(never)


def _named_columns(schema: Schema, table: Name, expression: str) -> tuple[str, ...]:
    """The table's columns whose names stand in the expression."""
    known, words = schema.find(table), set(re.findall(r"\w+", expression))
    return tuple(each.name for each in known.columns if each.name in words) if known is not None else ()


def _primary_key(schema: Schema, table: Name) -> tuple[str, ...]:
    """The columns that a foreign key references when it names none."""
    return next((each.indexed for each in schema.indexes_of(table) if each.primary), ())


def proven(expression: str) -> tuple[str, ...]:
    """The column that a check of nothing but `c IS NOT NULL` proves to hold no NULL."""
    found = NOT_NULL.fullmatch(expression)
    name = None if found is None else read_name(found[1].strip("() "))
    return name if name is not None and len(name) == 1 else ()


def _key(schema: Schema, table: Name, constraint: Constraint) -> None:
    primary = constraint.kind is ConstraintKind.PRIMARY_KEY
    columns = () if primary else constraint.columns
    name = constraint.name or made_name(table.name, *columns, SUFFIX[constraint.kind])
    if constraint.using_index is not None:
        used = schema.find(Name(table.schema, constraint.using_index))
        if used is not None:
            schema.relations.pop(used.name, None)
            schema.put([replace(used, name=Name(table.schema, name), constraint=name, primary=primary, unique=True)])
        return
    index = Relation(
        name=Name(table.schema, name),
        kind=RelationKind.INDEX,
        table=table,
        indexed=constraint.columns,
        unique=True,
        primary=primary,
        plain=constraint.kind is not ConstraintKind.EXCLUDE,
        constraint=name,
    )
    put_index(schema, index)
    if primary:
        _set_columns(schema, table, constraint.columns, lambda column: replace(column, not_null=True))


def _create_index(schema: Schema, operation: Operation) -> None:
    if operation.relation is None:
        return
    table = schema.resolve(operation.relation)
    name = operation.object or Name(None, made_name(table.name, *operation.columns, "idx"))
    index = Relation(
        name=Name(table.schema, name.name),
        kind=RelationKind.INDEX,
        table=table,
        indexed=tuple(dict.fromkeys((*operation.columns, *_named_columns(schema, table, operation.where or "")))),
        unique="UNIQUE" in operation.words,
        plain=_is_plain(operation),
    )
    put_index(schema, index, only="ONLY" in operation.words)


def _is_plain(operation: Operation) -> bool:
    return operation.type in (None, "btree") and operation.where is None and "EXPRESSION" not in operation.words


def _drop(schema: Schema, operation: Operation) -> None:
    for name in (operation.relation, *operation.mentioned(Role.ALSO)):
        if name is not None:
            known = schema.resolve(name)
            needing = [view.name for view in schema.views_on(known)] if "CASCADE" in operation.words else []
            for each in (known, *needing):
                _forget(schema, each)


def _drop_schema(schema: Schema, operation: Operation) -> None:
    dropped = operation.object
    for name in list(schema.relations) if dropped is not None else ():
        if dropped is not None and name.schema == dropped.name:
            _forget(schema, name)


def _forget(schema: Schema, name: Name) -> None:
    schema.relations.pop(name, None)
    for each in schema.relations.hanging(Hang.OF, name):
        schema.relations.pop(each.name, None)
    schema.foreign_keys.change(name, lambda key: None)
    schema.checks.change(name, lambda check: None)


def _add_column(schema: Schema, operation: Operation) -> None:
    known, column = schema.find(operation.relation), operation.definition
    if known is None or column is None or known.column(column.name) is not None:
        return
    schema.put([replace(known, columns=(*known.columns, _column(column)))])
    _column_parts(schema, known.name, column)


def _type(schema: Schema, operation: Operation) -> None:
    _set_column(schema, operation, lambda column: replace(column, type=operation.type or ""))


def _set_column(schema: Schema, operation: Operation, change: Callable[[KnownColumn], KnownColumn]) -> None:
    if operation.relation is not None and operation.column is not None:
        _set_columns(schema, schema.resolve(operation.relation), (operation.column,), change)


def _set_columns(
    schema: Schema, table: Name, names: tuple[str, ...], change: Callable[[KnownColumn], KnownColumn]
) -> None:
    known = schema.find(table)
    if known is not None:
        columns = tuple(change(each) if each.name in names else each for each in known.columns)
        schema.put([replace(known, columns=columns)])


def _set_not_null(schema: Schema, operation: Operation) -> None:
    _set_column(schema, operation, lambda column: replace(column, not_null=True))


def _drop_not_null(schema: Schema, operation: Operation) -> None:
    _set_column(schema, operation, lambda column: replace(column, not_null=False))


def _add_constraint(schema: Schema, operation: Operation) -> None:
    if operation.relation is not None and operation.constraint is not None:
        _constraint(schema, schema.resolve(operation.relation), operation.constraint)


def _validate(schema: Schema, operation: Operation) -> None:
    name = operation.constraint.name if operation.constraint is not None else None
    table = schema.resolve(operation.relation) if operation.relation is not None else None
    if table is None:
        return
    schema.foreign_keys.change(
        table, lambda key: replace(key, validated=True) if (key.table, key.name) == (table, name) else key
    )
    schema.checks.change(table, lambda check: replace(check, validated=True) if check.name == name else check)


def _alter_constraint(schema: Schema, operation: Operation) -> None:
    """ENFORCED proves a foreign key at once; NOT ENFORCED forgets that it was proved."""
    name = operation.constraint.name if operation.constraint is not None else None
    table = schema.resolve(operation.relation) if operation.relation is not None else None
    if table is None or not operation.words & {"ENFORCED", "NOT ENFORCED"}:
        return
    enforced = "ENFORCED" in operation.words
    schema.foreign_keys.change(
        table,
        lambda key: (
            replace(key, enforced=enforced, validated=enforced) if (key.table, key.name) == (table, name) else key
        ),
    )


def _drop_constraint(schema: Schema, operation: Operation) -> None:
    name = operation.constraint.name if operation.constraint is not None else None
    if operation.relation is None:
        return
    table = schema.resolve(operation.relation)
    schema.foreign_keys.change(table, lambda key: None if (key.table, key.name) == (table, name) else key)
    schema.checks.change(table, lambda check: None if check.name == name else check)
    index = schema.index_of_constraint(table, name)
    if index is not None:
        schema.relations.pop(index.name, None)


def _attach(schema: Schema, operation: Operation) -> None:
    if operation.relation is None:
        return
    parent = schema.resolve(operation.relation)
    for name in operation.mentioned(Role.PARTITION):
        known = schema.find(name)
        if known is not None:
            schema.put([replace(known, parents=(parent,), is_partition=True)])
            partition_comes(schema, known.name, parent)


def _detach(schema: Schema, operation: Operation) -> None:
    for name in operation.mentioned(Role.PARTITION):
        known = schema.find(name)
        if known is not None:
            schema.put([replace(known, parents=(), is_partition=False)])
            partition_goes(schema, known.name)


def _add_identity(schema: Schema, operation: Operation) -> None:
    if operation.relation is not None and operation.column is not None:
        table = schema.resolve(operation.relation)
        put_sequence(schema, table, operation.column)
        _set_columns(schema, table, (operation.column,), lambda column: replace(column, identity=True))


def _attach_index(schema: Schema, operation: Operation) -> None:
    if operation.relation is not None:
        for name in operation.mentioned(Role.PARTITION):
            attach_index(schema, operation.relation, name)


CHANGES: dict[str, Callable[[Schema, Operation], None]] = {
    "CREATE TABLE": _create_table,
    "CREATE TABLE PARTITION OF": _create_table,
    "CREATE TABLE AS": _create_table,
    "SELECT INTO": _create_table,
    "CREATE INDEX": _create_index,
    "CREATE VIEW": create_view,
    "CREATE SEQUENCE": create_sequence,
    "CREATE DOMAIN": create_domain,
    "ALTER DOMAIN ADD CONSTRAINT": constrain_domain,
    "ALTER DOMAIN SET NOT NULL": constrain_domain,
    "ALTER DOMAIN RENAME": rename_domain,
    "ALTER TYPE RENAME": rename_domain,
    "CREATE TYPE": create_type,
    "DROP DOMAIN": drop_domain,
    "DROP TYPE": drop_domain,
    "CREATE FUNCTION": create_function,
    "CREATE PROCEDURE": create_procedure,
    "CREATE STATISTICS": create_statistics,
    "CREATE PUBLICATION": publish,
    "ALTER PUBLICATION ADD": publish,
    "ALTER PUBLICATION SET": publish,
    "ALTER INDEX ATTACH PARTITION": _attach_index,
    "CREATE TRIGGER": create_trigger,
    "CREATE POLICY": create_policy,
    "DROP POLICY": drop_policy,
    "DROP TABLE": _drop,
    "DROP INDEX": _drop,
    "DROP VIEW": _drop,
    "DROP SCHEMA": _drop_schema,
    "DROP SEQUENCE": _drop,
    "ALTER TABLE ADD COLUMN": _add_column,
    "ALTER TABLE DROP COLUMN": drop_column,
    "ALTER TABLE ALTER COLUMN TYPE": _type,
    "ALTER TABLE ALTER COLUMN SET NOT NULL": _set_not_null,
    "ALTER TABLE ALTER COLUMN DROP NOT NULL": _drop_not_null,
    "ALTER TABLE ALTER COLUMN ADD IDENTITY": _add_identity,
    "ALTER TABLE ALTER COLUMN DROP IDENTITY": drop_identity,
    "ALTER SEQUENCE OPTIONS": own_sequence,
    "ALTER TABLE ADD CONSTRAINT": _add_constraint,
    "ALTER TABLE ADD CONSTRAINT USING INDEX": _add_constraint,
    "ALTER TABLE ALTER CONSTRAINT": _alter_constraint,
    "ALTER TABLE VALIDATE CONSTRAINT": _validate,
    "ALTER TABLE DROP CONSTRAINT": _drop_constraint,
    "ALTER TABLE RENAME": rename,
    "ALTER TABLE RENAME CONSTRAINT": rename_constraint,
    "ALTER TABLE SET SCHEMA": rename,
    "ALTER VIEW SET SCHEMA": rename,
    "ALTER INDEX RENAME": rename,
    "ALTER SEQUENCE RENAME": rename,
    "ALTER SEQUENCE SET SCHEMA": rename,
    "ALTER TABLE RENAME COLUMN": rename_column,
    "ALTER TABLE ATTACH PARTITION": _attach,
    "SET": set_,
    "RESET": reset,
    "DISCARD": reset,
    "COMMIT": end,
    "ROLLBACK": end,
    "ALTER TABLE DETACH PARTITION": _detach,
    "ALTER VIEW RENAME": rename,
}
