"""The statements of one batch, over any stretch of a table. Pure.

They are built from the author's own words with $1-style parameters (psycopg's raw cursor): a `%` in an expression
stays a `%`. A stretch is a condition; its parameters come where its text says.
"""

from zdtui.plan.model import BackfillAction, CopyAction
from zdtui.postgres.keyset.key import Key


def backfill_sql(action: BackfillAction, table: str, stretch: str) -> str:
    """The UPDATE of one batch; `table`: the action's own, or a partition of it."""
    assignments = ", ".join(f"{column} = {expression}" for column, expression in action.assignments)
    return f"UPDATE {table} SET {assignments} WHERE {stretch}{_where(action)}"


def copy_sql(action: CopyAction, source: str, stretch: str) -> str:
    """The INSERT of one batch: rows that satisfy every rule, and are not there yet."""
    columns = ", ".join(column for column, _ in action.columns)
    expressions = ", ".join(expression for _, expression in action.columns)
    valid = "".join(f" AND ({predicate}) IS TRUE" for _, predicate in action.valid)
    return (
        f"INSERT INTO {action.into} ({columns}) SELECT {expressions} FROM {source} "
        f"WHERE {stretch}{_where(action)}{valid} ON CONFLICT DO NOTHING"
    )


def rules_sql(action: CopyAction, source: str, key: Key, stretch: str) -> str:
    """The INSERT into zdtui.rejected of the rows of one batch that fail a rule.

    $1 run, $2 step, $3 part, then the names of the rules; the parameters of `stretch` come after them.
    """
    rules = enumerate(action.valid, FIRST_RULE)
    reasons = " ".join(f"WHEN ({predicate}) IS NOT TRUE THEN ${place}::text" for place, (_, predicate) in rules)
    fails = " OR ".join(f"({predicate}) IS NOT TRUE" for _, predicate in action.valid)
    return (
        f"INSERT INTO zdtui.rejected (run, step, part, key, reason) "
        f"SELECT $1::uuid, $2::text, $3::text, pg_catalog.jsonb_build_array({key.texts}), CASE {reasons} END "
        f"FROM {source} WHERE {stretch}{_where(action)} AND ({fails}) "
        "ON CONFLICT DO NOTHING"
    )


FIRST_RULE = 4
"""The parameter of the first rule's name in `rules_sql`."""


def _where(action: BackfillAction | CopyAction) -> str:
    return f" AND ({action.where})" if action.where else ""
