"""Which tables an operation reads whole under its lock."""

from collections.abc import Iterator

from zdtui.sql.facts.cascade import using_unproved_type
from zdtui.sql.facts.conditions import indexes_built_with_the_type, type_change_rewrites
from zdtui.sql.facts.fact import Case
from zdtui.sql.facts.reach import (
    children_that_inherit,
    default_partition,
    family,
    has_rows,
    keys_to_enforce,
    named_index,
    partition_with_children,
    partitions,
    with_rows,
)
from zdtui.sql.operation import ConstraintKind
from zdtui.sql.schema.relations import Check, Relation
from zdtui.sql.schema.types import type_of
from zdtui.sql.text.bounds import is_proved
from zdtui.sql.text.name import Name


def constraint_scans(case: Case) -> Iterator[Name]:
    """What proving a new constraint reads."""
    constraint = case.operation.constraint
    if constraint is None or constraint.not_valid or constraint.not_enforced:
        return
    if case.says("NOT VALID", "NOT ENFORCED"):
        return
    key = constraint.references is not None
    own = (name for name in (*case.targets, *partitions(case)) if has_rows(case, name))
    for name in case.targets if constraint.no_inherit else own if key else with_rows(case):
        if constraint.kind is not ConstraintKind.NOT_NULL or _may_be_null(case, name, constraint.columns):
            yield name


def _may_be_null(case: Case, table: Name, columns: tuple[str, ...]) -> bool:
    known = case.schema.find(table)
    if known is None:
        return True
    return any(not (column := known.column(name)) or not column.not_null for name in columns)


def using_index_scans(case: Case) -> Iterator[Name]:
    """A primary key from an index has to prove that its columns hold no NULL."""
    constraint = case.operation.constraint
    if constraint is None or constraint.kind is not ConstraintKind.PRIMARY_KEY or case.name is None:
        return
    for index in named_index(case):
        known = case.schema.find(index)
        if known is None or _may_be_null(case, case.name, known.indexed):
            yield case.name


def not_null_scans(case: Case) -> Iterator[Name]:
    """Tables in which nothing proves yet that the column holds no NULL."""
    for name in with_rows(case):
        known, column = case.schema.find(name), case.operation.column or ""
        if known is not None and (found := known.column(column)) is not None and found.not_null:
            continue
        proven = any(column in each.proves_not_null and each.validated for each in _checks(case, name))
        if not proven:
            yield name


def _checks(case: Case, table: Name) -> Iterator[Check]:
    return iter(case.schema.checks.on(table))


def validation_scans(case: Case) -> Iterator[Name]:
    """What VALIDATE reads: nothing when the constraint is valid already."""
    constraint = case.operation.constraint
    for name in with_rows(case):
        key = case.schema.foreign_key(name, None if constraint is None else constraint.name)
        check = case.schema.check(name, None if constraint is None else constraint.name)
        known = key or check
        if known is None or not known.validated:
            yield name


def new_column_scans(case: Case) -> Iterator[Name]:
    """What proving the new column's own constraints reads; nothing for a column that holds NULL alone."""
    column = case.operation.definition
    if column is None:
        return
    kinds = {each.kind for each in column.constraints}
    if column.generated is not None and not column.stored and ConstraintKind.NOT_NULL in kinds:
        yield from with_rows(case)
    reads = kinds & {ConstraintKind.CHECK, ConstraintKind.UNIQUE, ConstraintKind.PRIMARY_KEY}
    if reads or (ConstraintKind.FOREIGN_KEY in kinds and column.default is not None):
        yield from with_rows(case)


def altered_constraint_scans(case: Case) -> Iterator[Name]:
    """Both tables of a foreign key that is enforced from now on; children that may hold NULL and may not any more."""
    for key in keys_to_enforce(case):
        yield from (key.table, key.references)
    constraint = case.operation.constraint
    if case.says("ENFORCED") and constraint is not None and case.relation is None:
        yield from with_rows(case)
    if case.says("INHERIT"):
        yield from (name for name in children_that_inherit(case) if has_rows(case, name))


