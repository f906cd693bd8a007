"""ADD CONSTRAINT: foreign key, check, unique, primary key. New rows first; the old ones are proved beside traffic."""

from typing import assert_never

from postgast import pg_query_pb2 as pg

from zdtui.draft.changes import not_null
from zdtui.draft.changes.index import is_valid
from zdtui.draft.drafted import (
    ONLY_LOOKS,
    Asked,
    Drafted,
    DraftError,
    beside,
    columns_of,
    literal,
    regclass,
    sql,
    step,
)
from zdtui.draft.tree import alone, changed, columns_in, constraint_in, read
from zdtui.plan.model import CheckAction, NoRollback, Phase, Step
from zdtui.sql.operation import Constraint, ConstraintKind
from zdtui.sql.text.name import Name
from zdtui.sql.text.quote import quote_identifier

FOREIGN_KEY_UNCHECKED_ON_PARTITIONED = 18
"""Before it a partitioned table refuses FOREIGN KEY ... NOT VALID."""


def draft(asked: Asked) -> Drafted:
    """The plan of ADD CONSTRAINT."""
    constraint = asked.operation.constraint
    if constraint is None:
        raise DraftError(f"`{asked.shown}` cannot be read as a constraint")
    match constraint.kind:
        case ConstraintKind.FOREIGN_KEY:
            return _foreign_key(asked, constraint)
        case ConstraintKind.CHECK:
            return _check(asked, constraint)
        case ConstraintKind.UNIQUE:
            return _unique(asked, constraint)
        case ConstraintKind.PRIMARY_KEY:
            return _primary_key(asked, constraint)
        case ConstraintKind.NOT_NULL:
            raise DraftError(f"`{asked.shown}`: ask for ALTER COLUMN {constraint.columns[0]} SET NOT NULL instead")
        case ConstraintKind.EXCLUDE:
            raise DraftError(
                f"`{asked.shown}`: no server builds an exclusion constraint beside the traffic. Decide whether the"
                " table can be read only while its index is built, or copy it into a new table that has the constraint"
            )
        case _ as never:
            assert_never(never)


def _foreign_key(asked: Asked, constraint: Constraint) -> Drafted:
    table, known = asked.table, asked.known
    other = constraint.references
    if other is None or not constraint.columns:
        raise DraftError(f"`{asked.shown}` does not say which columns refer to which table")
    if known.partitions(table) is not None and known.version < FOREIGN_KEY_UNCHECKED_ON_PARTITIONED:
        raise DraftError(
            f"{table} is partitioned, and PostgreSQL {known.version} takes no FOREIGN KEY ... NOT VALID there: add it"
            " to each partition by a plan of its own, then to the table, which finds them proved"
        )
    theirs = constraint.referenced_columns or _primary_key_of(asked, other)
    name = constraint.name or beside(table, *constraint.columns, "fkey").name
    orphans = " AND ".join(
        f"o.{quote_identifier(own)} = t.{quote_identifier(their)}"
        for own, their in zip(theirs, constraint.columns, strict=True)
    )
    given = " AND ".join(f"t.{quote_identifier(each)} IS NOT NULL" for each in constraint.columns)
    promised = _promised(asked, name)
    looked = step(
        f"{name}-no-orphans",
        f"Every row of {table} finds its row of {other}",
        Phase.EXPAND,
        CheckAction(
            query=f"SELECT NOT EXISTS (\n  SELECT FROM {table} AS t\n   WHERE {given}"
            f"\n     AND NOT EXISTS (SELECT FROM {other} AS o WHERE {orphans}))"
        ),
        ONLY_LOOKS,
    )
    index = None if _has_index(asked, constraint.columns) else _index_for(asked, constraint.columns)
    first = (looked,) if index is None else (index, looked)
    return Drafted(
        title=f"{table} ({', '.join(constraint.columns)}) refers to {other}",
        steps=(*first, promised, _proved(table, name, promised)),
        comments={} if index is None else {(index.id, ""): _why_index(asked, other)},
    )


