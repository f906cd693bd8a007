"""A journal that cannot be written is a lasting reason; one that somebody else made is not touched."""

from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest

from tests.fix_db import Database, ReplicatedDatabase
from tests.integration.run.driver import Driver, ask, do, kinds, plan_of, sql_step
from tests.integration.run.test_reading import zdtui
from zdtui.demo.embedded import SUPERUSER
from zdtui.errors import JournalError
from zdtui.plan.model import Limits
from zdtui.run.decisions.confirm_text import step_digest
from zdtui.run.decisions.snapshot import Verdict, VerdictWord
from zdtui.run.engine.engine import take_snapshot
from zdtui.run.model import commands as c
from zdtui.run.model import events as e
from zdtui.run.model.console import ConnectionState
from zdtui.run.model.state import StepStatus
from zdtui.run.preflight.board import Board, Outcome

PLAN = plan_of(
    sql_step("one", "INSERT INTO ledger VALUES ('one')"), sql_step("two", "INSERT INTO ledger VALUES ('two')")
)
WRONG = plan_of(sql_step("one", "INSERT INTO ledger VALUES ('one')"), sql_step("two", "SELECT 1 / 0"))


@pytest.fixture
async def dsn(server18: Database) -> str:
    await do(server18.dsn(), "CREATE TABLE ledger (what text NOT NULL)")
    return str(server18.dsn())


@pytest.fixture
def other(server18: Database) -> Iterator[tuple[str, str]]:
    """A role of its own that is no superuser and owns nothing; the DSN for it."""
    name = f"r{abs(hash(server18.name)) % 10**9}"
    server18.execute(f"CREATE ROLE {name} LOGIN", SUPERUSER)
    yield name, server18.dsn(name)
    server18.execute(f"DROP OWNED BY {name}; DROP ROLE {name}", SUPERUSER)


def verdict_of(driver: Driver) -> Verdict:
    """The verdict line, now."""
    return take_snapshot(driver.stage).verdict


async def board_of(driver: Driver) -> Board:
    """A board that was asked for now."""
    driver.stage.board = None
    driver.conductor.submit(c.RefreshBoard())
    await driver.until(lambda: driver.stage.board is not None)
    found: Board = driver.stage.board
    return found


async def end_sessions(server: Database) -> None:
    """End all of ours in this database, and wait until they are gone."""
    ours = "datname = current_database() AND pid <> pg_backend_pid() AND application_name LIKE 'zdtui%'"
    await do(server.dsn(), f"SELECT pg_terminate_backend(pid, 20000) FROM pg_stat_activity WHERE {ours}")


async def test_read_only_by_default_is_a_stop_and_a_lasting_reason(server18: Database, dsn: str) -> None:
    server18.execute(f"ALTER DATABASE {server18.name} SET default_transaction_read_only = on")
    async with Driver(PLAN, dsn) as driver:
        board = await board_of(driver)
        assert board.outcome is Outcome.STOP
        assert any(check.outcome is Outcome.STOP and "read-only by default" in check.finding for check in board.checks)
        each = driver.plan.step("one")
        refused = await driver.refusal(c.RunStep(each.id, step_digest(each), "one"))
        assert "read-only by default" in refused
        assert verdict_of(driver).word is VerdictWord.HELD
        assert "read-only by default" in verdict_of(driver).reason
    server18.execute(
        f"SET transaction_read_only = off; ALTER DATABASE {server18.name} RESET default_transaction_read_only"
    )
    async with Driver(PLAN, dsn) as driver:
        assert (await driver.run("one")).status is StepStatus.DONE


@pytest.mark.parametrize("where", ["DATABASE {database}", "ROLE {role} IN DATABASE {database}"])
async def test_sessions_opened_read_only_are_replaced_once_new_ones_may_write(
    server18: Database, dsn: str, where: str
) -> None:
    role = await ask(dsn, "SELECT current_user")
    at = where.format(database=server18.name, role=role)
    off = "SET transaction_read_only = off; "
    async with Driver(PLAN, dsn) as driver:
        assert (await driver.run("one")).status is StepStatus.DONE
        old = driver.stage.sessions
        server18.execute(f"ALTER {at} SET default_transaction_read_only = on")
        await end_sessions(server18)
        await driver.until(
            lambda: (
                driver.stage.sessions not in (None, old) and driver.stage.connection_state is ConnectionState.CONNECTED
            )
        )
        await driver.until(lambda: "read-only by default" in verdict_of(driver).reason)
        each = driver.plan.step("two")
        assert "read-only by default" in await driver.refusal(c.RunStep(each.id, step_digest(each), "two"))
        read_only = driver.stage.sessions
        server18.execute(f"{off}ALTER {at} RESET default_transaction_read_only")
        await driver.until(lambda: driver.stage.sessions not in (None, read_only) and not driver.stage.cannot_write)
        await driver.until(lambda: driver.stage.connection_state is ConnectionState.CONNECTED)
        assert (await driver.run("two")).status is StepStatus.DONE
        said = kinds(await driver.journal())
    assert said.count("step succeeded") == 2
    assert said.count("run opened") == 1