def type_change_scans(case: Case) -> Iterator[Name]:
    """Without a rewrite: checks on the column are proved again, and foreign keys that use it."""
    before = case.relation.column(case.operation.column or "") if case.relation is not None else None
    domains = case.schema.domains
    changed = before is None or type_of(before.type, domains) != type_of(case.operation.type or "", domains)
    if any(True for _ in indexes_built_with_the_type(case)):
        yield from with_rows(case)
    for name in with_rows(case):
        mine = (each for each in case.schema.checks.on(name) if not each.not_null_only)
        if changed and any(each.validated and case.operation.column in each.columns for each in mine):
            yield name
    if type_change_rewrites(case):
        for name in family(case):
            for key in case.schema.referencing(name):
                if key.validated and case.operation.column in key.referenced_columns:
                    yield key.table


def attach_scans(case: Case) -> Iterator[Name]:
    """The partition, to prove its bound, its foreign keys or to build its indexes, unless all is there already; the
    default partition, for rows of the new bound."""
    yield from (name for name in partition_with_children(case) if has_rows(case, name) and not _is_ready(case, name))
    yield from default_partition(case)


def attach_doubt(case: Case) -> bool:
    """Whether a valid check, of which a server told no more than its columns, may prove the bound."""
    parent = case.relation
    if case.operation.kind != "ALTER TABLE ATTACH PARTITION" or parent is None or parent.partitioned_by is not None:
        return False
    valid = (each for name in partition_with_children(case) for each in _checks(case, name) if each.validated)
    return any(each.columns and not each.not_null_only for each in valid)


def _is_ready(case: Case, partition: Name) -> bool:
    """Whether nothing of the partition's rows has to be looked at."""
    parent, known = case.relation, case.schema.find(partition)
    if parent is None or known is None or parent.partitioned_by is None:
        return False
    checks = [each for each in _checks(case, partition) if each.validated]
    column = parent.partitioned_by.columns[0] if parent.partitioned_by.columns else ""
    never_null = not _may_be_null(case, partition, (column,))
    texts = [each.expression for each in checks if each.expression]
    if not is_proved(parent.partitioned_by, case.operation.expression, texts, never_null):
        return False
    own = list(case.schema.indexes_of(partition))
    indexes = all(any(_alike(each, other) for other in own) for each in case.schema.indexes_of(parent.name))
    keys = [(key.columns, key.references) for key in case.schema.referenced_by(partition) if key.validated]
    return indexes and all((key.columns, key.references) in keys for key in case.schema.referenced_by(parent.name))


def _alike(index: Relation, other: Relation) -> bool:
    """Whether the partition's index may be attached to the parent's. That of a constraint needs a constraint."""
    needs_key = index.constraint is not None
    return (
        index.indexed == other.indexed
        and (other.unique or not index.unique)
        and (other.constraint is not None or not needs_key)
        and other.primary >= index.primary
    )


def new_partition_scans(case: Case) -> Iterator[Name]:
    """The default partition, for rows of the new bound."""
    yield from default_partition(case)


def domain_scans(case: Case) -> Iterator[Name]:
    """Tables with a column of the domain, unless nothing has to be proved."""
    yield from (name for name in using_unproved_type(case) if has_rows(case, name))


def index_scans(case: Case) -> Iterator[Name]:
    """What is read to build an index; nothing when one of that name is there."""
    wanted = case.operation.object
    if case.says("IF NOT EXISTS") and wanted is not None and case.schema.find(wanted) is not None:
        return
    yield from (name for name in (*case.targets, *partitions(case)) if has_rows(case, name))


def reindex_scans(case: Case) -> Iterator[Name]:
    """The tables whose indexes are built anew."""
    for name in family(case):
        known = case.schema.find(name)
        if known is not None and known.table is not None:
            yield known.table
        elif known is None or any(True for _ in case.schema.indexes_of(name)):
            yield name