def _why_index(asked: Asked, other: Name) -> str:
    known = "" if asked.known.relation(asked.table) is not None else ", if there is none yet: that is not known here"
    return f"Without it each DELETE and each change of the key in {other} reads the whole of {asked.table}{known}."


def _has_index(asked: Asked, columns: tuple[str, ...]) -> bool:
    return any(each.indexed[: len(columns)] == columns for each in asked.known.indexes(asked.table))


def _index_for(asked: Asked, columns: tuple[str, ...]) -> Step:
    table = asked.table
    if asked.known.partitions(table) is not None:
        raise DraftError(
            f"{table} is partitioned and has no index on its own side: draft CREATE INDEX on {table} first"
        )
    index = beside(table, *columns, "idx")
    return step(
        f"build-{index.name}",
        f"Build the index of its own side, {index.name}",
        Phase.EXPAND,
        sql(f"CREATE INDEX CONCURRENTLY {quote_identifier(index.name)} ON {table} ({columns_of(columns)})"),
        f"DROP INDEX CONCURRENTLY IF EXISTS {index}",
        verify=is_valid(index),
    )


def _primary_key_of(asked: Asked, table: Name) -> tuple[str, ...]:
    for each in asked.known.indexes(table):
        if each.primary:
            return each.indexed
    raise DraftError(
        f"`{asked.shown}` does not name the columns of {table}, whose primary key is not known here: name them, or give"
        " --dsn or --schema"
    )


def _check(asked: Asked, constraint: Constraint) -> Drafted:
    table = asked.table
    columns = columns_in(constraint.expression or "")
    name = constraint.name or beside(table, *(columns if len(columns) == 1 else ()), "check").name
    promised = _promised(asked, name)
    looked = step(
        f"{name}-holds",
        f"No row of {table} breaks it",
        Phase.EXPAND,
        CheckAction(query=f"SELECT NOT EXISTS (SELECT FROM {table} WHERE NOT ({constraint.expression}))"),
        ONLY_LOOKS,
    )
    return Drafted(
        title=f"{table} is checked: {constraint.expression}"[:150],
        steps=(looked, promised, _proved(table, name, promised)),
        comments={(looked.id, ""): "Where this says false, the rows that break it need a person's decision first."},
    )


def _promised(asked: Asked, name: str) -> Step:
    leave = alone(asked)

    def unchecked(node: pg.Node) -> None:
        tree = constraint_in(leave(node))
        tree.conname, tree.skip_validation, tree.initially_valid = name, True, False

    quoted = quote_identifier(name)
    return step(
        f"{name}-promised",
        "Promise it for new rows",
        Phase.EXPAND,
        sql(changed(asked, unchecked)),
        f"ALTER TABLE {asked.table} DROP CONSTRAINT {quoted}",
        notes="NOT VALID looks at no row, so that the locks last for milliseconds.",
    )


def _proved(table: Name, name: str, promised: Step) -> Step:
    return step(
        f"{name}-proved",
        "Prove it for the old rows",
        Phase.VERIFY,
        sql(f"ALTER TABLE {table} VALIDATE CONSTRAINT {quote_identifier(name)}"),
        NoRollback(reason=f"the rollback of {promised.id} drops the constraint"),
        notes="Reads the whole table under SHARE UPDATE EXCLUSIVE: reads and writes go on.",
        verify=(
            f"SELECT convalidated FROM pg_constraint WHERE conrelid = {regclass(table)} AND conname = {literal(name)}"
        ),
    )


def _unique(asked: Asked, constraint: Constraint) -> Drafted:
    table, columns = asked.table, constraint.columns
    name = constraint.name or beside(table, *columns, "key").name
    return Drafted(
        title=f"{table} ({', '.join(columns)}) is unique",
        steps=(_no_doubles(asked, columns), *_by_index(asked, name, columns, "UNIQUE")),
    )


