"""What throws something away, or makes something that cannot be taken back."""

from collections.abc import Iterator

from zdtui.amounts import number, share
from zdtui.hazards.context import Context
from zdtui.hazards.hazard import Safer, Severity
from zdtui.hazards.rule import DOCUMENTATION, Example, Finder, Found, Rule, in_use, on
from zdtui.hazards.transaction import gets_rows_of, renamed, takers_of_relation
from zdtui.sql.lock_modes import LockMode
from zdtui.sql.operation import ConstraintKind, Operation, Role
from zdtui.sql.schema.dropped_with import relations_of_type
from zdtui.sql.text.name import Name
from zdtui.sql.text.quote import quote_identifier

USERS = "CREATE TABLE users (id int PRIMARY KEY, name text); CREATE TYPE mood AS ENUM ('sad')"
COLUMNS = {
    "ALTER TABLE DROP COLUMN": "column",
    "ALTER FOREIGN TABLE DROP COLUMN": "column",
    "ALTER TYPE DROP ATTRIBUTE": "attribute",
}
WITH_DATA = frozenset({"DROP TABLE", "ALTER TABLE DROP COLUMN", "ALTER TYPE DROP ATTRIBUTE"})
"""What holds data that is nowhere else."""
TAKE_COLUMNS_ALONG = frozenset({"DROP TYPE", "DROP DOMAIN", "DROP EXTENSION", "DROP COLLATION", "DROP ACCESS METHOD"})
"""What columns and tables are made of: with CASCADE they go."""
WHOLE = {
    "DROP DATABASE": "in it",
    "DROP SCHEMA": "in it",
    "DROP OWNED": "in this database that the role owns, and the role's privileges,",
}
"""What takes everything along, which is a rule of its own; and of what."""
DROPS = ("DROP TABLE", "DROP FOREIGN TABLE", "DROP VIEW", "DROP MATERIALIZED VIEW", "DROP SEQUENCE")
HALF, NEARLY = 0.5, 0.75
"""Of all the values there are: worth knowing, and worth hurrying for."""
INT_TYPES = frozenset({"int", "integer", "int4", "serial", "serial4", "smallint", "smallserial", "int2", "serial2"})


def _dropped(context: Context) -> Iterator[Found]:
    if context.is_contract or not context.forward:
        return
    for each in context.operations:
        if each.kind in COLUMNS and not _is_new(context, each.relation, each.column):
            yield _early(context, f"{COLUMNS[each.kind]} {each.column} of {each.relation}", each.kind in WITH_DATA)
        if each.kind in DROPS:
            names = (each.relation, *each.mentioned(Role.ALSO))
            for name in names:
                if name is None or _is_new(context, name) or _unused(context, each.words, name):
                    continue
                if each.kind in WITH_DATA and not _was_moved(context, name):
                    yield _early(context, f"table {name}", loses=True, again=_comes_again(context, name))
                elif each.kind == "DROP SEQUENCE" and _comes_again(context, name):
                    yield Found(
                        severity=Severity.WARN,
                        sentence=f"the new sequence {name} begins at its start: numbers come again, and inserts "
                        "fail on them",
                        safer=Safer(sentence="ALTER SEQUENCE changes it and keeps the number it is at"),
                    )
                elif name not in context.together.makes or each.kind in WITH_DATA:
                    yield _early(context, f"{each.kind.removeprefix('DROP ').lower()} {name}")


def _is_new(context: Context, relation: Name | None, column: str | None = None) -> bool:
    """Whether the same text made it. IF NOT EXISTS makes nothing where there was one before, with what is in it."""
    if relation is None:
        return False
    known = context.schema.resolve(relation)
    if column is not None and (known, column) in context.history.new_columns:
        return True
    return context.fresh(relation) and known not in context.history.perhaps_older


def _comes_again(context: Context, name: Name) -> bool:
    """Whether something of that name is made after it."""
    return name in context.history.whole.makes and not context.fresh(name)


def _was_moved(context: Context, name: Name) -> bool:
    """Whether a table that was filled from this one takes its name."""
    whole = context.history.whole.operations
    for taker in takers_of_relation(whole, name):
        change = renamed(taker.operation)
        if change is not None and gets_rows_of(whole, change.name, frozenset({name})):
            return True
    return False


def _unused(context: Context, words: frozenset[str], name: Name) -> bool:
    """What IF EXISTS says of something a complete catalog does not have."""
    return context.schema.complete and "IF EXISTS" in words and context.schema.find(name) is None


