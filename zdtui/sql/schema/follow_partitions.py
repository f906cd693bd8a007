"""Indexes and keys of partitioned tables: each partition has its own, which hang on the partitioned table's."""

from dataclasses import replace

from zdtui.sql.schema.made_names import made_name
from zdtui.sql.schema.relations import Check, ForeignKey, Hang, Relation, RelationKind, Schema
from zdtui.sql.text.name import Name


def put_index(schema: Schema, index: Relation, *, only: bool = False) -> None:
    """A new index, and one of each partition of its table unless ONLY is said."""
    table = schema.find(index.table)
    if table is None or table.kind is not RelationKind.PARTITIONED:
        schema.put([index])
        return
    schema.put([replace(index, kind=RelationKind.PARTITIONED_INDEX)])
    if not only:
        for child in _partitions(schema, table.name):
            _give(schema, child, index)


def partition_comes(schema: Schema, partition: Name, parent: Name) -> None:
    """The partition gets the partitioned table's indexes, where it has none alike, and its foreign keys."""
    known = schema.find(partition)
    if known is None:
        return
    for index in list(schema.indexes_of(parent)):
        _give(schema, known, index)
    for check in list(schema.checks.on(parent)):
        if not check.no_inherit and schema.check(known.name, check.name) is None:
            schema.checks.append(replace(check, table=known.name))
    for key in list(schema.referenced_by(parent)):
        if schema.foreign_key(known.name, key.name) is None:
            schema.foreign_keys.append(replace(key, table=known.name, inherited=True))


def partition_goes(schema: Schema, partition: Name) -> None:
    """Its indexes and keys are its own from now on."""
    schema.put([replace(each, parents=()) for each in list(schema.indexes_of(partition))])
    schema.foreign_keys.change(partition, lambda key: replace(key, inherited=False) if key.table == partition else key)


def put_key(schema: Schema, key: ForeignKey) -> None:
    """A new foreign key, of each partition too."""
    schema.foreign_keys.append(key)
    for child in _partitions(schema, key.table):
        put_key(schema, replace(key, table=child.name, inherited=True))


def put_check(schema: Schema, check: Check) -> None:
    """A new check, of each partition and child too unless NO INHERIT is said."""
    schema.checks.append(check)
    for child in () if check.no_inherit else schema.relations.hanging(Hang.UNDER, check.table):
        put_check(schema, replace(check, table=child.name))


def attach_index(schema: Schema, parent: Name, index: Name) -> None:
    """ALTER INDEX ATTACH PARTITION."""
    known = schema.find(index)
    if known is not None:
        schema.put([replace(known, parents=(schema.resolve(parent),))])


def _partitions(schema: Schema, table: Name) -> list[Relation]:
    return [each for each in schema.relations.hanging(Hang.UNDER, table) if each.is_partition]


def _give(schema: Schema, partition: Relation, index: Relation) -> None:
    for each in list(schema.indexes_of(partition.name)):
        if not each.parents and (each.indexed, each.unique) == (index.indexed, index.unique):
            schema.put([replace(each, parents=(index.name,))])
            return
    name = Name(partition.name.schema, _free_name(schema, partition.name, index))
    constraint = name.name if index.constraint is not None else None
    own = replace(index, name=name, kind=RelationKind.INDEX, table=partition.name, constraint=constraint)
    put_index(schema, replace(own, parents=(index.name,)))


def _free_name(schema: Schema, table: Name, index: Relation) -> str:
    """As PostgreSQL chooses one: with a number where the name is taken."""
    if index.primary:
        made = made_name(table.name, "pkey")
    else:
        made = made_name(table.name, *index.indexed, "key" if index.constraint is not None else "idx")
    names = (made, *(f"{made}{number}" for number in range(1, 1000)))
    return next((each for each in names if schema.find(Name(table.schema, each)) is None), made)
