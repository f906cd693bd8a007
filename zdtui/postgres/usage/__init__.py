"""What the server counts of statements, and what its catalogs say of who uses a column: one question a file."""

from collections.abc import Sequence
from typing import Any

from zdtui.postgres.ask import Connection, ask_by_name
from zdtui.postgres.encoding import sql_bytes
from zdtui.postgres.sessions.authors import OUR_PATH_AGAIN, authors_path
from zdtui.postgres.sql_text import sql_text
from zdtui.sql.text.quote import quote_identifier

Row = dict[str, Any]


async def ask_usage(connection: Connection, question: str, parameters: Sequence[object] = ()) -> list[Row]:
    """The rows of one of the questions that lie beside this file. Raises psycopg.Error."""
    return await ask_by_name(connection, sql_text(__name__, question), parameters)


async def ask_extension(connection: Connection, question: str, schema: str) -> list[Row]:
    """The same of one that asks the extension, in the schema that it is in."""
    text = sql_text(__name__, question).replace("public.pg_stat", f"{quote_identifier(schema)}.pg_stat")
    return await ask_by_name(connection, text)


async def find_subject(connection: Connection, relation: str, column: str | None) -> Row | None:
    """The relation that a name means for the author, in an open transaction. None: it means none."""
    await connection.execute(sql_bytes(authors_path(connection)))
    rows = await ask_usage(connection, "subject", [relation, column])
    await connection.execute(sql_bytes(OUR_PATH_AGAIN))
    return rows[0] if rows else None
