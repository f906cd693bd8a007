"""The journal's SQL: one question a file, runnable in psql once its %(parameters)s are filled in."""

from typing import Final

from zdtui.postgres.journal.place import in_its_schema
from zdtui.postgres.sql_text import sql_text

LOCK_KEY: Final = int.from_bytes(b"zdtui\x00\x00\x01", "big")
"""Key of the session-level advisory lock that the conductor holds: one run at a time per database."""
BATCH_LOCK_KEY: Final = int.from_bytes(b"zdtui\x00\x00\x02", "big")
"""Key of the lock that each batch's transaction shares: nobody takes the run while one of another console is open."""

PAUSE_KEY: Final = int.from_bytes(b"zdtui\x00\x00\x03", "big")
"""Key of the shared advisory lock by which a session that may change nothing asks for a pause."""


def journal_sql(name: str) -> bytes:
    """The text, in UTF-8, of `<name>.sql` in this folder; FileNotFoundError when there is none."""
    return in_its_schema(sql_text(__name__, name)).encode()
