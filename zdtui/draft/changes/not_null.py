"""SET NOT NULL: promised for new rows, proved for the old ones beside the traffic, and only then said."""

from zdtui.draft.drafted import (
    ONLY_LOOKS,
    Asked,
    Drafted,
    DraftError,
    beside,
    deploy,
    literal,
    regclass,
    sql,
    step,
)
from zdtui.draft.known import Known
from zdtui.plan.model import CheckAction, NoRollback, Phase, Step
from zdtui.sql.text.name import Name
from zdtui.sql.text.quote import quote_identifier

NOT_NULL_UNCHECKED_SINCE = 18
"""NOT NULL ... NOT VALID (https://www.postgresql.org/docs/18/sql-altertable.html)."""


def draft(asked: Asked) -> Drafted:
    """The plan of ALTER COLUMN ... SET NOT NULL."""
    table, column = asked.table, asked.column
    known = asked.known.column(table, column)
    if known is not None and known.not_null:
        raise DraftError(f"`{asked.shown}`: {table}.{column} is NOT NULL already")
    default = asked.known.default(table, column)
    comment = (
        "A row that is NULL needs a value, which only you know. Where this says false, put a step before it:\n"
        f"  backfill: {{table: {table}, set: {{{quote_identifier(column)}: \"'a value'\"}},"
        f" where: {quote_identifier(column)} IS NULL}}"
    )
    if default is not None:
        comment += f"\nNew rows get {default} where the application says nothing."
    filled = is_filled(table, column)
    return Drafted(
        title=f"{table}.{column} is never NULL",
        steps=(
            deploy(
                f"deploy-{column}",
                f"Deploy the application that always writes {column}",
                Phase.DUAL_WRITE,
                f"Deploy the release that never writes NULL to {table}.{column}, and wait until every instance"
                " runs it.",
                "the former release works as before",
            ),
            filled,
            *proof(table, column, asked.known),
        ),
        comments={(filled.id, ""): comment},
        decisions=(f"Which value rows of {table} get whose {column} is NULL, if there are any.",),
    )


def is_filled(table: Name, column: str) -> Step:
    """No row is NULL any more."""
    quoted = quote_identifier(column)
    return step(
        f"{column}-is-filled",
        f"No row of {table} has a NULL {column}",
        Phase.VERIFY,
        CheckAction(query=f"SELECT NOT EXISTS (SELECT FROM {table} WHERE {quoted} IS NULL)"),
        ONLY_LOOKS,
    )


def proof(table: Name, column: str, known: Known, called: str | None = None) -> tuple[Step, ...]:
    """The column is NOT NULL in the end, and no row was read under a lock that keeps the application out.

    `called`: what the steps' ids begin with; None: the column.
    """
    if known.version >= NOT_NULL_UNCHECKED_SINCE:
        return _by_constraint(table, column, called or column)
    return _by_check(table, column, called or column)


def _by_constraint(table: Name, column: str, called: str) -> tuple[Step, ...]:
    name, quoted = quote_identifier(beside(table, column, "not_null").name), quote_identifier(column)
    promised = step(
        f"{called}-promised",
        f"New rows of {table} never have a NULL {column}",
        Phase.VERIFY,
        sql(f"ALTER TABLE {table} ADD CONSTRAINT {name} NOT NULL {quoted} NOT VALID"),
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
        notes="Looks at no row, so that the lock lasts for milliseconds.",
    )
    proved = step(
        f"{called}-proved",
        f"Prove it for the old rows of {table}",
        Phase.VERIFY,
        sql(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}"),
        NoRollback(reason=f"the rollback of {promised.id} drops the constraint"),
        notes="Reads the whole table under SHARE UPDATE EXCLUSIVE: reads and writes go on.",
        verify=_is_not_null(table, column),
    )
    return promised, proved


def _by_check(table: Name, column: str, called: str) -> tuple[Step, ...]:
    name, quoted = quote_identifier(beside(table, column, "is_set").name), quote_identifier(column)
    add = f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({quoted} IS NOT NULL) NOT VALID"
    drop = f"ALTER TABLE {table} DROP CONSTRAINT {name}"
    promised = step(
        f"{called}-promised",
        f"New rows of {table} never have a NULL {column}",
        Phase.VERIFY,
        sql(add),
        drop,
        notes="NOT VALID looks at no row, so that the lock lasts for milliseconds.",
    )
    return (
        promised,
        step(
            f"{called}-proved",
            f"Prove it for the old rows of {table}",
            Phase.VERIFY,
            sql(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}"),
            NoRollback(reason=f"the rollback of {promised.id} drops the constraint"),
            notes="Reads the whole table under SHARE UPDATE EXCLUSIVE: reads and writes go on.",
        ),
        step(
            f"{called}-not-null",
            f"Make {column} NOT NULL",
            Phase.SWITCH,
            sql(f"ALTER TABLE {table} ALTER COLUMN {quoted} SET NOT NULL"),
            f"ALTER TABLE {table} ALTER COLUMN {quoted} DROP NOT NULL",
            notes="PostgreSQL finds the proof in the validated CHECK and reads no row.",
            verify=_is_not_null(table, column),
        ),
        step(
            f"{called}-check-dropped",
            f"Drop the check that proved it of {table}",
            Phase.CONTRACT,
            sql(drop),
            add,
            notes="NOT NULL says the same. The rollback does not prove the check again, which would read the table.",
        ),
    )


def _is_not_null(table: Name, column: str) -> str:
    return f"SELECT attnotnull FROM pg_attribute WHERE attrelid = {regclass(table)} AND attname = {literal(column)}"
