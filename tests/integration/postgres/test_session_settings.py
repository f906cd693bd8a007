"""Every session of ours has the same settings, whatever the database and the role say by default."""

import asyncpg
import pytest
from psycopg import sql

from tests.fix_db import Database
from zdtui.postgres.sessions.asyncpg_connect import connect_asyncpg
from zdtui.postgres.sessions.connect import Target, asyncpg_parameters, connect, session_defect
from zdtui.postgres.sessions.settings import platform_settings, set_text, settings

OTHERWISE = {
    "DateStyle": "German",
    "IntervalStyle": "iso_8601",
    "extra_float_digits": "0",
    "bytea_output": "escape",
    "xmlbinary": "hex",
    "xmloption": "document",
    "array_nulls": "off",
    "standard_conforming_strings": "off",
    "backslash_quote": "on",
    "transform_null_equals": "on",
    "quote_all_identifiers": "on",
    "gin_fuzzy_search_limit": "7",
    "default_transaction_isolation": "serializable",
    "default_transaction_deferrable": "on",
    "client_min_messages": "error",
    "statement_timeout": "61s",
    "lock_timeout": "62s",
    "idle_in_transaction_session_timeout": "63s",
    "idle_session_timeout": "64s",
    "transaction_timeout": "65s",
}


def shown_otherwise(server: Database) -> None:
    """Give the database another value for each of our settings."""
    version = int(server.execute("SHOW server_version_num")[0][0])
    for each in settings(version):
        if each.name in OTHERWISE:
            server.execute(f"ALTER DATABASE {server.name} SET {each.name} = '{OTHERWISE[each.name]}'", "postgres")


async def test_no_default_of_the_database_reaches_our_sessions(server: Database) -> None:
    """psycopg and asyncpg alike; what is told of each setting is what the server then says."""
    shown_otherwise(server)
    async with await connect(Target(server.dsn(tcp=True)), application_name="t") as conn:
        parameters = asyncpg_parameters(conn, Target(server.dsn(tcp=True)))
        watching = await connect_asyncpg(parameters, application_name="w", timeout=60)
        try:
            await watching.execute(set_text(conn.info.server_version))
            for each in settings(conn.info.server_version):
                asked = f"SELECT pg_catalog.current_setting('{each.name}')"
                row = await (await conn.execute(asked.encode())).fetchone()
                assert row is not None
                for said in (row[0], await watching.fetchval(asked)):
                    assert said.split(",")[0] == each.value, each.name
        finally:
            await watching.close()


async def test_the_table_says_of_every_setting_why_and_names_each_once(server: Database) -> None:
    """A setting that the server does not know would fail each connection: all are known to this version."""
    version = int(server.execute("SHOW server_version_num")[0][0])
    names = [each.name for each in (*settings(version), *platform_settings(version))]
    assert len(names) == len(set(names))
    known = {row[0].lower() for row in server.execute("SELECT name FROM pg_catalog.pg_settings")}
    assert {name.lower() for name in names} <= known


async def test_what_is_the_authors_stays_as_the_role_says(server18: Database) -> None:
    """Time zone, the order of day and month, and what makes a session read-only are not ours to set."""
    for name, value in (("TimeZone", "Asia/Kolkata"), ("DateStyle", "SQL, DMY"), ("synchronous_commit", "local")):
        server18.execute(f"ALTER DATABASE {server18.name} SET {name} = '{value}'", "postgres")
    server18.execute(f"ALTER DATABASE {server18.name} SET default_transaction_read_only = on", "postgres")
    async with await connect(Target(server18.dsn()), application_name="t") as conn:
        for name, value in (
            ("TimeZone", "Asia/Kolkata"),
            ("DateStyle", "ISO, DMY"),
            ("synchronous_commit", "local"),
            ("default_transaction_read_only", "on"),
        ):
            row = await (await conn.execute(sql.SQL("SHOW {}").format(sql.Identifier(name)))).fetchone()
            assert row == (value,), name


async def test_options_of_the_connection_string_reach_both_drivers(
    server18: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given in the string, or by PGOPTIONS."""
    target = Target(f"{server18.dsn(tcp=True)}?options=-c%20work_mem%3D5MB")
    monkeypatch.setenv("PGOPTIONS", "-c work_mem=7MB")
    for each, expected in ((target, "5MB"), (Target(server18.dsn(tcp=True)), "7MB")):
        async with await connect(each, application_name="t") as conn:
            watching: asyncpg.Connection[asyncpg.Record] = await connect_asyncpg(
                asyncpg_parameters(conn, each), application_name="w", timeout=60
            )
            try:
                row = await (await conn.execute("SHOW work_mem")).fetchone()
                assert row == (expected,)
                assert await watching.fetchval("SHOW work_mem") == expected
            finally:
                await watching.close()


async def test_a_session_that_fires_no_triggers_is_told(server: Database) -> None:
    """session_replication_role is no matter of taste: it is not overridden, and the board stops."""
    server.execute(f"ALTER DATABASE {server.name} SET session_replication_role = replica", "postgres")
    async with await connect(Target(server.dsn("postgres")), application_name="t") as conn:
        assert "fires no triggers" in str(await session_defect(conn))
