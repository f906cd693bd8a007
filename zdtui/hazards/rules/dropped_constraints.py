"""Promises that the schema no longer keeps: foreign keys, NOT NULL and defaults that are dropped."""

from collections.abc import Iterator

from zdtui.hazards.context import Context
from zdtui.hazards.hazard import Safer, Severity
from zdtui.hazards.rule import DOCUMENTATION, Example, Found, Rule, in_use
from zdtui.sql.operation import Operation
from zdtui.sql.text.quote import quote_identifier

GIVEN = (
    "CREATE TABLE org (id bigint PRIMARY KEY); CREATE TABLE users (id bigint PRIMARY KEY, name text NOT "
    "NULL DEFAULT '',"
    " org_id bigint CONSTRAINT org REFERENCES org)"
)


@in_use("ALTER TABLE DROP CONSTRAINT")
def _key(context: Context, each: Operation) -> Iterator[Found]:
    if each.relation is None or each.constraint is None or not context.forward or context.is_contract:
        return
    key = context.schema.foreign_key(context.schema.resolve(each.relation), each.constraint.name)
    if key is not None and key.table != key.references and not context.fresh(key.references):
        yield Found(
            severity=Severity.WARN,
            sentence=f"ACCESS EXCLUSIVE is taken on {key.table} and on {key.references}: nobody reads or "
            "writes the one "
            "while the lock on the other is waited for; rows that point nowhere may come in from then on",
            safer=Safer(sentence="drop it in contract, in a step of its own, which takes its locks in a gap"),
        )


@in_use("ALTER TABLE ALTER COLUMN DROP NOT NULL")
def _null_allowed(context: Context, each: Operation) -> Iterator[Found]:
    if context.forward and not context.is_contract:
        yield Found(
            sentence=f"code that reads {quote_identifier(each.column or '')} of {each.relation} may find "
            "NULL from now on",
            safer=Safer(sentence="make sure first that what runs can read NULL there"),
        )


@in_use("ALTER TABLE ALTER COLUMN DROP DEFAULT")
def _no_default(context: Context, each: Operation) -> Iterator[Found]:
    if context.forward and not context.is_contract:
        yield Found(
            sentence=f"code that inserts into {each.relation} without {quote_identifier(each.column or '')} gets NULL "
            "from now on, or fails where that is forbidden",
            safer=Safer(sentence="make sure first that every release that runs writes the column"),
        )


RULES = (
    Rule(
        name="foreign-key-dropped",
        severity=Severity.WARN,
        title="A foreign key is dropped outside of contract",
        why="Both tables are locked away from everybody, one after the other; and rows that point nowhere come in.",
        find=_key,
        example=Example(
            given=GIVEN,
            bad="ALTER TABLE users DROP CONSTRAINT org;",
            good="ALTER TABLE users RENAME CONSTRAINT org TO its_org;",
        ),
        sources=(f"{DOCUMENTATION}sql-altertable.html",),
        squawk=("ban-drop-constraint",),
    ),
    Rule(
        name="null-allowed",
        severity=Severity.NOTE,
        title="NOT NULL is dropped",
        why="Code that was written for a column without NULL may fail on the first one it reads.",
        find=_null_allowed,
        example=Example(
            given=GIVEN,
            bad="ALTER TABLE users ALTER COLUMN name DROP NOT NULL;",
            good="ALTER TABLE users ALTER COLUMN name SET DEFAULT 'unknown';",
        ),
        sources=(f"{DOCUMENTATION}sql-altertable.html",),
        squawk=("ban-drop-not-null",),
    ),
    Rule(
        name="default-dropped",
        severity=Severity.NOTE,
        title="A default is dropped",
        why="Code that leaves the column out gets NULL instead, or fails.",
        find=_no_default,
        example=Example(
            given=GIVEN,
            bad="ALTER TABLE users ALTER COLUMN name DROP DEFAULT;",
            good="ALTER TABLE users ALTER COLUMN name SET DEFAULT 'unknown';",
        ),
        sources=(f"{DOCUMENTATION}sql-altertable.html",),
        squawk=("ban-drop-default",),
    ),
)
