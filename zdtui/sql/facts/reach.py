"""Which further relations an operation reaches: partitions, indexes, the other side of foreign keys, its views."""

from collections.abc import Iterable, Iterator

from zdtui.sql.facts.fact import Case, Reach
from zdtui.sql.operation import ConstraintKind, Role
from zdtui.sql.schema.dropped_with import default_partitions
from zdtui.sql.schema.relations import INDEXES, ForeignKey, RelationKind
from zdtui.sql.text.name import Name

WITH_ROWS = frozenset({RelationKind.TABLE, RelationKind.MATERIALIZED_VIEW})


def mentioned(role: Role) -> Reach:
    """The relations mentioned in that role."""

    def reach(case: Case) -> Iterator[Name]:
        return (case.schema.resolve(name) for name in case.operation.mentioned(role))

    return reach


def family(case: Case) -> Iterator[Name]:
    """The relation, those named beside it, and all their partitions and children unless ONLY is said."""
    for name in case.targets:
        yield name
        if not case.only:
            yield from (child.name for child in case.schema.children_of(name))


def children(case: Case) -> Iterator[Name]:
    """Partitions and inheriting tables."""
    for name in case.targets:
        yield from (child.name for child in case.schema.children_of(name))


def indexes(case: Case) -> Iterator[Name]:
    """Every index of the relation, its partitions and children."""
    for name in family(case):
        yield from (index.name for index in case.schema.indexes_of(name))


def indexes_with_rows(case: Case) -> Iterator[Name]:
    """The same without those of partitioned tables, which hold nothing."""
    for name in family(case):
        yield from (index.name for index in case.schema.indexes_of(name) if index.kind is RelationKind.INDEX)


def own_indexes(case: Case) -> Iterator[Name]:
    """Every index of the relation itself and of those beside it."""
    for name in case.targets:
        yield from (index.name for index in case.schema.indexes_of(name))


def with_rows(case: Case) -> Iterator[Name]:
    """The relation, its partitions and children, as far as they hold rows."""
    for name in family(case):
        known = case.schema.find(name)
        if known is None or known.kind in WITH_ROWS:
            yield name


def indexes_on_column(case: Case) -> Iterator[Name]:
    """Indexes that the column is in, partitions' too."""
    for name in family(case):
        for index in case.schema.indexes_of(name):
            if case.operation.column in index.indexed:
                yield index.name


def indexes_with_rows_on_column(case: Case) -> Iterator[Name]:
    """Those of them that hold rows."""
    on = set(indexes_on_column(case))
    return (name for name in indexes_with_rows(case) if name in on)


def named_index(case: Case) -> Iterator[Name]:
    """The index that is mentioned."""
    yield from mentioned(Role.INDEX)(case)


def renamed_index(case: Case) -> Iterator[Name]:
    """The index a constraint is made of, when it gets another name by that."""
    constraint = case.operation.constraint
    if constraint is not None and constraint.name is not None and constraint.name != constraint.using_index:
        yield from named_index(case)


def table_of_index(case: Case) -> Iterator[Name]:
    """The tables of the indexes it is done to, their partitions too."""
    for name in family(case):
        known = case.schema.find(name)
        if known is not None and known.table is not None:
            yield known.table
            if known.kind is RelationKind.PARTITIONED_INDEX and case.operation.kind.startswith("DROP INDEX"):
                yield from (child.name for child in case.schema.children_of(known.table))


def owned_sequences(case: Case) -> Iterator[Name]:
    """Sequences that the tables' columns own."""
    for name in case.targets:
        yield from (sequence.name for sequence in case.schema.sequences_of(name))


def sequence_of_column(case: Case) -> Iterator[Name]:
    """The sequence of an identity or serial column."""
    if case.name is not None:
        found = case.schema.sequences_of(case.name)
        yield from (each.name for each in found if case.operation.column in each.indexed)


def referenced(case: Case) -> Iterator[Name]:
    """What a new foreign key references, with its partitions."""
    for name in case.operation.mentioned(Role.REFERENCED):
        known = case.schema.resolve(name)
        yield known
        yield from (child.name for child in case.schema.children_of(known))


def referenced_by_column(case: Case) -> Iterator[Name]:
    """What the column's foreign keys reference, and what references the column."""
    for name in family(case):
        for key in case.schema.referenced_by(name):
            if case.operation.column in key.columns and not key.inherited:
                yield from referenced_side(case, key.references)
        for key in case.schema.referencing(name):
            if case.operation.column in key.referenced_columns:
                yield key.table