def _early(context: Context, what: str, loses: bool = False, again: bool = False) -> Found:
    """Data that is lost stops, wherever it stands; what can be made again stops a step alone."""
    in_plan = context.step is not None
    gone = "and what is in it is gone for good" if loses else "is gone"
    instead = "; the new one of that name is empty" if again else ", and code that still uses it fails at once"
    return Found(
        severity=Severity.STOP if in_plan or loses else Severity.WARN,
        sentence=f"{what} {gone}{instead}",
        safer=Safer(sentence="drop it in contract, after the release that does not use it has run for the soak time"),
    )


def _cascade(context: Context) -> Iterator[Found]:
    for each in context.operations:
        if each.kind in WHOLE:
            continue
        if "CASCADE" in each.words and each.kind.startswith(("DROP", "ALTER TABLE DROP", "TRUNCATE")):
            if each.relation is not None and context.fresh(each.relation):
                continue
            loses = each.kind in TAKE_COLUMNS_ALONG and not _known_unused(context, each)
            yield Found(
                severity=Severity.STOP if loses and context.forward else None,
                sentence=f"CASCADE takes along {'columns with all that is in them, and ' if loses else ''}whatever "
                "depends on it, on the server as it is that night, without asking",
                safer=Safer(sentence="name what has to go, so that it is reviewed and the rollback can bring it back"),
            )


def _known_unused(context: Context, operation: Operation) -> bool:
    """Whether the whole schema is known, and no table has a column of the type."""
    if not context.schema.complete or operation.object is None or operation.kind not in ("DROP TYPE", "DROP DOMAIN"):
        return False
    return not any(True for _ in relations_of_type(context.schema, operation.object.name))


@on("ALTER TYPE ADD VALUE", "ALTER TYPE RENAME VALUE")
def _enum(context: Context, each: Operation) -> Iterator[Found]:
    if each.kind == "ALTER TYPE ADD VALUE":
        yield Found(
            sentence=f"a value of {each.object} can never be removed again: there is no rollback but a new type"
        )
    if each.kind == "ALTER TYPE RENAME VALUE":
        yield Found(
            severity=Severity.WARN,
            sentence=f"code that writes or compares the old value of {each.object} fails the moment this commits",
        )


@in_use("ALTER TABLE DISABLE TRIGGER")
def _triggers(context: Context, each: Operation) -> Iterator[Found]:
    yield Found(
        sentence=f"rows written to {each.relation} from now on miss what the trigger does: dual-writes stop, and "
        "with ALL foreign keys are no longer checked",
        safer=Safer(sentence="drop the trigger in contract, once nothing depends on it"),
    )


@in_use("ALTER TABLE REPLICA IDENTITY")
def _replica_identity(context: Context, each: Operation) -> Iterator[Found]:
    yield Found(
        sentence=f"subscribers of {each.relation} get other columns in updates and deletes from now on; with "
        "NOTHING both fail while the table is published"
    )


@on("CREATE TABLE")
def _small_key(context: Context, each: Operation) -> Iterator[Found]:
    if "TEMPORARY" in each.words:
        return
    keys = {name for one in each.constraints if one.kind is ConstraintKind.PRIMARY_KEY for name in one.columns}
    for column in each.definitions:
        own = any(one.kind is ConstraintKind.PRIMARY_KEY for one in column.constraints)
        if (own or keys == {column.name}) and (column.type or "").lower() in INT_TYPES:
            yield Found(
                sentence=f"{column.name} of {each.relation} ends at {number(_end(column.type))}: the day it does, "
                "inserts fail",
                safer=Safer(sentence="bigint GENERATED ALWAYS AS IDENTITY costs nothing now and a long plan later"),
            )


def _end(written: str | None) -> int:
    return 32_767 if (written or "").lower() in ("smallint", "smallserial", "int2", "serial2") else 2_147_483_647


def _filled_key(context: Context) -> Iterator[Found]:
    """With a connection: keys of the tables the statement changes that are nearing their end."""
    for lock in context.effects.locks if context.forward else ():
        known = context.schema.find(lock.relation)
        if known is None or lock.mode.strength < LockMode.ROW_EXCLUSIVE.strength:
            continue
        for column in known.columns:
            part = 0.0 if column.highest is None else column.highest / _end(column.type)
            if part >= HALF:
                yield Found(
                    severity=Severity.WARN if part >= NEARLY else None,
                    sentence=f"{quote_identifier(column.name)} of {known.name} has used {share(part)} of"
                    f" {column.type}: "
                    f"beyond {number(_end(column.type))} every insert fails",
                    safer=Safer(sentence="move it to bigint in time: see the shipped plan int-to-bigint"),
                )