async def test_a_working_session_alone_that_was_opened_read_only_is_noticed(server18: Database, dsn: str) -> None:
    async with Driver(PLAN, dsn) as driver:
        server18.execute(f"ALTER DATABASE {server18.name} SET default_transaction_read_only = on")
        await end_sessions(server18)
        await driver.until(lambda: driver.stage.cannot_write)
        server18.execute(
            f"SET transaction_read_only = off; ALTER DATABASE {server18.name} RESET default_transaction_read_only"
        )
        assert await driver.stage.sessions.renew_beside(driver.stage.target)
        sessions = driver.stage.sessions
        await driver.conductor._connecting.look_again()
        assert driver.stage.cannot_write or driver.stage.sessions is not sessions
        await driver.until(lambda: driver.stage.sessions not in (None, sessions) and not driver.stage.cannot_write)
        assert (await driver.run("one")).status is StepStatus.DONE


async def test_a_run_is_shown_where_nothing_can_be_written_and_goes_on_once_it_can(
    server18: Database, dsn: str, other: tuple[str, str]
) -> None:
    role, theirs = other
    async with Driver(PLAN, dsn) as driver:
        await driver.run("one")
    server18.execute(
        f"GRANT USAGE ON SCHEMA zdtui TO {role}; GRANT SELECT ON ALL TABLES IN SCHEMA zdtui TO {role};"
        f"GRANT INSERT ON ledger TO {role}"
    )
    async with Driver(PLAN, theirs) as driver:
        assert driver.state("one").status is StepStatus.DONE
        each = driver.plan.step("two")
        refused = await driver.refusal(c.RunStep(each.id, step_digest(each), "two"))
        assert f"{role} may not write the journal, which belongs to zdtui" in refused
        assert f"GRANT USAGE ON SCHEMA zdtui TO {role}" in refused
        assert "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA zdtui" in refused
        assert refused in verdict_of(driver).reason
        assert any("may not write" in check.finding for check in (await board_of(driver)).checks)
        server18.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA zdtui TO {role}")
        assert (await driver.run("two")).status is StepStatus.DONE
        joined = [each for each in await driver.journal() if each.event.kind == "console joined"]
        assert [each.operator.endswith(f"as {role}") for each in joined] == [False, True]
    assert await ask(dsn, "SELECT string_agg(what, ' ' ORDER BY what) FROM ledger") == "one two"


async def test_a_role_without_any_right_is_told_who_owns_it_and_what_to_grant(dsn: str, other: tuple[str, str]) -> None:
    role, theirs = other
    async with Driver(PLAN, dsn) as driver:
        await driver.run("one")
    for command in (("status",), ("report", "last"), ("rejected", "last")):
        code, _, complaint = await zdtui(*command, "--dsn", theirs)
        assert code == 2
        assert f"{role} may not read the journal, which belongs to zdtui" in complaint
        assert "GRANT USAGE ON SCHEMA zdtui" in complaint
    with pytest.raises(JournalError, match="may not read the journal"):
        async with Driver(PLAN, theirs):
            pass


async def test_a_right_that_is_taken_away_keeps_the_event_until_it_is_given_back(server18: Database, dsn: str) -> None:
    async with Driver(WRONG, dsn) as driver:
        await driver.run("one")
        await driver.stage.recorder.flush(5)
        before = len(await driver.journal())
        server18.execute("REVOKE INSERT ON zdtui.event FROM zdtui")
        driver.conductor.submit(c.AddNote("kept"))
        await driver.until(lambda: driver.stage.recorder.refused)
        assert driver.stage.recorder.unwritten == 1
        assert "permission denied for table event" in verdict_of(driver).reason
        each = driver.plan.step("two")
        assert "may not write the journal" in await driver.refusal(c.RunStep(each.id, step_digest(each), "two"))
        server18.execute("GRANT INSERT ON zdtui.event TO zdtui")
        await driver.until(lambda: driver.stage.recorder.unwritten == 0)
        assert driver.stage.recorder.refused == ""
        events = await driver.journal()
        assert len(events) == before + 1
        assert events[-1].event == e.NoteAdded(text="kept")
        assert (await driver.run("two")).status is StepStatus.FAILED


