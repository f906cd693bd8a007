"""What a session or a transaction of ours is told before its questions: one command, or a few together, a file.

They are sent as they stand, without what is said about them. Those with names or values of the moment are made here.
"""

from collections.abc import Iterable, Sequence
from functools import cache

from zdtui.postgres.ask import Connection, ask
from zdtui.postgres.sql_text import sql_text


@cache
def command(name: str) -> bytes:
    """The text of `<name>.sql` in this folder, without its comments; FileNotFoundError when there is none."""
    return " ".join(line for line in sql_text(__name__, name).splitlines() if not line.startswith("--")).encode()


def set_local(settings: Iterable[tuple[str, str]]) -> str:
    """Commands that set these for the transaction."""
    return "; ".join(f"SET LOCAL {name} = {value}" for name, value in settings)


def set_session(settings: Iterable[tuple[str, str]]) -> str:
    """Commands that set these for the session."""
    return "; ".join(f"SET {name} = {value}" for name, value in settings)


def reset(names: Iterable[str]) -> bytes:
    """Commands that give parameters the value back that the session began with."""
    return "; ".join(f"RESET {name}" for name in names).encode()


def vacuum(table: str) -> str:
    """VACUUM that waits for nobody and leaves the file's end alone, whose cutting needs ACCESS EXCLUSIVE."""
    return f"VACUUM (SKIP_LOCKED, TRUNCATE false) {table}"


async def set_parameters(connection: Connection, settings: Sequence[tuple[str, str]]) -> None:
    """Set parameters for the session, each to any text, in one journey to the server. Raises psycopg.Error."""
    places = range(1, 2 * len(settings), 2)
    calls = ", ".join(f"pg_catalog.set_config(${name}::text, ${name + 1}::text, false)" for name in places)
    await ask(connection, f"SELECT {calls}", [each for pair in settings for each in pair])
