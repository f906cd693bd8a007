"""DROP COLUMN and DROP TABLE: renamed away first, which is undone in a moment, and dropped when nobody missed it."""

from zdtui.draft.columns import what_hangs_on, who_may_use
from zdtui.draft.drafted import (
    ONLY_LOOKS,
    Asked,
    Drafted,
    DraftError,
    beside,
    deploy,
    literal,
    regclass,
    soak,
    sql,
    step,
    unused,
)
from zdtui.plan.model import CheckAction, Irreversible, NoRollback, Phase, Step
from zdtui.sql.operation import Role
from zdtui.sql.schema.relations import ForeignKey, Hang, KnownColumn
from zdtui.sql.text.name import Name
from zdtui.sql.text.quote import quote_identifier

AWAY = "to_drop"
NOBODY_USES_IT = "no release uses the name any more; one that does fails at once, and the rollback gives the name back"


def draft_column(asked: Asked) -> Drafted:
    """The plan of ALTER TABLE ... DROP COLUMN."""
    table, column = asked.table, asked.column
    quoted, away = quote_identifier(column), quote_identifier(beside(Name(None, column), AWAY).name)
    known, hanging = asked.known.column(table, column), what_hangs_on(asked.known, table, column)
    may_be_null = () if known is not None and not known.not_null else (optional(table, column, said=_if_it_is(known)),)
    return Drafted(
        title=f"{table}.{column} is gone",
        steps=(
            *may_be_null,
            _no_view_reads(table, column),
            deploy(
                f"deploy-without-{column}",
                f"Deploy the application that does not know {column}",
                Phase.SWITCH,
                f"Deploy the release whose models leave {column} out (SELECT * counts as reading it, and an INSERT"
                " without a list of columns as writing it), and wait until every instance runs it.",
                "the former release still finds the column",
            ),
            *((unused(asked.known, f"unused-{column}", table, column),) if asked.known.counts_statements else ()),
            step(
                f"rename-{column}-away",
                "Take its name away",
                Phase.SWITCH,
                sql(f"ALTER TABLE {table} RENAME COLUMN {quoted} TO {away}"),
                f"ALTER TABLE {table} RENAME COLUMN {away} TO {quoted}",
                notes="Whoever still uses it fails now, while going back takes a moment and loses nothing.",
                silence=(("column-rename", NOBODY_USES_IT),),
            ),
            soak(
                f"soak-without-{column}",
                Phase.SWITCH,
                "Watch the application's errors. A job of once a month needs longer.",
            ),
            step(
                f"drop-{column}",
                "Drop the column",
                Phase.CONTRACT,
                sql(f"ALTER TABLE {table} DROP COLUMN {away}"),
                Irreversible(consequence=f"{table}.{column} and what only it held are gone; a backup brings it back"),
            ),
        ),
        decisions=(
            f"Whether what {table}.{column} holds is needed elsewhere: keep a copy first if it is.",
            *(f"Whether {each} may go: it goes with {table}.{column}, or stands in its way." for each in hanging),
            *who_may_use(asked.known, table, column),
        ),
    )


def _if_it_is(known: KnownColumn | None) -> str:
    return "" if known is not None else "Does nothing if the column may be NULL already. "


def optional(table: Name, column: str, phase: Phase = Phase.EXPAND, said: str = "") -> Step:
    """A release that does not know the column inserts no value."""
    quoted = quote_identifier(column)
    return step(
        f"{column}-may-be-null",
        f"A row may come without {column}",
        phase,
        sql(f"ALTER TABLE {table} ALTER COLUMN {quoted} DROP NOT NULL"),
        NoRollback(reason=f"every release may write {column}; a plan of its own makes it NOT NULL again"),
        notes=f"{said}The release that does not know the column inserts no value into it.",
    )


def _no_view_reads(table: Name, column: str) -> Step:
    return step(
        f"no-view-reads-{column}",
        "No view depends on the column",
        Phase.VERIFY,
        CheckAction(
            query="SELECT NOT EXISTS (\n"
            "  SELECT FROM pg_depend AS d\n"
            "    JOIN pg_attribute AS a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid\n"
            "   WHERE d.classid = 'pg_rewrite'::regclass\n"
            f"     AND d.refobjid = {regclass(table)} AND a.attname = {literal(column)})"
        ),
        ONLY_LOOKS,
    )


