"""Gathers the family of a column that changes its type: what refers to it, and what stands on each of them. Pure."""

from dataclasses import replace

from zdtui.draft.columns import hanging, referenced_columns, what_hangs_on
from zdtui.draft.definitions import (
    constraint_of,
    constraint_text,
    deferral,
    definition_of,
    index_text,
    is_of_columns_alone,
)
from zdtui.draft.drafted import Asked, DraftError, beside
from zdtui.draft.family import HIGHEST, Bound, Copied, Family, Member, PrimaryKey
from zdtui.sql.schema.relations import Check, ForeignKey, Hang, KnownColumn, Relation, RelationKind
from zdtui.sql.schema.types import ALIASES
from zdtui.sql.text.name import Name

Thing = tuple[Name, str]
LONGEST = 63


def family_of(asked: Asked, wanted: str, collation: str = "") -> Family:
    """Everything that has to change with the column. DraftError where that cannot be done beside the traffic."""
    kind = ALIASES.get(wanted.lower(), wanted) + collation
    family = Family(wanted=kind, members=_members(asked, kind))
    bound = tuple(_bound_of(asked, family))
    keys, copies, taken = _indexes(asked, family)
    taken |= {(each.resolved, each.name) for each in bound}
    taken |= {(each.sequence, "") for each in family.members if each.sequence is not None}
    for each in family.members:
        if left := what_hangs_on(asked.known, each.resolved, each.column, but=taken):
            raise DraftError(
                f"`{asked.shown}`: {', '.join(left)} would stay with the old column of {each.table}. Decide what"
                " becomes of that: take it away first and make it again afterwards, or leave the type"
            )
    return replace(family, bound=bound, keys=keys, copies=copies)


def plain_type(column: KnownColumn) -> str:
    """Its type as the server calls it: of a serial column the integer."""
    return ALIASES.get(column.type.lower(), column.type)


def _members(asked: Asked, wanted: str) -> tuple[Member, ...]:
    known = asked.known
    found: dict[Thing, None] = {(known.schema.resolve(asked.table), asked.column): None}
    queue = list(found)
    while queue:
        table, column = queue.pop(0)
        for key in known.schema.referencing(table):
            theirs = referenced_columns(known, table, key.referenced_columns)
            for own, their in zip(key.columns, theirs, strict=False):
                place = (key.table, own)
                if their == column and place not in found and _has_to_change(asked, key, own, wanted):
                    found[place] = None
                    queue.append(place)
    return tuple(_member(asked, table, column) for table, column in found)


def _has_to_change(asked: Asked, key: ForeignKey, own: str, wanted: str) -> bool:
    column = asked.known.column(key.table, own)
    if column is None or not column.type:
        raise DraftError(f"`{asked.shown}`: {key.table}.{own} refers to it, and its type is not known: give --dsn")
    type_ = plain_type(column)
    return type_ != wanted and HIGHEST.get(type_, 0) <= HIGHEST.get(wanted, 0)


def _member(asked: Asked, table: Name, column: str) -> Member:
    known, name = asked.known, asked.written(table)
    relation, known_column = known.relation(table), known.column(table, column)
    if relation is None or known_column is None:
        raise DraftError(f"`{asked.shown}`: {name}.{column} is not known here: give --dsn or --schema")
    _can_change(asked, relation, name, column)
    sequence = next((each for each in known.schema.sequences_of(table) if column in each.indexed), None)
    indexes = known.indexes(table)
    return Member(
        table=name,
        resolved=table,
        column=column,
        before=plain_type(known_column),
        not_null=known_column.not_null,
        default=None if (table, column) in known.identity else known.default(table, column),
        identity=known.identity.get((table, column)),
        sequence=None if sequence is None else sequence.name,
        sequence_type=None if sequence is None else known.sequence_types.get(sequence.name),
        leads=any(each.indexed[:1] == (column,) for each in indexes),
        unique=any(each.unique and column in each.indexed for each in indexes),
    )


def _can_change(asked: Asked, relation: Relation, name: Name, column: str) -> None:
    known, place = asked.known, (relation.name, column)
    if (
        relation.kind is not RelationKind.TABLE
        or relation.parents
        or known.schema.relations.hanging(Hang.UNDER, place[0])
    ):
        raise DraftError(
            f"`{asked.shown}`: {name} is partitioned, or has a parent or children, and a column of one of them changes"
            " in all. Decide whether a new table of the new type is filled beside it (plans/move-to-new-table.yaml)"
        )
    if place in known.generated and place not in known.identity:
        raise DraftError(f"`{asked.shown}`: {name}.{column} is generated: drop it, and add it again of the new type")
    for taken in (f"{column}_new", f"{column}_old"):
        if relation.column(taken) is not None:
            raise DraftError(f"`{asked.shown}`: {name} has a column {taken} already: decide what becomes of it first")


def _indexes(asked: Asked, family: Family) -> tuple[tuple[PrimaryKey, ...], tuple[Copied, ...], set[Thing]]:
    """The primary keys, the other indexes, and what all of them are called where they hang on a column."""
    keys: list[PrimaryKey] = []
    copies: list[Copied] = []
    taken: set[Thing] = set()
    for table in family.resolved_tables:
        hangs = {each.thing for column in family.renames(table) for each in hanging(asked.known, table, column)}
        for index in asked.known.indexes(table):
            things: set[Thing] = {(index.name, ""), *(((table, index.constraint),) if index.constraint else ())}
            excludes = index.constraint is not None and not index.unique
            if excludes or not things & hangs:
                continue
            taken |= things
            if index.primary:
                keys.append(_primary_key(asked, index, table))
            else:
                copies.append(_copied(asked, family, index, table))
    return tuple(keys), tuple(copies), taken


