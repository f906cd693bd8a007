"""What the rows of a table come to: how many, and the sum of a hash of each, in whatever order they stand."""

from collections.abc import Sequence
from dataclasses import dataclass

import psycopg

from zdtui.postgres.ask import Connection, ask
from zdtui.postgres.sql_text import sql_text
from zdtui.sql.text.quote import quote_identifier


@dataclass(frozen=True, slots=True)
class Rows:
    """One table's rows, or why they were not summed."""

    columns: tuple[str, ...] = ()
    count: int = 0
    total: str = ""
    unread: str = ""


async def sum_rows(
    session: Connection, table: str, columns: Sequence[str] | None = None, seconds: float = 60.0
) -> Rows | None:
    """Sum the rows of a table by these columns, or by all. None where there is no such table.

    `session` is outside of a transaction. `seconds`: how long the server may take for it.
    """
    found = await ask(session, sql_text("zdtui.postgres.fingerprint", "table"), [table])
    if not found or found[0][0] is None:
        return None
    written, kind, hidden, there = found[0]
    if kind == "f":
        return Rows(unread="it is a foreign table: its rows are elsewhere")
    if hidden:
        return Rows(unread="row security hides rows from this role")
    chosen = tuple(there) if columns is None else tuple(columns)
    if gone := [each for each in chosen if each not in there]:
        return Rows(unread=f"column {gone[0]} is not there any more")
    text = sql_text("zdtui.postgres.fingerprint", "rows").replace("{table}", written)
    text = text.replace("{columns}", ", ".join(f"t.{quote_identifier(each)}" for each in chosen))
    try:
        async with session.transaction():
            await session.execute(f"SET LOCAL statement_timeout = {max(1, int(seconds * 1000))}".encode())
            ((count, total),) = await ask(session, text)
    except psycopg.Error as error:
        if session.closed or session.broken:
            raise
        return Rows(unread=error.diag.message_primary or str(error))
    return Rows(chosen, count, total)
