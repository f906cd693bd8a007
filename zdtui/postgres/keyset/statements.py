"""The statement of one batch of a backfill, over any stretch of a table. Pure.

It is built from the author's own words with $1-style parameters (psycopg's raw cursor): a `%` in an expression stays a
`%`. A stretch is a condition; its parameters come where its text says.
"""

from zdtui.plan.model import BackfillAction


def backfill_sql(action: BackfillAction, table: str, stretch: str) -> str:
    """The UPDATE of one batch; `table`: the action's own, or a partition of it."""
    assignments = ", ".join(f"{column} = {expression}" for column, expression in action.assignments)
    where = f" AND ({action.where})" if action.where else ""
    return f"UPDATE {table} SET {assignments} WHERE {stretch}{where}"