async def test_a_right_taken_away_in_the_middle_of_a_step_holds_it_and_nothing_of_it_remains(
    server18: Database, dsn: str
) -> None:
    patient = Limits(lock_timeout=timedelta(minutes=2))
    slow = sql_step("slow", "INSERT INTO ledger VALUES ('slow'); SELECT pg_advisory_xact_lock(8)", limits=patient)
    async with Driver(plan_of(slow), dsn) as driver:
        async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as another:
            await another.execute("SELECT pg_advisory_lock(8)")
            driver.start("slow")
            await driver.until(lambda: driver.stage.work and driver.stage.work.activity.statement_index == 1)
            await driver.stage.recorder.flush(5)
            server18.execute("REVOKE INSERT ON zdtui.event FROM zdtui")
        await driver.until(lambda: driver.stage.working is None)
        assert driver.state("slow").status is StepStatus.HELD
        assert driver.state("slow").hold is e.HoldKind.JOURNAL
        assert "permission denied" in driver.state("slow").message
        assert await ask(dsn, "SELECT count(*) FROM ledger") == 0
        server18.execute("GRANT INSERT ON zdtui.event TO zdtui")
        await driver.until(lambda: driver.stage.recorder.unwritten == 0)
        assert "step held" in kinds(await driver.journal())
        assert (await driver.run("slow")).status is StepStatus.DONE


FOREIGN = {
    "a view": "CREATE VIEW zdtui.event AS SELECT NULL::uuid AS run, evil() AS sequence",
    "a table with a trigger": (
        "CREATE TABLE zdtui.event (run uuid, sequence bigint, at timestamptz, operator text, kind text, step text,"
        " payload jsonb); CREATE TRIGGER t BEFORE INSERT ON zdtui.event FOR EACH ROW EXECUTE FUNCTION evil_row()"
    ),
}


@pytest.mark.parametrize("what", FOREIGN)
async def test_a_schema_that_somebody_else_made_is_neither_read_nor_written(
    server18: Database, dsn: str, other: tuple[str, str], what: str
) -> None:
    role, theirs = other
    server18.execute(
        f"GRANT CREATE ON DATABASE {server18.name} TO {role}; GRANT CREATE ON SCHEMA public TO {role}", SUPERUSER
    )
    server18.execute("CREATE TABLE trap (who text); GRANT INSERT ON trap TO PUBLIC")
    await do(
        theirs,
        "CREATE SCHEMA zdtui; GRANT ALL ON SCHEMA zdtui TO PUBLIC;"
        "CREATE FUNCTION evil() RETURNS bigint LANGUAGE plpgsql AS"
        " $$ BEGIN INSERT INTO trap VALUES (current_user); RETURN 1; END $$;"
        "CREATE FUNCTION evil_row() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN INSERT INTO trap VALUES (current_user); RETURN NEW; END $$;" + FOREIGN[what] + ";"
        "GRANT ALL ON ALL TABLES IN SCHEMA zdtui TO PUBLIC",
    )
    for user in ("zdtui", SUPERUSER):
        for command in (("status",), ("report", "last"), ("rejected", "last")):
            code, _, complaint = await zdtui(*command, "--dsn", server18.dsn(user))
            assert code == 2
            assert f"the schema zdtui belongs to {role}" in complaint
        with pytest.raises(JournalError, match=f"belongs to {role}"):
            async with Driver(PLAN, server18.dsn(user)):
                pass
    assert await ask(dsn, "SELECT count(*) FROM trap") == 0


SPOILT = {
    "trigger": "CREATE TRIGGER t BEFORE INSERT ON zdtui.event FOR EACH ROW EXECUTE FUNCTION evil_row()",
    "rule": "CREATE RULE r AS ON INSERT TO zdtui.event DO ALSO INSERT INTO trap VALUES ('rule')",
    "policy": "ALTER TABLE zdtui.event ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON zdtui.event USING (evil() > 0)",
    "constraint": "ALTER TABLE zdtui.event ADD CONSTRAINT k CHECK (evil() > 0) NOT VALID",
    "index": "CREATE INDEX i ON zdtui.event ((evil()))",
    "inheritance": "CREATE TABLE heir () INHERITS (zdtui.event)",
    "default": "ALTER TABLE zdtui.rejected ALTER COLUMN at SET DEFAULT evil_time()",
    "column at is": "ALTER TABLE zdtui.checkpoint ALTER COLUMN at TYPE text",
    "permanent": "ALTER TABLE zdtui.rejected SET UNLOGGED",
}


