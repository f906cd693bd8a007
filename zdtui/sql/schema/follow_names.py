"""A relation that gets another name or schema: what hangs on it follows."""

from dataclasses import replace

from zdtui.sql.operation import Operation
from zdtui.sql.schema.relations import ForeignKey, Hang, Relation, Schema
from zdtui.sql.text.name import Name


def rename(schema: Schema, operation: Operation) -> None:
    """RENAME TO and SET SCHEMA; with a table its indexes and sequences change the schema."""
    known = schema.find(operation.relation)
    if known is None or operation.new_name is None:
        return
    if not operation.kind.endswith("SET SCHEMA"):
        _move(schema, known, Name(known.name.schema, operation.new_name))
        return
    hanging = list(schema.relations.hanging(Hang.OF, known.name))
    _move(schema, known, Name(operation.new_name, known.name.name))
    for each in hanging:
        _move(schema, schema.relations[each.name], Name(operation.new_name, each.name.name))


def rename_constraint(schema: Schema, operation: Operation) -> None:
    """RENAME CONSTRAINT: the index that stands for it is called as it is."""
    table = schema.resolve(operation.relation) if operation.relation is not None else None
    old = operation.constraint.name if operation.constraint is not None else None
    new = operation.new_name
    if table is None or old is None or new is None:
        return
    index = schema.index_of_constraint(table, old)
    if index is not None:
        _move(schema, replace(index, constraint=new), Name(index.name.schema, new))
    schema.foreign_keys.change(
        table, lambda key: replace(key, name=new) if (key.table, key.name) == (table, old) else key
    )
    schema.checks.change(table, lambda check: replace(check, name=new) if check.name == old else check)


def _move(schema: Schema, known: Relation, new: Name) -> None:
    old = known.name
    schema.relations.pop(old, None)
    schema.put([replace(known, name=new)])
    schema.put([replace(each, table=new) for each in schema.relations.hanging(Hang.OF, old)])
    for each in schema.relations.hanging(Hang.UNDER, old):
        schema.put([replace(each, parents=tuple(new if parent == old else parent for parent in each.parents))])
    schema.foreign_keys.change(old, lambda key: _renamed_key(key, old, new))
    schema.checks.change(old, lambda check: replace(check, table=new))


def _renamed_key(key: ForeignKey, old: Name, new: Name) -> ForeignKey:
    return replace(
        key,
        table=new if key.table == old else key.table,
        references=new if key.references == old else key.references,
    )
