"""What the table says a transaction block refuses is what a server refuses."""

import psycopg
import pytest
from psycopg.errors import ActiveSqlTransaction

from tests.fix_db import Database
from tests.unit.sql.known_statements import STATEMENTS
from zdtui.sql.classify import is_transaction_control
from zdtui.sql.split import split
from zdtui.sql.transactions import transactional

SCHEMA = """
    CREATE SCHEMA s;
    CREATE TABLE t (a int, b int); CREATE TABLE s.t (a int, b int); CREATE INDEX i ON t (a);
    CREATE TABLE p (a int) PARTITION BY LIST (a); CREATE TABLE q PARTITION OF p FOR VALUES IN (1);
    CREATE TYPE s.m AS ENUM ('a', 'y'); CREATE TYPE m AS ENUM ('a', 'b');
"""
NEVER_TRIED = ("CREATE DATABASE", "DROP OWNED", "REASSIGN OWNED", "DROP SUBSCRIPTION", "CREATE SUBSCRIPTION", "LOAD")
"""What would reach beyond this test's database, or another server, if it were taken."""


def test_a_transaction_block_refuses_what_the_table_says(server: Database) -> None:
    """Whatever else is wrong with a statement, that it cannot run here is said first, or never."""
    wrong = []
    with server.connect(user="postgres") as connection:
        connection.execute(SCHEMA)
        version = connection.info.server_version // 10_000
        for _, sql in STATEMENTS:
            (statement,) = split(sql)
            found = statement.operations
            if found[0].kind in NEVER_TRIED or is_transaction_control(statement) or "STD" in sql:
                continue
            said = transactional(found, version)
            if _is_refused(connection, sql) and said:
                wrong.append(sql)
    assert wrong == []


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE INDEX CONCURRENTLY j ON t (a)",
        "DROP INDEX CONCURRENTLY i",
        "REINDEX TABLE CONCURRENTLY t",
        "REINDEX SCHEMA s",
        "ALTER TABLE p DETACH PARTITION q CONCURRENTLY",
        "VACUUM t",
        "VACUUM (FULL) t",
        "CLUSTER",
        "DISCARD ALL",
        "ALTER SYSTEM SET work_mem = '4MB'",
        "CREATE DATABASE never_made",
        "DROP DATABASE IF EXISTS never_made",
        "COMMIT PREPARED 'x'",
        "CREATE TABLESPACE never_made LOCATION '/nowhere'",
    ],
)
def test_these_are_refused_there_and_here(server: Database, sql: str) -> None:
    (statement,) = split(sql)
    assert not transactional(statement.operations)
    with server.connect(user="postgres") as connection:
        connection.execute(SCHEMA)
        assert _is_refused(connection, sql)


def _is_refused(connection: psycopg.Connection, sql: str) -> bool:
    with connection.transaction(force_rollback=True):
        try:
            with connection.transaction():
                connection.execute(sql)
        except ActiveSqlTransaction:
            return True
        except psycopg.Error:
            return False
    return False