def referenced_side(case: Case, name: Name) -> Iterator[Name]:
    """A referenced table that loses its triggers, with its partitions. Before 15 a partitioned one has none."""
    known = case.schema.find(name)
    if case.version >= 15 or known is None or known.kind is not RelationKind.PARTITIONED:
        yield name
    yield from (child.name for child in case.schema.children_of(name) if child.is_partition)


def partitions(case: Case) -> Iterator[Name]:
    """Partitions, and no inheriting table, unless ONLY is said."""
    for name in () if case.only else case.targets:
        yield from (child.name for child in case.schema.children_of(name) if child.is_partition)


def restarted_sequences(case: Case) -> Iterator[Name]:
    """What RESTART IDENTITY starts again."""
    return owned_sequences(case) if case.says("RESTART IDENTITY") else iter(())


def other_side_of_constraint(case: Case) -> Iterator[Name]:
    """The referenced table of a foreign key that is dropped, with its partitions."""
    for key in _keys_of_constraint(case):
        yield key.references
        yield from (child.name for child in case.schema.children_of(key.references))


def other_side_to_prove(case: Case) -> Iterator[Name]:
    """The referenced table of a foreign key that is validated, with its partitions; none where it is proved already."""
    for key in _keys_of_constraint(case):
        if not key.validated:
            yield key.references
            yield from (child.name for child in case.schema.children_of(key.references))


def referenced_when_enforced(case: Case) -> Iterator[Name]:
    """The referenced table of a foreign key that is enforced from now on: its rows are looked up at once."""
    return _referenced(key for key in keys_to_enforce(case))


def referenced_when_enforced_no_more(case: Case) -> Iterator[Name]:
    """The same of one that is not enforced any more: its triggers are dropped there too."""
    return _referenced(_keys_of_constraint(case) if case.says("NOT ENFORCED") else ())


def keys_to_enforce(case: Case) -> Iterator[ForeignKey]:
    """Keys that ALTER CONSTRAINT ... ENFORCED has to prove."""
    if case.says("ENFORCED"):
        yield from (key for key in _keys_of_constraint(case) if not (key.enforced and key.validated))


def children_that_inherit(case: Case) -> Iterator[Name]:
    """Children that inherit a NOT NULL constraint from now on, or no more."""
    return children(case) if case.says("INHERIT", "NO INHERIT") else iter(())


def _referenced(keys: Iterable[ForeignKey]) -> Iterator[Name]:
    for key in keys:
        yield key.references


def _keys_of_constraint(case: Case) -> Iterator[ForeignKey]:
    constraint = case.operation.constraint
    if case.name is None or constraint is None:
        return
    for name in family(case):
        key = case.schema.foreign_key(name, constraint.name)
        if key is not None:
            yield key


def index_of_constraint(case: Case) -> Iterator[Name]:
    """The index a constraint stands on, partitions' too."""
    constraint = case.operation.constraint
    if case.name is None or constraint is None:
        return
    index = case.schema.index_of_constraint(case.name, constraint.name)
    if index is not None:
        yield index.name
        yield from (child.name for child in case.schema.children_of(index.name))


def referenced_by_tables(case: Case) -> Iterator[Name]:
    """What the tables' own foreign keys reference: of one that a partition has inherited, nothing is there."""
    for name in family(case):
        keys = (key for key in case.schema.referenced_by(name) if not key.inherited)
        for key in keys:
            if key.references != name:
                yield from referenced_side(case, key.references)


def referencing_tables(case: Case) -> Iterator[Name]:
    """Tables whose foreign keys point here."""
    for name in family(case):
        yield from (key.table for key in case.schema.referencing(name) if key.table != name)


def cascaded_tables(case: Case) -> Iterator[Name]:
    """Tables that reference the ones here, directly or through others: what TRUNCATE CASCADE empties too."""
    seen = set(family(case))
    waiting = list(seen)
    while waiting and case.says("CASCADE"):
        for key in case.schema.referencing(waiting.pop()):
            if key.table not in seen:
                seen.add(key.table)
                waiting.append(key.table)
                yield key.table


def indexes_of_cascaded(case: Case) -> Iterator[Name]:
    """Their indexes."""
    for name in cascaded_tables(case):
        yield from (index.name for index in case.schema.indexes_of(name))


def parents_of_partition(case: Case) -> Iterator[Name]:
    """What the relations are partitions of, and the default partition there."""
    for name in family(case):
        known = case.schema.find(name)
        if known is not None and known.is_partition:
            yield from known.parents
            yield from default_partitions(case.schema, known.parents)


def parents_indexes(case: Case) -> Iterator[Name]:
    """The partitioned table's own indexes, when a partition comes."""
    for parent in _partitioned(case):
        yield from (index.name for index in case.schema.indexes_of(parent))


