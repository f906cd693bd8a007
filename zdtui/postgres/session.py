"""A session of ours: what it was opened with, so that it can be put back, and the backend that really serves it."""

import re
from typing import Any

import psycopg

ELEMENT = re.compile(r'\s*(?:"((?:[^"]|"")*)"|([^,"\s]*))\s*(?:,|\Z)')
"""One schema of a search_path as the server writes it."""
JOURNAL_SCHEMA = "zdtui"


class Session(psycopg.AsyncConnection[Any]):
    """A connection that `zdtui.postgres.connect.connect` has set up."""

    pid: int = 0
    """The backend that serves it: behind a proxy not the one that was promised."""
    path: tuple[str, ...] | None = None
    """The author's search_path, for the next statement of the author's. None: as the server, database and role say."""
    under_authors_path: bool = False
    """The author's search_path is in force, for several statements of one transaction."""
    opened_path: tuple[str, ...] | None = None
    """What it was when the session was opened."""
    platform: tuple[str, ...] = ()
    """Statements that set what not every platform can."""
    role: str = "none"
    """What SET ROLE was when it was opened."""


def backend_pid(connection: psycopg.AsyncConnection[Any]) -> int:
    """The backend that serves the session."""
    return (connection.pid if isinstance(connection, Session) else 0) or connection.info.backend_pid


def read_path(text: str, user: str) -> tuple[str, ...]:
    """The schemas of a search_path, as the server writes it.

    A role that is itself called zdtui has no "$user" in its path: what a plan creates without naming a schema would
    land in the journal's.
    """
    found, place = [], 0
    while place < len(text) and (element := ELEMENT.match(text, place)):
        quoted, plain = element.groups()
        found.append(plain if quoted is None else quoted.replace('""', '"'))
        place = element.end()
    return tuple(each for each in found if each != "$user" or user != JOURNAL_SCHEMA)


def path_text(path: tuple[str, ...] | None) -> str:
    """The schemas as SET search_path takes them."""
    if path is None:
        return "DEFAULT"
    return ", ".join("'" + schema.replace("'", "''") + "'" for schema in path) or "''"
