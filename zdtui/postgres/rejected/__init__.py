"""Rows a backfill or copy did not take (zdtui.rejected), as one question a file; $1 is the run and $2 the step."""

from zdtui.postgres.journal.place import in_its_schema, journal_table
from zdtui.postgres.operators import EQUAL
from zdtui.postgres.sql_text import sql_text


def rejected_sql(name: str) -> str:
    """The text of `<name>.sql` in this folder; FileNotFoundError when there is none."""
    return in_its_schema(sql_text(__name__, name))


def unexplained_sql(keys: str, after: int, most: int) -> str:
    """Which of the keys that a question finds stand aside for no reason, at most so many.

    The question has `after` parameters; then come the run, the step, and the names of the part.
    """
    run, step, part = (f"${after + place}" for place in (1, 2, 3))
    return (
        f"SELECT zdtui_left.zdtui_key FROM ({keys}) AS zdtui_left"
        f" WHERE NOT EXISTS (SELECT FROM {journal_table('rejected')} AS r"
        f" WHERE r.run {EQUAL} {run}::pg_catalog.uuid AND r.step {EQUAL} {step}::pg_catalog.text"
        f" AND r.part {EQUAL} ANY ({part}::pg_catalog.text[])"
        f" AND r.key {EQUAL} pg_catalog.to_jsonb(zdtui_left.zdtui_key)) LIMIT {most}"
    )