def referencing_parent(case: Case) -> Iterator[Name]:
    """Tables whose foreign keys point to the partitioned table."""
    for parent in _partitioned(case):
        yield from (key.table for key in case.schema.referencing(parent))


def referencing_parent_from_15(case: Case) -> Iterator[Name]:
    """The same where a new partition keeps their writers out: PostgreSQL 15 and later."""
    return referencing_parent(case) if case.version >= 15 else iter(())


def referencing_parent_before_15(case: Case) -> Iterator[Name]:
    """The same where it does not."""
    return referencing_parent(case) if case.version < 15 else iter(())


def referenced_by_parent(case: Case) -> Iterator[Name]:
    """What the partitioned table's foreign keys reference: the partition gets them too."""
    for parent in _partitioned(case):
        yield from (key.references for key in case.schema.referenced_by(parent))


def default_partition(case: Case) -> Iterator[Name]:
    """The default partition, which a new bound takes rows from."""
    return iter(default_partitions(case.schema, _partitioned(case)))


def partition_with_children(case: Case) -> Iterator[Name]:
    """The partition that comes or goes, and those under it."""
    for name in case.operation.mentioned(Role.PARTITION):
        known = case.schema.resolve(name)
        yield known
        yield from (child.name for child in case.schema.children_of(known))


def indexes_of_partition(case: Case) -> Iterator[Name]:
    """Indexes of the partition that goes."""
    for name in partition_with_children(case):
        yield from (index.name for index in case.schema.indexes_of(name))


def tables_of_both_indexes(case: Case) -> Iterator[Name]:
    """The tables of an index and of the one that is attached to it."""
    for name in (case.operation.relation, *case.operation.mentioned(Role.PARTITION)):
        known = case.schema.find(name)
        if known is not None and known.table is not None:
            yield known.table


def _partitioned(case: Case) -> Iterable[Name]:
    if case.operation.kind.startswith("CREATE TABLE"):
        return tuple(case.schema.resolve(name) for name in case.operation.mentioned(Role.PARENT))
    return () if case.name is None else (case.name,)


def table_of_statistics(case: Case) -> Iterator[Name]:
    """The table extended statistics are on."""
    if case.operation.object is not None and (table := case.schema.statistics.get(case.operation.object.name)):
        yield table


def published_before(case: Case) -> Iterator[Name]:
    """The tables a publication names so far."""
    if case.operation.object is not None:
        yield from case.schema.published.get(case.operation.object.name, ())


def row_trigger_children(case: Case) -> Iterator[Name]:
    """Partitions a trigger for each row is made on too."""
    return children(case) if case.says("FOR EACH ROW") else iter(())


def has_rows(case: Case, name: Name) -> bool:
    """Whether the relation has rows of its own, as far as it is known."""
    known = case.schema.find(name)
    return known is None or known.kind in WITH_ROWS


def children_of_constraint(case: Case) -> Iterator[Name]:
    """Partitions and children that get the constraint too, under ACCESS EXCLUSIVE."""
    constraint = case.operation.constraint
    if constraint is None or constraint.references is not None or case.only:
        return
    if constraint.no_inherit and case.version < 18:
        return
    if constraint.kind in (ConstraintKind.PRIMARY_KEY, ConstraintKind.UNIQUE) and case.version < 18:
        return
    yield from children(case)


def children_of_key(case: Case) -> Iterator[Name]:
    """Partitions that get the foreign key too."""
    constraint = case.operation.constraint
    if constraint is not None and constraint.references is not None and not case.only:
        yield from children(case) if case.version >= 18 else partitions(case)


def shared_children(case: Case) -> Iterator[Name]:
    """Before PostgreSQL 18, partitions on which the index of a key is built."""
    constraint = case.operation.constraint
    keys = (ConstraintKind.PRIMARY_KEY, ConstraintKind.UNIQUE)
    if constraint is not None and constraint.kind in keys and case.version < 18 and not case.only:
        yield from children(case)


def moved_indexes(case: Case) -> Iterator[Name]:
    """The index that gets another tablespace, unless it is the default one."""
    if case.operation.new_name in ("pg_default", None):
        return
    for name in itself(case):
        known = case.schema.find(name)
        if known is None or known.kind is RelationKind.INDEX:
            yield name


def itself(case: Case) -> Iterator[Name]:
    """The index that is named, or the indexes of the table that is."""
    for name in case.targets:
        known = case.schema.find(name)
        if known is None or known.kind in INDEXES:
            yield name
        else:
            yield from (index.name for index in case.schema.indexes_of(name))
