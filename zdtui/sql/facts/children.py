"""Which partitions and inheriting tables get a trigger, a check or ANALYZE too, by server version."""

from collections.abc import Iterator

from zdtui.sql.facts.fact import Case
from zdtui.sql.facts.reach import children, partitions
from zdtui.sql.text.name import Name


def children_analyzed(case: Case) -> Iterator[Name]:
    """What ANALYZE does with the table: partitions, and from 18 on inheriting tables too."""
    return children(case) if case.version >= 18 and not case.only else partitions(case)


def children_sampled(case: Case) -> Iterator[Name]:
    """Inheriting tables, of which ANALYZE takes a sample before 18."""
    return children(case) if case.version < 18 and not case.only else iter(())


def triggered_partitions(case: Case) -> Iterator[Name]:
    """Partitions that have the trigger too: those of a trigger for each row. Before 15 catalogs do not tell."""
    if case.name is None or case.operation.object is None:
        return
    trigger, known = case.operation.object.name, case.schema.triggers
    for child in children(case):
        if (child, trigger) in known or (case.version < 15 and (case.name, trigger) in known):
            yield child


def triggered_partitions_from_15(case: Case) -> Iterator[Name]:
    """The same where a trigger's new name is theirs too: PostgreSQL 15 and later."""
    return triggered_partitions(case) if case.version >= 15 else iter(())


def children_with_check(case: Case) -> Iterator[Name]:
    """Children that have inherited the check, whose name it is too."""
    constraint = case.operation.constraint
    check = None if case.name is None or constraint is None else case.schema.check(case.name, constraint.name)
    return children(case) if check is not None and not check.no_inherit and not case.only else iter(())
