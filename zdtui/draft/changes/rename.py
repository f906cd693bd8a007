"""RENAME of a column or a table: both names work until no release uses the old one."""

from zdtui.draft.changes import not_null
from zdtui.draft.columns import known_column, nothing_else_on_it, who_may_use
from zdtui.draft.drafted import (
    ONLY_LOOKS,
    Asked,
    Drafted,
    backfill,
    deploy,
    lines,
    sql,
    step,
    unused,
)
from zdtui.draft.known import Known
from zdtui.draft.sync import WHAT_NO_TRIGGER_SAVES, Sync, both_ways
from zdtui.plan.model import CheckAction, Irreversible, NoRollback, Phase, Step
from zdtui.sql.schema.relations import KnownColumn
from zdtui.sql.text.name import Name
from zdtui.sql.text.quote import quote_identifier

SECURITY_INVOKER_SINCE = 15
WRITTEN_THROUGH = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"})
"""Privileges that mean something on a view."""
GRANT_IT = " GRANT on the view whatever the application's roles have on the table."


def draft_column(asked: Asked) -> Drafted:
    """The plan of ALTER TABLE ... RENAME COLUMN."""
    table, old, new = asked.table, asked.column, asked.operation.new_name or ""
    column = known_column(asked)
    nothing_else_on_it(asked)
    o, n = quote_identifier(old), quote_identifier(new)
    sync = both_ways(table, old, new)
    default = asked.known.default(table, old)
    ending = () if default is None else (f"ALTER TABLE {table} ALTER COLUMN {n} SET DEFAULT {default}",)
    proofs = not_null.proof(table, new, asked.known) if column.not_null else ()
    filled = _filled(asked, column, sync)
    return Drafted(
        title=f"{table}.{old} is called {new}",
        steps=(
            *filled,
            *(each for each in proofs if each.phase is not Phase.CONTRACT),
            *_deploys(asked.known, table, old, new),
            *(each for each in proofs if each.phase is Phase.CONTRACT),
            step(
                f"drop-{old}",
                "Take the old name away",
                Phase.CONTRACT,
                sql(sync.drop, *ending, f"ALTER TABLE {table} DROP COLUMN {o}"),
                Irreversible(consequence=f"the old name is gone; its content lives on in {new}"),
            ),
        ),
        comments={(filled[0].id, ""): _cheaper(table, old, new)},
        decisions=who_may_use(asked.known, table, old),
    )


def _filled(asked: Asked, column: KnownColumn, sync: Sync) -> tuple[Step, ...]:
    """The new name is there, and holds in every row what the old one does."""
    table, old, new = asked.table, asked.column, asked.operation.new_name or ""
    o, n = quote_identifier(old), quote_identifier(new)
    added = step(
        f"add-{new}",
        "Add the column under its new name",
        Phase.EXPAND,
        sql(f"ALTER TABLE {table} ADD COLUMN {n} {_type(column)}"),
        f"ALTER TABLE {table} DROP COLUMN {n}",
    )
    return (
        added,
        step(
            f"sync-{old}",
            "Keep both names in step",
            Phase.DUAL_WRITE,
            sql(sync.create),
            sync.drop,
            notes=f"When one statement writes both names, {new} wins. {WHAT_NO_TRIGGER_SAVES}",
        ),
        step(
            f"fill-{new}",
            "Fill the new name",
            Phase.BACKFILL,
            backfill(table, {n: o}, f"{n} IS DISTINCT FROM {o}"),
            NoRollback(reason=f"the column goes with the rollback of {added.id}"),
        ),
        step(
            f"no-drift-{new}",
            "Both names hold the same",
            Phase.VERIFY,
            CheckAction(query=f"SELECT NOT EXISTS (SELECT FROM {table} WHERE {o} IS DISTINCT FROM {n})"),
            ONLY_LOOKS,
        ),
    )


def _cheaper(table: Name, old: str, new: str) -> str:
    return (
        f"Nothing has to be copied where the application can read a view: rename {table} itself, make a view under\n"
        f"its old name that has {old} and {new}, and drop it later. COPY into it, TRUNCATE and foreign keys to it fail."
    )


def _type(column: KnownColumn) -> str:
    return column.type + (f" COLLATE {quote_identifier(column.collation)}" if column.collation else "")


def _deploys(known: Known, table: Name, old: str, new: str) -> tuple[Step, ...]:
    return (
        deploy(
            f"deploy-{new}",
            "Deploy the application that uses the new name",
            Phase.SWITCH,
            f"Deploy the release that uses {table}.{new} only, and wait until every instance runs it.",
            f"the former release still finds {old}, which the trigger keeps up to date",
        ),
        unused(known, f"soak-{new}", table, old),
    )


def draft_table(asked: Asked) -> Drafted:
    """The plan of ALTER TABLE ... RENAME TO: a view under the old name, which is written through."""
    table, new = asked.table, asked.operation.new_name or ""
    renamed = Name(table.schema, new)
    if asked.known.partitions(table) is None and asked.known.relation(table) is None:
        note = "Partitions, grants and rules are not known here. "
    else:
        note = ""
    invoker = " WITH (security_invoker = true)" if asked.known.version >= SECURITY_INVOKER_SINCE else ""
    granted = asked.known.granted(table, table, WRITTEN_THROUGH)
    rights = "" if asked.known.grants is not None else GRANT_IT
    return Drafted(
        title=f"{table} is called {new}",
        steps=(
            step(
                f"rename-{table.name}",
                "Rename it, and leave a view under the old name",
                Phase.SWITCH,
                sql(
                    f"ALTER TABLE {table} RENAME TO {quote_identifier(new)}",
                    f"CREATE VIEW {table}{invoker} AS SELECT * FROM {renamed}",
                    *granted,
                ),
                f"DROP VIEW {table};\nALTER TABLE {renamed} RENAME TO {quote_identifier(table.name)}",
                notes=(
                    f"{note}Both in one transaction, so that the old name is there at every moment. Reads and writes"
                    " go through the view; COPY into it, TRUNCATE and LOCK of the old name do not."
                    f"{rights}"
                ),
            ),
            deploy(
                f"deploy-{new}",
                "Deploy the application that uses the new name",
                Phase.SWITCH,
                f"Deploy the release that uses {renamed} only, and wait until every instance runs it.",
                "the former release still finds the view",
            ),
            unused(asked.known, f"soak-{new}", table),
            step(
                f"drop-view-{table.name}",
                "Take the old name away",
                Phase.CONTRACT,
                sql(f"DROP VIEW {table}"),
                lines(f"CREATE VIEW {table}{invoker} AS SELECT * FROM {renamed}", *granted),
            ),
        ),
        decisions=()
        if asked.known.grants is not None
        else (f"Which rights the view {table} needs: it begins with those of default privileges.",),
    )