def draft_table(asked: Asked) -> Drafted:
    """The plan of DROP TABLE."""
    table = asked.table
    if asked.operation.mentioned(Role.ALSO):
        raise DraftError(f"`{asked.shown}`: ask for one table at a time, the referencing ones first")
    relation = asked.known.relation(table)
    name = table if relation is None else relation.name
    keys = _keys_of(asked, name)
    away = beside(Name(None, table.name), AWAY)
    moved = Name(table.schema, away.name)
    return Drafted(
        title=f"{table} is gone",
        steps=(
            _no_view_reads_table(table),
            deploy(
                f"deploy-without-{table.name}",
                f"Deploy the application that does not know {table}",
                Phase.SWITCH,
                f"Deploy the release that neither reads nor writes {table}, and wait until every instance runs it.",
                "the former release still finds the table",
            ),
            *((unused(asked.known, f"unused-{table.name}", table),) if asked.known.counts_statements else ()),
            step(
                f"rename-{table.name}-away",
                "Take its name away",
                Phase.SWITCH,
                sql(f"ALTER TABLE {table} RENAME TO {away}"),
                f"ALTER TABLE {moved} RENAME TO {quote_identifier(table.name)}",
                notes="Whoever still uses it fails now, while going back takes a moment and loses nothing.",
                silence=(("table-rename", NOBODY_USES_IT),),
            ),
            soak(
                f"soak-without-{table.name}",
                Phase.SWITCH,
                "Watch the application's errors. A job of once a month needs longer.",
            ),
            *(_drop_key(moved, each.name) for each in keys),
            step(
                f"drop-{table.name}",
                "Drop the table",
                Phase.CONTRACT,
                sql(f"DROP TABLE {moved}"),
                Irreversible(consequence=f"{table} and its rows are gone; a backup brings them back"),
            ),
        ),
        decisions=(f"Whether the rows of {table} are needed elsewhere: keep a dump first if they are.",),
    )


def _keys_of(asked: Asked, name: Name) -> list[ForeignKey]:
    """Its own foreign keys. DraftError when something else depends on the table."""
    table = asked.table
    keys = [each for each in asked.known.schema.foreign_keys if name in (each.table, each.references)]
    others = sorted({str(each.table) for each in keys if each.references == name and each.table != name})
    if others:
        raise DraftError(
            f"{', '.join(others)} refer to {table}: decide what becomes of those foreign keys, and drop them first"
        )
    readers = sorted(str(each.name) for each in asked.known.schema.relations.hanging(Hang.READS, name))
    if readers:
        raise DraftError(f"{', '.join(readers)} read {table}: decide what becomes of those views first")
    return keys


def _drop_key(moved: Name, name: str) -> Step:
    """One at a time: each takes ACCESS EXCLUSIVE on the referenced table as well."""
    return step(
        f"drop-key-{name}",
        f"Drop its foreign key {name}",
        Phase.CONTRACT,
        sql(f"ALTER TABLE {moved} DROP CONSTRAINT {quote_identifier(name)}"),
        Irreversible(consequence="nobody uses the table any more; its rows are still there"),
    )


def _no_view_reads_table(table: Name) -> Step:
    return step(
        f"nothing-reads-{table.name}",
        "No view and no foreign key depends on the table",
        Phase.VERIFY,
        CheckAction(
            query="SELECT NOT EXISTS (\n"
            "  SELECT FROM pg_depend AS d\n"
            f"   WHERE d.classid = 'pg_rewrite'::regclass AND d.refobjid = {regclass(table)})\n"
            "   AND NOT EXISTS (\n"
            "  SELECT FROM pg_constraint\n"
            f"   WHERE contype = 'f' AND confrelid = {regclass(table)} AND conrelid <> confrelid)"
        ),
        ONLY_LOOKS,
    )
