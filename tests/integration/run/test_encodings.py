"""Databases that are not in UTF-8: every row is found by its bytes, and the journal holds what it has to."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from tests.fix_db import Database
from tests.integration.run.driver import Driver, ask, do, plan_of, sql_step, step
from zdtui.demo.embedded import SUPERUSER
from zdtui.hazards.trace import Trace
from zdtui.plan.load import parse_plan
from zdtui.plan.model import BackfillAction, BatchTuning, CompareAction, CopyAction, NoRollback, Plan, SqlRollback, Step
from zdtui.postgres.ask import ask as asked
from zdtui.postgres.encoding import is_held, reader, writer
from zdtui.postgres.queries import query
from zdtui.postgres.sessions.asyncpg_connect import connect_asyncpg
from zdtui.postgres.sessions.connect import Target, asyncpg_parameters, connect
from zdtui.run.journal.reader import read_runs
from zdtui.run.model.events import RunOpened
from zdtui.run.model.state import StepStatus
from zdtui.trace.run import schema_of, trace_plan

SMALL = BatchTuning(batch_rows=100, max_batch_rows=100)
GERMAN = {"title": "Füllt eine Spalte … ✓", "description": "größer → Größe"}


@contextmanager
def encoded(server: Database, encoding: str) -> Iterator[str]:
    """A database in that encoding; its address."""
    name = f"{server.name}_{encoding.lower()}"[-60:].lstrip("_")
    provider = "LOCALE_PROVIDER libc" if server.cluster.binaries.major >= 15 else ""
    admin = server.cluster.dsn("postgres", SUPERUSER)
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(
            f"CREATE DATABASE {name} OWNER zdtui TEMPLATE template0 ENCODING '{encoding}' {provider}"
            " LC_COLLATE 'C' LC_CTYPE 'C'".encode()
        )
        try:
            yield server.cluster.dsn(name)
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def named(plan: Plan) -> Plan:
    return plan.model_copy(update=GERMAN)


def fill(name: str, **fields: Any) -> Step:
    action = {"table": "part", "assignments": (("x", "upper(code)"),), "tuning": SMALL, **fields}
    return step(name, BackfillAction(**action), SqlRollback(sql="UPDATE part SET x = NULL"))


PARTS = """
CREATE TABLE part (code text PRIMARY KEY, x text);
INSERT INTO part SELECT 'p' || g FROM generate_series(1, 500) g;
"""


async def test_rows_whose_keys_are_no_text_are_found_by_their_bytes(server18: Database) -> None:
    with encoded(server18, "SQL_ASCII") as dsn:
        await do(dsn, PARTS + r"INSERT INTO part VALUES (E'q\351'), (E'r\377z'), (E'\374\337'), ('schön')")
        await do(dsn, "CREATE TABLE copied (code text PRIMARY KEY, x text NOT NULL)")
        by_key = fill("by-key", assignments=(("x", "x || '!'"),))
        copy = CopyAction(source="part", into="copied", columns=(("code", "code"), ("x", "x")), tuning=SMALL)
        same = CompareAction(source="part", into="copied", columns=(("code", "code"), ("x", "x")), tuning=SMALL)
        plan = plan_of(
            fill("fill", where="x IS NULL"),
            by_key,
            step("copy", copy, SqlRollback(sql="TRUNCATE copied")),
            step("same", same, NoRollback(reason="reads")),
        )
        async with Driver(named(plan), dsn) as driver:
            for _ in range(2):
                for each in plan.steps:
                    state = await driver.run(each.id)
                    assert (state.status, state.rows) == (StepStatus.DONE, 504), state.message
                assert await ask(dsn, "SELECT count(*) FROM part WHERE x = upper(code) || '!'") == 504
                assert await ask(dsn, "SELECT count(*) FROM copied JOIN part USING (code, x)") == 504
                await driver.roll_back_to("fill")
        opened = (await read_runs(Target(dsn)))[0][0].event
        assert isinstance(opened, RunOpened)
        assert opened.plan_title == GERMAN["title"]


async def test_rows_that_are_no_text_stand_aside_and_are_taken_back(server18: Database) -> None:
    with encoded(server18, "SQL_ASCII") as dsn:
        await do(dsn, PARTS + r"INSERT INTO part VALUES (E'q\351'), (E'r\377z')")
        await do(dsn, r"ALTER TABLE part ADD CONSTRAINT no_q CHECK (x <> upper(E'q\351'))")
        tuning = SMALL.model_copy(update={"max_rejected": 5, "walk": "key"})
        copy = CopyAction(
            source="part",
            into="copied",
            columns=(("code", "code"),),
            valid=(("no ü", r"code NOT LIKE E'r\377%'"),),
            tuning=SMALL,
        )
        await do(dsn, "CREATE TABLE copied (code text PRIMARY KEY)")
        plan = plan_of(
            fill("fill", where="x IS NULL", tuning=tuning), step("copy", copy, SqlRollback(sql="TRUNCATE copied"))
        )
        async with Driver(plan, dsn) as driver:
            state = await driver.run("fill")
            assert (state.status, state.rejected) == (StepStatus.DONE, 1), state.message
            assert any("q\\xe9" in line for line in state.first_rejected)
            state = await driver.run("copy")
            assert (state.status, state.rows, state.rejected) == (StepStatus.DONE, 501, 1), state.message
            await do(dsn, "ALTER TABLE part DROP CONSTRAINT no_q")
            assert (await driver.retry("fill")).rejected == 0
        assert await ask(dsn, "SELECT count(*) FROM part WHERE x IS NULL") == 0


TEXTS = {
    "LATIN1": ("ä", "größe"),
    "LATIN2": ("č", "žluť"),
    "WIN1252": ("€", "größe"),
    "EUC_JP": ("日", "列名"),
    "KOI8R": ("Ж", "имя"),
}


@pytest.mark.parametrize("encoding", TEXTS)
async def test_the_journal_holds_what_the_database_cannot(server18: Database, encoding: str) -> None:
    key, name = TEXTS[encoding]
    with encoded(server18, encoding) as plain:
        dsn = f"{plain}&client_encoding=UTF8"
        await do(dsn, PARTS.replace("'p'", f"'{key}'"))
        await do(dsn, f'ALTER TABLE part RENAME x TO "{name}"')
        filled = fill("fill", assignments=((f'"{name}"', "code || 'x'"),), where=f'"{name}" IS NULL')
        by_key = fill("by-key", assignments=((f'"{name}"', f"\"{name}\" || '!'"),))
        wrong = sql_step("wrong", "SELECT '😀'", "SELECT 1")
        async with Driver(named(plan_of(filled, by_key, wrong)), dsn) as driver:
            for each in ("fill", "by-key"):
                state = await driver.run(each, note="läuft … ✓")
                assert (state.status, state.rows) == (StepStatus.DONE, 500), state.message
            state = await driver.run("wrong")
            assert state.status is StepStatus.FAILED
            assert encoding in state.message
        runs = await read_runs(Target(dsn))
        opened = runs[0][0].event
        assert isinstance(opened, RunOpened)
        assert opened.plan_title == GERMAN["title"]
        notes = [each.event.note for each in runs[0] if each.event.kind == "step succeeded"]
        assert [note.split(" · ")[0] for note in notes] == ["läuft … ✓"] * 2
        assert await ask(dsn, f"SELECT count(*) FROM part WHERE \"{name}\" = code || 'x!'") == 500


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1", "KOI8R", "EUC_JP", "UTF8"])
def test_what_is_written_is_read_back(encoding: str) -> None:
    """Whatever a text holds: characters the database cannot hold, those that look like our own escapes, bytes."""
    for text in ("", "plain", "größe", "→ … ✓ 😀", "\x1a{2026}", "\x1a{41}", "\x1a", "\x1a{110000}", "日本", "имя"):
        written = writer(encoding)(text)
        assert reader(encoding)(written) == ("…" if text == "\x1a{2026}" and not is_held(encoding, "…") else text)
        if encoding not in ("SQL_ASCII", "UTF8"):
            assert all(is_held(encoding, each) for each in written.decode())
    every_byte = bytes(range(1, 256))
    assert writer("SQL_ASCII")(reader("SQL_ASCII")(every_byte)) == every_byte
    assert reader("UTF8")(b"q\xe9") == "q\\xe9"


async def test_words_of_another_database_that_are_no_text_end_no_question(server: Database) -> None:
    """Both drivers: the server gives the bytes of another database's session as they are."""
    with encoded(server, "SQL_ASCII") as other:
        async with await psycopg.AsyncConnection.connect(other) as speaking:
            await speaking.execute("SET client_encoding = 'LATIN1'")
            await speaking.execute(b"SELECT 'here it is: q\xe9'")
            pid = speaking.info.backend_pid
            plainly = f"SELECT query FROM pg_catalog.pg_stat_activity WHERE pid = {pid}"
            target = Target(server.dsn())
            async with await connect(target, application_name="a test") as connection:
                assert await asked(connection, plainly) == [("SELECT 'here it is: q\\xe9'",)]
                found = {row[0]: row for row in await asked(connection, query("queries"), [[]])}
                assert "SELECT 'here it is: q\\351'" in found[pid]
                parameters = asyncpg_parameters(connection, target)
            watching = await connect_asyncpg(parameters, application_name="a test", timeout=10)
            try:
                assert [tuple(row) for row in await watching.fetch(plainly)] == [("SELECT 'here it is: q\\xe9'",)]
                shown = {row["pid"]: row["query"] for row in await watching.fetch(query("queries"), [])}
                assert shown[pid] == "SELECT 'here it is: q\\351'"
                for row in await watching.fetch(query("backends"), [pid]):
                    assert row["query"] == shown[pid]
            finally:
                await watching.close()


