"""Which relations a query or a change of rows reaches: through views, in partitions, by foreign keys."""

from collections.abc import Iterator

from zdtui.sql.facts.fact import Case
from zdtui.sql.facts.reach import family
from zdtui.sql.operation import Role
from zdtui.sql.schema.relations import ForeignKey, RelationKind
from zdtui.sql.text.name import Name


def read_relations(case: Case) -> Iterator[Name]:
    """What is read, through views too."""
    for name in case.operation.mentioned(Role.READ):
        yield from _read(case, name)


def parts_read(case: Case) -> Iterator[Name]:
    """Partitions and children of what is read: those that the planner does not rule out."""
    for mention in case.operation.mentions:
        if mention.role in (Role.READ, Role.ROWS_LOCKED) and not mention.only:
            for name in _read(case, mention.name):
                yield from (child.name for child in case.schema.children_of(name))


def parts_locked(case: Case) -> Iterator[Name]:
    """Partitions and children of what is locked row by row."""
    for mention in case.operation.mentions:
        if mention.role is Role.ROWS_LOCKED and not mention.only:
            for name in _read(case, mention.name):
                yield from (child.name for child in case.schema.children_of(name))


def written_through_view(case: Case) -> Iterator[Name]:
    """What a view that is written to reads: the one table of such a view, and what is under it."""
    for name in case.targets:
        known = case.schema.find(name)
        if known is not None and known.kind is RelationKind.VIEW:
            yield from (read for read in _read(case, name) if read != known.name)


def rows_locked(case: Case) -> Iterator[Name]:
    """Where rows are locked."""
    for name in case.operation.mentioned(Role.ROWS_LOCKED):
        yield from _read(case, name)


def written(case: Case) -> Iterator[Name]:
    """What is written beside the relation."""
    for name in case.operation.mentioned(Role.WRITTEN):
        known = case.schema.resolve(name)
        yield known
        yield from (child.name for child in case.schema.children_of(known))


def read_by(case: Case) -> Iterator[Name]:
    """What the relation's own definition reads, for a view that is locked or a materialized view that is refreshed."""
    for name in case.targets:
        known = case.schema.find(name)
        for read in () if known is None else known.reads:
            yield from _read(case, read)


def locked_through_view(case: Case) -> Iterator[Name]:
    """What a view that is locked reads, with its children: LOCK TABLE locks it in the same mode."""
    for name in read_by(case):
        yield name
        yield from (child.name for child in case.schema.children_of(name))


def _read(case: Case, name: Name) -> Iterator[Name]:
    yield case.schema.resolve(name)
    known = case.schema.find(name)
    if known is not None and known.kind is RelationKind.VIEW:
        for read in known.reads:
            yield from _read(case, read)


def checked_by_rows(case: Case) -> Iterator[Name]:
    """Tables whose rows are locked so that a foreign key holds, or that a foreign key cascades to."""
    for name in family(case):
        keys = (key for key in case.schema.referenced_by(name) if key.enforced and _refers_anew(case, key))
        for key in keys:
            yield key.references
            yield from (child.name for child in case.schema.children_of(key.references))
        yield from (key.table for key in _asked(case, name))


def cascades_by_rows(case: Case) -> Iterator[Name]:
    """Tables whose rows a foreign key changes or deletes with those here."""
    for name in family(case):
        yield from (key.table for key in _asked(case, name) if key.cascades)


def _asked(case: Case, name: Name) -> Iterator[ForeignKey]:
    """Keys that point here and whose table is asked whether it needs a row that goes."""
    return (key for key in case.schema.referencing(name) if key.enforced and _takes_away(case, key))


def _refers_anew(case: Case, key: ForeignKey) -> bool:
    """Whether rows may come that reference another row than before: by an INSERT, or an UPDATE of the key's columns."""
    kind = case.operation.kind
    if kind == "DELETE":
        return False
    return kind != "UPDATE" or _sets(case, key.columns)


def _takes_away(case: Case, key: ForeignKey) -> bool:
    """Whether a referenced value may go: by a DELETE, or an UPDATE of the referenced columns."""
    match case.operation.kind:
        case "INSERT":
            return case.says("ON CONFLICT DO UPDATE")
        case "COPY FROM":
            return False
        case "MERGE":
            return case.says("UPDATE", "DELETE")
        case "UPDATE":
            return _sets(case, key.referenced_columns or _primary_key(case, key.references))
        case _:
            return True


def _primary_key(case: Case, table: Name) -> tuple[str, ...]:
    return next((each.indexed for each in case.schema.indexes_of(table) if each.primary), ())


def _sets(case: Case, columns: tuple[str, ...]) -> bool:
    """Whether one of these may be set. Columns that are not known may be; a row that changes its partition is deleted
    there and inserted here."""
    known = case.relation
    moves = known is not None and known.kind is RelationKind.PARTITIONED
    return moves or not columns or not case.operation.columns or bool(set(columns) & set(case.operation.columns))
