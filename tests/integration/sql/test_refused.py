"""The table of what servers refuse, tried on them: each line of it is refused, and what is said to be taken is taken."""

from collections.abc import Iterator

import psycopg
import pytest

from tests.fix_db import Database
from tests.unit.hazards.refused_statements import REFUSED, SCHEMA, TAKEN, lines, newer
from zdtui.demo.embedded import SUPERUSER
from zdtui.sql.split import split

KEY = "CREATE TABLE alone_key (id int PRIMARY KEY);"


def fresh(connection: psycopg.Connection) -> None:
    connection.execute("RESET ALL")
    connection.execute("DROP SCHEMA IF EXISTS tried CASCADE; CREATE SCHEMA tried; SET search_path = tried")
    connection.execute(f"{SCHEMA} {KEY}")


def answer(connection: psycopg.Connection, line: str) -> str:
    """What the server refuses of it; nothing when it takes all."""
    try:
        for statement in split(line):
            connection.execute(statement.text.encode())
    except psycopg.Error as error:
        return str(error)
    finally:
        connection.rollback()
    return ""


@pytest.fixture
def tried(server: Database) -> Iterator[psycopg.Connection]:
    with server.connect(SUPERUSER) as connection:
        yield connection


def test_the_server_refuses_what_we_say_it_refuses(tried: psycopg.Connection) -> None:
    version = tried.info.server_version // 10_000
    fresh(tried)
    later = [sql for since, sql in newer() if since > version]
    assert [line for line in (*lines(REFUSED), *later) if not answer(tried, line)] == []


def test_the_server_takes_what_we_say_it_takes(tried: psycopg.Connection) -> None:
    version = tried.info.server_version // 10_000
    refused = {}
    for line in (*lines(TAKEN), *(sql for since, sql in newer() if since <= version)):
        fresh(tried)
        if why := answer(tried, line):
            refused[line] = why
    assert refused == {}
