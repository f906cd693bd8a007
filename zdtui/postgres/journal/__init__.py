"""The journal's SQL: one question a file, runnable in psql once its %(parameters)s are filled in."""

from functools import cache
from importlib.resources import files
from typing import Final

LOCK_KEY: Final = int.from_bytes(b"zdtui\x00\x00\x01", "big")
"""Key of the session-level advisory lock that the conductor holds: one run at a time per database."""


@cache
def journal_sql(name: str) -> bytes:
    """The text, in UTF-8, of `<name>.sql` in this folder; FileNotFoundError when there is none."""
    return files(__name__).joinpath(f"{name}.sql").read_text("utf-8").encode()