@pytest.mark.parametrize("word", SPOILT)
async def test_whatever_could_run_code_in_the_journal_is_named(server18: Database, dsn: str, word: str) -> None:
    async with Driver(PLAN, dsn) as driver:
        await driver.run("one")
        await driver.stage.recorder.flush(5)
        await do(
            dsn,
            "CREATE TABLE trap (who text);"
            "CREATE FUNCTION evil() RETURNS bigint IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$;"
            "CREATE FUNCTION evil_time() RETURNS timestamptz LANGUAGE plpgsql AS"
            " $$ BEGIN INSERT INTO trap VALUES (current_user); RETURN now(); END $$;"
            "CREATE FUNCTION evil_row() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN INSERT INTO trap VALUES (current_user); RETURN NEW; END $$;" + SPOILT[word],
        )
        each = driver.plan.step("two")
        refused = await driver.refusal(c.RunStep(each.id, step_digest(each), "two"))
        assert word in refused
        assert "is not what zdtui made" in refused
    code, _, complaint = await zdtui("status", "--dsn", dsn)
    assert (code, word in complaint) == (2, True)
    assert await ask(dsn, "SELECT count(*) FROM ledger") == 1


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE zdtui.layout SET number = 9",
        "COMMENT ON SCHEMA zdtui IS 'journal of zdtui, layout 9: more of it'",
        "ALTER TABLE zdtui.event ADD COLUMN signed bytea NOT NULL DEFAULT ''; "
        "ALTER TABLE zdtui.event ALTER COLUMN signed DROP DEFAULT",
    ],
)
async def test_a_newer_layout_is_refused_in_words(dsn: str, change: str) -> None:
    async with Driver(PLAN, dsn) as driver:
        await driver.run("one")
    await do(dsn, change)
    for command in (("status",), ("report", "last"), ("rejected", "last")):
        code, _, complaint = await zdtui(*command, "--dsn", dsn)
        assert code == 2
        assert "layout" in complaint
        assert "newer" in complaint
    with pytest.raises(JournalError, match="newer"):
        async with Driver(PLAN, dsn):
            pass


async def test_on_a_standby_it_is_said_that_it_is_one_and_who_the_primary_is(
    primary_with_standby: ReplicatedDatabase,
) -> None:
    database = primary_with_standby
    await do(database.dsn(), "CREATE TABLE ledger (what text NOT NULL)")
    async with Driver(PLAN, database.dsn()) as driver:
        await driver.run("one")
    database.wait_for_replay()
    for user, known in (("zdtui", False), (SUPERUSER, True)):
        async with Driver(PLAN, database.standby_dsn(user)) as driver:
            assert driver.state("one").status is StepStatus.DONE
            each = driver.plan.step("two")
            refused = await driver.refusal(c.RunStep(each.id, step_digest(each), "two"))
            assert "this server is a standby" in refused
            assert f":{database.primary.port}" in refused if known else "primary" in refused
            assert "standby" in verdict_of(driver).reason
    assert (await zdtui("status", "--dsn", database.standby_dsn()))[0] == 0


async def test_a_role_that_acts_as_another_by_default_holds_the_run_all_the_same(
    server18: Database, dsn: str, other: tuple[str, str]
) -> None:
    role, theirs = other
    server18.execute(f"GRANT zdtui TO {role}; ALTER ROLE {role} SET role = 'zdtui'", SUPERUSER)
    async with Driver(PLAN, theirs) as driver:
        assert (await driver.run("one")).status is StepStatus.DONE
        assert (await driver.run("two")).status is StepStatus.DONE
        assert driver.stage.recorder.unwritten == 0 or await driver.stage.recorder.flush(5)
    assert (await zdtui("status", "--dsn", dsn))[0] == 0


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
async def test_the_chain_holds_whatever_the_database_is_encoded_in(server18: Database, encoding: str) -> None:
    name = f"{server18.name[:50]}_{encoding.lower()}"
    server18.execute(
        f"CREATE DATABASE {name} OWNER zdtui ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0", SUPERUSER
    )
    dsn = server18.cluster.dsn(name, "zdtui")
    try:
        await do(dsn, "CREATE TABLE ledger (what text NOT NULL)")
        async with Driver(PLAN, dsn) as driver:
            await driver.run("one")
            for text in (
                "umlaut \u00fc, arrow \u2192, emoji \U0001f600",
                "half \udce9 and nul \x00",
                "\x1a{41} as it is",
            ):
                driver.conductor.submit(c.AddNote(text))
            await driver.run("two")
        assert (await zdtui("status", "--dsn", dsn))[0] == 0
        async with Driver(PLAN, dsn) as driver:
            assert driver.stage.recorder.damage is None
    finally:
        server18.execute(f"DROP DATABASE {name} WITH (FORCE)", SUPERUSER)