def _primary_key(asked: Asked, constraint: Constraint) -> Drafted:
    table, columns, known = asked.table, constraint.columns, asked.known
    if any(each.primary for each in known.indexes(table)):
        raise DraftError(
            f"{table} has a primary key already: decide first what becomes of the foreign keys and of the replica"
            " identity that use it"
        )
    name = constraint.name or beside(table, "pkey").name
    nullable = [each for each in columns if (column := known.column(table, each)) is None or not column.not_null]
    proofs = [each for column in nullable for each in not_null.proof(table, column, known)]
    before = [each for each in proofs if each.phase is not Phase.CONTRACT]
    after = [each for each in proofs if each.phase is Phase.CONTRACT]
    return Drafted(
        title=f"{table} ({', '.join(columns)}) is the primary key",
        steps=(
            _no_doubles(asked, columns),
            *_by_index(asked, name, columns, "PRIMARY KEY", before=tuple(before)),
            *after,
        ),
    )


def _no_doubles(asked: Asked, columns: tuple[str, ...]) -> Step:
    written = columns_of(columns)
    given = " AND ".join(f"{quote_identifier(each)} IS NOT NULL" for each in columns)
    return step(
        f"no-doubles-{'-'.join(columns)}",
        f"No {', '.join(columns)} is there twice",
        Phase.EXPAND,
        CheckAction(
            query=f"SELECT NOT EXISTS (SELECT FROM {asked.table} WHERE {given} GROUP BY {written} HAVING count(*) > 1)"
        ),
        ONLY_LOOKS,
    )


def _by_index(
    asked: Asked, name: str, columns: tuple[str, ...], kind: str, before: tuple[Step, ...] = ()
) -> tuple[Step, ...]:
    """`before`: what has to be true before the constraint takes the index over."""
    table = asked.table
    if asked.known.partitions(table) is not None:
        raise DraftError(
            f"{table} is partitioned: no server takes a constraint USING INDEX there. Decide whether its writers can"
            " wait while each partition's index is built"
        )
    tree = constraint_in(alone(asked)(read(asked)))
    if tree.deferrable or tree.including:
        raise DraftError(
            f"`{asked.shown}`: DEFERRABLE and INCLUDE are not drafted. Write CREATE UNIQUE INDEX CONCURRENTLY and ADD"
            " CONSTRAINT ... USING INDEX with them"
        )
    nulls = " NULLS NOT DISTINCT" if tree.nulls_not_distinct else ""
    quoted, written = quote_identifier(name), columns_of(columns)
    index = Name(table.schema, name)
    built = f"{quoted} ON {table} ({written}){nulls}"
    return (
        step(
            f"build-{name}",
            f"Build the unique index {name}",
            Phase.EXPAND,
            sql(f"CREATE UNIQUE INDEX CONCURRENTLY {built}"),
            f"DROP INDEX CONCURRENTLY IF EXISTS {index}",
            notes="From here on the server refuses a double. A double that is there already makes it fail.",
            verify=is_valid(index),
        ),
        *before,
        step(
            f"{name}-constraint",
            f"Make it the {kind.lower()}" if kind == "PRIMARY KEY" else "Make it a constraint",
            Phase.SWITCH,
            sql(f"ALTER TABLE {table} ADD CONSTRAINT {quoted} {kind} USING INDEX {quoted}"),
            f"ALTER TABLE {table} DROP CONSTRAINT {quoted};\nCREATE UNIQUE INDEX {built}",
            notes=(
                "ACCESS EXCLUSIVE for milliseconds: the index is there. The rollback builds the bare index anew in one"
                " transaction, so that no double slips in; writers wait for that."
            ),
            silence=(("set-not-null", "no row is NULL: the catalog or the steps before it prove that"),)
            if kind == "PRIMARY KEY"
            else (),
        ),
    )
