"""What CASCADE reaches, and what a whole schema, type or collation takes along: as far as it is known."""

from collections.abc import Callable, Iterator

from zdtui.sql.facts.fact import Case
from zdtui.sql.schema.dropped_with import Falling, keys_on_index, relations_of_type
from zdtui.sql.schema.relations import RelationKind
from zdtui.sql.text.name import Name

WITH_ROWS = (RelationKind.TABLE, RelationKind.MATERIALIZED_VIEW)


def falls_with_relation(case: Case) -> Iterator[Name]:
    """With CASCADE, all that depends on the relations, and what loses something by that."""
    if case.says("CASCADE"):
        falling = Falling(case.schema)
        falling.relations(case.targets)
        yield from (name for name in falling.locked if name not in case.targets)


def falls_with_column(case: Case) -> Iterator[Name]:
    """The same of a column."""
    if case.says("CASCADE") and case.name is not None and case.operation.column is not None:
        falling = Falling(case.schema)
        falling.column(case.name, case.operation.column)
        yield from falling.locked


def _falls_with(drop: Callable[[Falling, str], None]) -> Callable[[Case], Iterator[Name]]:
    """With CASCADE, what falls with an object that is no relation, once `drop` is told its name."""

    def falls(case: Case) -> Iterator[Name]:
        if case.says("CASCADE") and case.operation.object is not None:
            falling = Falling(case.schema)
            drop(falling, case.operation.object.name)
            yield from falling.locked

    return falls


falls_with_schema = _falls_with(Falling.schema)
falls_with_type = _falls_with(Falling.type)
falls_with_collation = _falls_with(Falling.collation)


def falls_with_constraint(case: Case) -> Iterator[Name]:
    """With CASCADE, the tables whose foreign keys need the key that is dropped."""
    constraint = case.operation.constraint
    if case.name is None or constraint is None or not case.says("CASCADE"):
        return
    index = case.schema.index_of_constraint(case.name, constraint.name)
    if index is not None:
        yield from (key.table for key in keys_on_index(index, case.schema.referencing(case.name)))


def foreign_tables(case: Case) -> Iterator[Name]:
    """With CASCADE, every foreign table: which server each is on is not known."""
    if case.says("CASCADE"):
        found = case.schema.relations.values()
        yield from (each.name for each in found if each.kind is RelationKind.FOREIGN)


def using_type(case: Case) -> Iterator[Name]:
    """Tables and materialized views with a column of the domain, or of a domain over it."""
    wanted = case.operation.object
    if wanted is not None:
        found = relations_of_type(case.schema, wanted.name)
        yield from (relation.name for relation in found if relation.kind in WITH_ROWS)


def using_unproved_type(case: Case) -> Iterator[Name]:
    """The same when their rows have to be proved."""
    return using_type(case) if not case.says("NOT VALID") else iter(())
