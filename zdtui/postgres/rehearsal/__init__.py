"""What a rehearsal asks of its server: what stands in its way, and what a step did. One question a file."""

from zdtui.postgres.sql_text import sql_text


def rehearsal_sql(name: str) -> str:
    """The text of `<name>.sql` in this folder; FileNotFoundError when there is none."""
    return sql_text(__name__, name)
