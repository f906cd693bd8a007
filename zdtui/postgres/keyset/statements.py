"""The statements of a backfill or copy over any stretch of a table, and the questions that look after them. Pure.

It is built from the author's own words with $1-style parameters (psycopg's raw cursor): a `%` in an expression stays a
`%`. A stretch is a condition; its parameters come where its text says.
"""

from zdtui.plan.model import BackfillAction


def backfill_sql(action: BackfillAction, table: str, stretch: str) -> str:
    """The UPDATE of one batch; `table`: the action's own, or a partition of it."""
    assignments = ", ".join(f"{column} = {expression}" for column, expression in action.assignments)
    where = f" AND ({action.where})" if action.where else ""
    return f"UPDATE {table} SET {assignments} WHERE {stretch}{where}"


def listed_sql(table: str, named: str, stretch: str, *, locked: bool) -> str:
    """The rows of a stretch by their names, one array of texts a row; locked, so that none moves meanwhile."""
    return f"SELECT ARRAY[{named}] FROM {table} WHERE {stretch}{' FOR NO KEY UPDATE' if locked else ''}"


def count_sql(table: str, stretch: str, left: str, most: int | None) -> str:
    """How many rows of a stretch there are and how many are left to do; no more than `most` are looked at."""
    limit = "" if most is None else f" LIMIT {int(most)}"
    return (
        f"SELECT pg_catalog.count(*), pg_catalog.count(*) FILTER (WHERE left_to_do) FROM (SELECT {left} AS left_to_do"
        f" FROM {table} WHERE {stretch}{limit}) AS looked_at"
    )


def has_rows_sql(table: str) -> str:
    """Whether the table has a row."""
    return f"SELECT EXISTS (SELECT FROM {table})"


def matches_sql(action: BackfillAction) -> str:
    """Whether any row matches the backfill's `where`."""
    return f"SELECT EXISTS (SELECT FROM {action.table} WHERE ({action.where}\n))"


def accepts_sql(action: BackfillAction, table: str, condition: str) -> str:
    """Nothing, if the server can make sense of the condition beside the backfill's `where`; else its error."""
    return f"SELECT FROM {table} WHERE ({action.where}\n) AND {condition} LIMIT 0"


def left_sql(action: BackfillAction, part: str, names: str, condition: str, most: int) -> str:
    """The part and the name of each row of the table that is left to do, at most so many. $1, $2: run and step."""
    return (
        f"SELECT {part}, left_to_do.named FROM (SELECT tableoid AS part, {names} AS named FROM {action.table}"
        f" WHERE {condition} LIMIT {int(most)}) AS left_to_do WHERE {RUN_AND_STEP}"
    )


def still_left_sql(table: str, named: str, stretch: str, condition: str) -> str:
    """The names of those rows of a stretch that are left to do after all. $1, $2: run and step."""
    return f"SELECT {named} FROM {table} WHERE {stretch} AND {condition} AND {RUN_AND_STEP}"


RUN_AND_STEP = "$1::pg_catalog.uuid IS NOT NULL AND $2::pg_catalog.text IS NOT NULL"
"""Names the parameters also where the condition asks nothing of zdtui.rejected: the server must know their types."""