SEVERAL = """zdtui: 1
name: traced
title: Füllt … ✓
steps:
  - id: add
    title: A column
    phase: expand
    sql: ALTER TABLE part ADD COLUMN y int; ALTER TABLE "größe" ADD COLUMN y int;
    rollback: ALTER TABLE part DROP COLUMN y; ALTER TABLE "größe" DROP COLUMN y;
"""


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
async def test_a_schema_whose_names_are_no_text_is_traced(server18: Database, encoding: str) -> None:
    with encoded(server18, encoding) as dsn:
        async with await connect(Target(dsn), application_name="a test") as connection:
            await asked(connection, "SET search_path = public")
            await asked(connection, PARTS.split(";")[0])
            await asked(connection, 'CREATE TABLE "größe" (id int PRIMARY KEY)')
            if encoding == "SQL_ASCII":
                await asked(connection, 'CREATE TABLE "q\udce9" (code text REFERENCES part (code))')
                await asked(connection, 'ALTER TABLE part ADD "\udcff" int')
        trace = await trace_plan(parse_plan(SEVERAL, "traced.yaml"), Target(dsn))
        assert [each.error for step in trace.steps for each in step.statements if each.error] == []
        assert [step.rollback_exact for step in trace.steps] == [True]
        assert trace.notes == ()
        locked = {lock.relation for lock in trace.steps[0].statements[1].locks}
        assert any("größe" in each for each in locked), locked
        schema = await schema_of(Target(dsn))
        assert schema is not None
        Trace.model_validate_json(trace.model_dump_json())
