"""The statements of one batch, over any stretch of a table. Pure.

They are built from the author's own words with $1-style parameters (psycopg's raw cursor): a `%` in an expression
stays a `%`.
"""

from zdtui.plan.model import BackfillAction, CopyAction
from zdtui.postgres.keyset.key import Bounds, Key


def backfill_sql(action: BackfillAction, key: Key, bounds: Bounds) -> str:
    """The UPDATE of one batch."""
    assignments = ", ".join(f"{column} = {expression}" for column, expression in action.assignments)
    where = f" AND ({action.where})" if action.where else ""
    return f"UPDATE {action.table} SET {assignments} WHERE {bounds.condition(key)}{where}"


def copy_sql(action: CopyAction, key: Key, bounds: Bounds) -> str:
    """The INSERT of one batch: rows that satisfy every rule, and are not there yet."""
    columns = ", ".join(column for column, _ in action.columns)
    expressions = ", ".join(expression for _, expression in action.columns)
    valid = "".join(f" AND ({predicate}) IS TRUE" for _, predicate in action.valid)
    return (
        f"INSERT INTO {action.into} ({columns}) SELECT {expressions} FROM {action.source} "
        f"WHERE {bounds.condition(key)}{_where(action)}{valid} ON CONFLICT DO NOTHING"
    )


def reject_sql(action: CopyAction, key: Key, bounds: Bounds) -> str:
    """The INSERT into zdtui.rejected of one batch: $1 run, $2 step, then the names of the rules, then the bounds."""
    first = 3
    rules = enumerate(action.valid, first)
    reasons = " ".join(f"WHEN ({predicate}) IS NOT TRUE THEN ${place}::text" for place, (_, predicate) in rules)
    fails = " OR ".join(f"({predicate}) IS NOT TRUE" for _, predicate in action.valid)
    return (
        f"INSERT INTO zdtui.rejected (run, step, key, reason) "
        f"SELECT $1::uuid, $2::text, pg_catalog.jsonb_build_array({key.texts}), CASE {reasons} END "
        f"FROM {action.source} WHERE {bounds.condition(key, first + len(action.valid))}{_where(action)} AND ({fails}) "
        "ON CONFLICT DO NOTHING"
    )


def _where(action: CopyAction) -> str:
    return f" AND ({action.where})" if action.where else ""
