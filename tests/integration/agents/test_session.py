"""The session on which agents' questions are asked: it only reads, and the server refuses two statements in a message."""

import psycopg
import pytest

from tests.fix_db import Database
from tests.integration.agents.client import agents_dsn
from zdtui.agents.answer import RefusedError
from zdtui.agents.database import Database as AgentsDatabase
from zdtui.agents.says import Says
from zdtui.agents.tools.runs import may_be_read
from zdtui.demo.embedded import SUPERUSER
from zdtui.draft.live import known_on
from zdtui.postgres.catalog import read_schema
from zdtui.postgres.sessions.connect import Target
from zdtui.run.journal.store import install, journal_facts


async def test_it_only_reads_one_statement_a_message_by_a_pinned_path(server: Database) -> None:
    server.execute("CREATE TABLE t (i int); INSERT INTO t VALUES (1); GRANT ALL ON t TO PUBLIC")
    database = AgentsDatabase(Target(agents_dsn(server)))
    async with database.asked() as session:
        settings = await (
            await session.execute(
                "SELECT current_setting('transaction_read_only'), current_setting('search_path'),"
                " current_setting('statement_timeout')"
            )
        ).fetchone()
        assert settings == ("on", "pg_catalog, pg_temp", "2s")
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            await session.execute("DELETE FROM public.t")
        for stacked in ("SELECT 1; DELETE FROM public.t", "COMMIT; DELETE FROM public.t", "SELECT 1; SELECT 2"):
            with pytest.raises(psycopg.errors.SyntaxError, match="multiple commands"):
                await session.execute(stacked.encode())
    await database.close()
    assert server.execute("SELECT count(*) FROM t") == [(1,)]
    assert database.told == [
        "zdtui_agent may use 1 table of yours, and agents need none: see docs/agents.md for a role"
    ]


async def test_everything_that_other_rooms_ask_on_it_is_one_statement(server: Database) -> None:
    server.execute("CREATE SCHEMA mine; CREATE TABLE mine.t (i int PRIMARY KEY)")
    database = AgentsDatabase(Target(agents_dsn(server)))
    async with database.asked() as session:
        schema = await read_schema(session)
        assert ("mine", "t") in schema.relations
        assert schema.search_path == ("public",)
        assert (await known_on(session, ())).schema.relations.keys() == schema.relations.keys()
        assert not (await journal_facts(session)).installed
        path = await (await session.execute("SHOW search_path")).fetchone()
        assert path == ("pg_catalog, pg_temp",)
    await database.close()


async def test_why_a_journal_cannot_be_read_is_told_once_and_to_the_person_alone(server18: Database) -> None:
    database = AgentsDatabase(Target(agents_dsn(server18)))
    async with await server18.aconnect() as owner:
        await install(owner)
    for _ in range(2):
        with pytest.raises(RefusedError) as refused:
            async with database.one_moment() as session:
                await may_be_read(database, session)
        assert refused.value.answer.says == (Says.JOURNAL_UNREADABLE,)
        assert refused.value.answer.data == {}
    await database.close()
    (told,) = database.told
    assert "GRANT" in told


async def test_a_superuser_is_refused(server18: Database) -> None:
    agents_dsn(server18)
    database = AgentsDatabase(Target(server18.dsn(SUPERUSER)))
    with pytest.raises(RefusedError) as refused:
        async with database.asked():
            pass
    assert refused.value.answer.says == (Says.ROLE_TOO_STRONG,)


async def test_a_server_that_is_not_there_is_told_to_the_person_alone() -> None:
    database = AgentsDatabase(Target("host=127.0.0.1 port=1 dbname=secret_name password=hunter22"))
    with pytest.raises(RefusedError) as refused:
        async with database.asked():
            pass
    assert refused.value.answer.says == (Says.UNREACHABLE,)
    assert refused.value.answer.data == {}
    (told,) = database.told
    assert "127.0.0.1" in told
    assert "hunter22" not in told


async def test_a_question_that_takes_too_long_ends_and_the_session_goes_on(server18: Database) -> None:
    database = AgentsDatabase(Target(agents_dsn(server18)))
    with pytest.raises(RefusedError) as refused:
        async with database.one_moment() as session:
            await session.execute("SELECT pg_catalog.pg_sleep(60)")
    assert refused.value.answer.says == (Says.TOO_SLOW,)
    async with database.one_moment() as session:
        assert await (await session.execute("SELECT 1")).fetchone() == (1,)
    await database.close()