@on(*WHOLE)
def _everything(context: Context, each: Operation) -> Iterator[Found]:
    cascades = "CASCADE" in each.words
    if cascades or each.kind != "DROP SCHEMA":
        outside = "; CASCADE takes columns of its types and views in other schemas along too" if cascades else ""
        yield Found(sentence=f"{each.kind} drops everything {WHOLE[each.kind]} for good{outside}")


RULES = (
    Rule(
        name="dropped-early",
        severity=Severity.STOP,
        title="A table or column is dropped outside of contract",
        why="Code that runs still reads it. Until the release that does not has run for a while, a drop is an "
        "outage, and what was in it is gone.",
        find=_dropped,
        example=Example(
            given=USERS,
            bad="ALTER TABLE users DROP COLUMN name;",
            good="ALTER TABLE users ALTER COLUMN name DROP NOT NULL;",
        ),
        sources=(f"{DOCUMENTATION}sql-altertable.html",),
        squawk=("ban-drop-column", "ban-drop-table"),
    ),
    Rule(
        name="cascade",
        severity=Severity.WARN,
        title="DROP or TRUNCATE with CASCADE",
        why="What it takes along is decided by what is there at that moment, and is in nobody's rollback.",
        find=_cascade,
        example=Example(given=USERS, bad="DROP TYPE mood CASCADE;", good="DROP TYPE mood;"),
        sources=(f"{DOCUMENTATION}ddl-depend.html",),
        squawk=("ban-truncate-cascade",),
    ),
    Rule(
        name="enum-value",
        severity=Severity.NOTE,
        title="A value of an enum is added or renamed",
        why="Values cannot be removed. Before PostgreSQL 12 a value could not be added in a transaction; a value "
        "that was added in a transaction cannot be used in it.",
        find=_enum,
        example=Example(
            given=USERS, bad="ALTER TYPE mood ADD VALUE 'glad';", good="CREATE TYPE feeling AS ENUM ('glad');"
        ),
        sources=(f"{DOCUMENTATION}sql-altertype.html",),
    ),
    Rule(
        name="disabled-trigger",
        severity=Severity.WARN,
        title="A trigger is disabled",
        why="Every row written meanwhile misses it, and nothing says which rows those were.",
        find=_triggers,
        example=Example(
            given=USERS,
            bad="ALTER TABLE users DISABLE TRIGGER ALL;",
            good="ALTER TABLE users ENABLE TRIGGER ALL;",
        ),
        sources=(f"{DOCUMENTATION}sql-altertable.html",),
    ),
    Rule(
        name="replica-identity",
        severity=Severity.WARN,
        title="REPLICA IDENTITY is changed",
        why="It decides which columns logical replication sends with updates and deletes.",
        find=_replica_identity,
        example=Example(
            given=USERS,
            bad="ALTER TABLE users REPLICA IDENTITY FULL;",
            good="ALTER TABLE users ALTER COLUMN name SET STATISTICS 100;",
        ),
        sources=(f"{DOCUMENTATION}sql-altertable.html#SQL-ALTERTABLE-REPLICA-IDENTITY",),
    ),
    Rule(
        name="small-primary-key",
        severity=Severity.NOTE,
        title="A primary key of four bytes or less",
        why="2 147 483 647 rows, deleted ones counted, are fewer than they sound; changing the type later rewrites "
        "the table. With a connection, keys that have used half of their values are told, by the highest one as of "
        "the last ANALYZE.",
        find=(_small_key, Finder(_filled_key)),
        example=Example(
            bad="CREATE TABLE visit (id int PRIMARY KEY);", good="CREATE TABLE visit (id bigint PRIMARY KEY);"
        ),
        sources=(f"{DOCUMENTATION}datatype-numeric.html",),
        squawk=("prefer-big-int", "prefer-bigint-over-int", "prefer-bigint-over-smallint", "prefer-identity"),
    ),
    Rule(
        name="drop-everything",
        severity=Severity.STOP,
        title="A database, or a schema with all that is in it, is dropped",
        why="Nothing brings it back but a backup.",
        find=_everything,
        example=Example(given="CREATE SCHEMA attic", bad="DROP SCHEMA attic CASCADE;", good="DROP SCHEMA attic;"),
        sources=(f"{DOCUMENTATION}sql-dropdatabase.html",),
        squawk=("ban-drop-database",),
    ),
)
