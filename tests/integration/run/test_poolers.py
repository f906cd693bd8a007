"""A pool that shares sessions is refused before anything is set on them; one in session mode is as good as none."""

import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tests.fix_db import Database
from tests.fix_pgbouncer import pooled_sessions, pooling
from tests.integration.run.driver import Driver, ask, do, plan_of, sql_step, step
from zdtui.errors import TargetError
from zdtui.plan.model import BackfillAction, BatchTuning
from zdtui.postgres.sessions.connect import Target, connect, probe
from zdtui.run.engine.engine import Engine
from zdtui.run.journal.reader import read_runs
from zdtui.run.model.state import StepStatus

SETTINGS = (
    "SELECT string_agg(name || '=' || setting, ' ' ORDER BY name) FROM pg_settings WHERE source = 'session'"
    " AND name NOT IN ('application_name', 'client_encoding')"
)
PLAN = "zdtui: 1\nname: p\ntitle: P\nsteps:\n  - {id: a, title: A, phase: expand, sql: SELECT 1, rollback: SELECT 1}\n"


def settings_of_the_pool(dsn: str, sessions: int) -> set[str | None]:
    """What an application meets that takes so many of the pool's sessions at once."""
    held = [psycopg.connect(dsn) for _ in range(sessions)]
    try:
        found = set()
        for each in held:
            row = each.execute(SETTINGS).fetchone()
            assert row is not None
            found.add(row[0])
            each.execute("SET LOCAL work_mem = '4MB'")
        return found
    finally:
        for each in held:
            each.close()


@pytest.mark.parametrize("mode", ["transaction", "statement"])
@pytest.mark.parametrize("size", [1, 5])
async def test_a_pool_that_shares_sessions_is_refused_and_nothing_is_left_on_it(
    server18: Database, pgbouncer: str, tmp_path: Path, mode: str, size: int
) -> None:
    """By the engine, by the commands, and before that by the first connection of all."""
    await do(server18.dsn(), "CREATE TABLE t (id int)")
    with pooling(pgbouncer, tmp_path, server18, mode, size) as pooler:
        target = Target(pooler.dsn)
        with pytest.raises(TargetError, match="gives no client a session of its own"):
            await connect(target, application_name="zdtui test")
        with pytest.raises(TargetError, match="gives no client a session of its own"):
            await read_runs(target)
        engine = Engine(plan_of(sql_step("one", "SELECT 1")), target, operator="tester@here")
        engine.start()
        assert engine.join(60)
        assert engine.failure is not None
        assert engine.failure.expected
        assert "session mode" in engine.failure.message
        assert pooled_sessions(server18) == []
        if mode == "transaction":
            assert settings_of_the_pool(pooler.dsn, size) == {None}
            with psycopg.connect(pooler.dsn, autocommit=True) as application:
                application.execute("INSERT INTO t VALUES (1)")
    assert await ask(server18.dsn(), "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") == 0


def test_the_command_ends_with_exit_code_2_and_a_sentence(server18: Database, pgbouncer: str, tmp_path: Path) -> None:
    """`zdtui run` and `zdtui status`: no console is opened, and no traceback."""
    plan = tmp_path / "p.yaml"
    plan.write_text(PLAN)
    with pooling(pgbouncer, tmp_path, server18, "transaction") as pooler:
        for command in (["run", str(plan), "--dsn", pooler.dsn], ["status", "--dsn", pooler.dsn]):
            done = subprocess.run(
                [sys.executable, "-m", "zdtui", *command], capture_output=True, text=True, timeout=120, check=False
            )
            assert done.returncode == 2, (command, done.stdout, done.stderr)
            assert "connect to the server itself, or to a pool in session mode" in " ".join(done.stderr.split())
            assert "Traceback" not in done.stderr
    assert pooled_sessions(server18) == []


async def test_a_pool_in_session_mode_is_as_good_as_none(server18: Database, pgbouncer: str, tmp_path: Path) -> None:
    """The board says so; a plan runs there, knows its own backends, and the lock is gone with it."""
    await do(
        server18.dsn(),
        "CREATE TABLE t (id int PRIMARY KEY, x int); INSERT INTO t SELECT generate_series(1, 2000)",
    )
    fill = BackfillAction(table="t", assignments=(("x", "id"),), where="x IS NULL", tuning=BatchTuning(workers=2))
    plan = plan_of(sql_step("add", "ALTER TABLE t ADD COLUMN y int"), step("fill", fill))
    with pooling(pgbouncer, tmp_path, server18, "session", 20) as pooler:
        assert probe(Target(pooler.dsn)) is None
        async with Driver(plan, pooler.dsn) as driver:
            own = await ask(
                server18.dsn(), "SELECT array_agg(pid) FROM pg_stat_activity WHERE application_name LIKE 'zdtui%'"
            )
            assert driver.stage.sessions.pids <= set(own)
            for each in ("add", "fill"):
                assert (await driver.run(each)).status is StepStatus.DONE, driver.state(each).message
    assert await ask(server18.dsn(), "SELECT count(x) FROM t") == 2000