def _primary_key(asked: Asked, index: Relation, table: Name) -> PrimaryKey:
    known, name = asked.known, index.constraint or index.name.name
    if not index.plain:
        raise DraftError(f"`{asked.shown}`: the primary key {name} has more than its columns: draft it by hand")
    pointed_at = {
        frozenset(referenced_columns(known, table, key.referenced_columns)) for key in known.schema.referencing(table)
    }

    def called(what: str) -> str:
        return beside(Name(None, table.name), *index.indexed, what).name

    return PrimaryKey(
        table=asked.written(table),
        resolved=table,
        name=name,
        columns=index.indexed,
        for_swap=called("new_key"),
        for_way_back=called("old_key"),
        spare=called("spare_key"),
        reference=called("reference"),
        referenced=frozenset(index.indexed) in pointed_at,
        deferral=deferral(known.constraints.get((table, name))),
    )


def _copied(asked: Asked, family: Family, index: Relation, table: Name) -> Copied:
    known, name = asked.known, index.name.name
    definition = definition_of(asked, index, table)
    if not family.is_wider and not is_of_columns_alone(definition):
        raise DraftError(
            f"`{asked.shown}`: the index {name} has an expression, a condition or an operator class, which may mean"
            f" something else for {family.wanted}. Decide what it has to be, drop it, and build that afterwards"
        )
    other = f"{name[: LONGEST - 4]}_new"
    shown = asked.written(table)
    return Copied(
        table=shown,
        name=name,
        beside=other,
        text=index_text(definition, other, shown, family.renames(table)),
        constraint=None if index.constraint is None else deferral(known.constraints.get((table, index.constraint))),
    )


def _bound_of(asked: Asked, family: Family) -> list[Bound]:
    """The foreign keys from and to the members, and the checks of their values."""
    schema = asked.known.schema
    found: dict[Thing, Bound] = {}
    for table in family.resolved_tables:
        renamed = family.renames(table)
        for key in schema.foreign_keys.on(table):
            theirs = referenced_columns(asked.known, key.references, key.referenced_columns)
            touched = (key.table == table and renamed.keys() & set(key.columns)) or (
                key.references == table and renamed.keys() & set(theirs)
            )
            if touched and (key.table, key.name) not in found:
                found[key.table, key.name] = _foreign_key(asked, family, key, theirs)
        for check in schema.checks.on(table):
            if not check.not_null_only and renamed.keys() & set(check.columns):
                found[table, check.name] = _check(asked, family, check)
    return list(found.values())


def _foreign_key(asked: Asked, family: Family, key: ForeignKey, theirs: tuple[str, ...]) -> Bound:
    known = asked.known
    if key.inherited or known.partitions(key.table) is not None:
        raise DraftError(
            f"`{asked.shown}`: {key.table} is partitioned and refers to it by {key.name}. Decide whether that foreign"
            " key can be dropped for the time of the change"
        )
    _fit(asked, family, key, theirs)
    table, references = asked.written(key.table), asked.written(key.references)
    statement, other = constraint_of(asked, key.table, key.name), f"{key.name[: LONGEST - 4]}_new"
    renamed = family.renames(key.references)
    pointed = tuple(renamed.get(each, each) for each in theirs)
    return Bound(
        table=table,
        resolved=key.table,
        references=references,
        name=key.name,
        beside=other,
        old_text=constraint_text(statement, table, key.name, {}, references, theirs),
        new_text=constraint_text(statement, table, other, family.renames(key.table), references, pointed),
        validated=key.validated,
    )


def _fit(asked: Asked, family: Family, key: ForeignKey, theirs: tuple[str, ...]) -> None:
    """Both ends have one type afterwards, or are integers, which any foreign key compares."""

    def type_of(table: Name, column: str) -> str:
        known = asked.known.column(table, column)
        changes = column in family.renames(table)
        return family.wanted if changes else "" if known is None else plain_type(known)

    for own, their in zip(key.columns, theirs, strict=False):
        ends = {type_of(key.table, own), type_of(key.references, their)}
        if len(ends) > 1 and not ends <= HIGHEST.keys():
            raise DraftError(
                f"`{asked.shown}`: by the foreign key {key.name} it refers to {key.references}.{their}, which is of"
                " another type and stays so. Decide whether that key changes its type, and ask for it there"
            )


def _check(asked: Asked, family: Family, check: Check) -> Bound:
    if not family.is_wider:
        raise DraftError(
            f"`{asked.shown}`: the check {check.name} may mean something else for {family.wanted}. Decide what it has"
            " to say, drop it, and add that afterwards"
        )
    table, other = asked.written(check.table), f"{check.name[: LONGEST - 4]}_new"
    statement = constraint_of(asked, check.table, check.name)
    return Bound(
        table=table,
        resolved=check.table,
        references=None,
        name=check.name,
        beside=other,
        old_text=constraint_text(statement, table, check.name, {}),
        new_text=constraint_text(statement, table, other, family.renames(check.table)),
        validated=check.validated,
    )
