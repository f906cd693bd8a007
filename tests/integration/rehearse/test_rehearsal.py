"""A plan gone through on a real server: what is proved, what is found wrong, and how the database is left."""

import asyncio
import sys
from pathlib import Path

import pytest

from tests.fix_db import Database
from tests.integration.rehearse.onlooker import Quiet
from tests.integration.run.driver import Driver, ask, do, plan_of, sql_step
from zdtui.demo.embedded import SUPERUSER
from zdtui.evidence.model import Evidence, Outcome, RollbackVerdict, Way
from zdtui.plan.load import load_plan, parse_plan
from zdtui.plan.model import Environment, Plan
from zdtui.plan.model import Target as Where
from zdtui.plan.shipped import plans_folder
from zdtui.postgres.target.target import Target
from zdtui.rehearse.judged import is_proven
from zdtui.rehearse.leftover import clean_up
from zdtui.rehearse.permission import Asked, RehearsalRefusedError, permitted
from zdtui.rehearse.rehearsal import Wishes, rehearse
from zdtui.rehearse.surroundings import surroundings
from zdtui.sql.lock_modes import LockMode

HEAD = "zdtui: 1\nname: {name}\ntitle: T\ntarget: {{environment: staging}}\nsteps:\n"
COLUMN = """
  - id: column
    title: A column
    phase: expand
    sql: ALTER TABLE t ADD COLUMN x int;
    rollback: ALTER TABLE t DROP COLUMN x;
    verify: SELECT count(x) = 0 FROM t
"""
COLUMN_WITH_A_TRACE = COLUMN.replace("DROP COLUMN x;", "DROP COLUMN x; COMMENT ON TABLE t IS 'was here';")
HELD = """
  - id: held
    title: Waits for its lock
    phase: expand
    sql: ALTER TABLE busy ADD COLUMN x int;
    rollback: ALTER TABLE busy DROP COLUMN x;
"""
GONE = """
  - id: drop
    title: A column less
    phase: contract
    sql: ALTER TABLE t DROP COLUMN n; SELECT pg_sleep(1);
    rollback: {irreversible: its values are gone}
"""
TABLE = "CREATE TABLE t (id int PRIMARY KEY, n int); INSERT INTO t SELECT g, g FROM generate_series(1, 100) g"


def plan_of_text(*steps: str, name: str = "try") -> Plan:
    return parse_plan(HEAD.format(name=name) + "".join(steps), "try.yaml")


async def rehearsed(plan: Plan, dsn: str, onlooker: Quiet | None = None, load: str | None = None) -> Evidence:
    return await rehearse(plan, Target(dsn), Wishes("staging", load=load), onlooker or Quiet())


async def schemas_of_ours(dsn: str) -> str | None:
    found = "SELECT string_agg(nspname, ' ') FROM pg_namespace WHERE nspname LIKE 'zdtui%'"
    return await ask(dsn, found)  # type: ignore[no-any-return]


async def test_a_shipped_plan_is_proved_and_the_database_left_as_it_was(shop: Database) -> None:
    dsn = shop.dsn(SUPERUSER)
    plan = load_plan(plans_folder() / "add-index.yaml")
    evidence = await rehearsed(plan, dsn, load="auto")
    assert {step.rollback for step in evidence.steps} <= {RollbackVerdict.EXACT, RollbackVerdict.NO_ROLLBACK}
    assert RollbackVerdict.EXACT in {step.rollback for step in evidence.steps}
    assert evidence.whole is not None
    assert evidence.whole.rollback is RollbackVerdict.EXACT
    assert is_proven(evidence)
    assert evidence.load == "a reader and a writer on each of orders"
    legs = [leg for step in evidence.steps for leg in step.legs]
    assert any(leg.worst_stall is not None for leg in legs)
    assert legs[0].way is Way.FORWARD
    assert legs[0].scans == ("public.orders",), "a build reads the table"
    assert await schemas_of_ours(dsn) is None


async def test_a_wrong_rollback_is_found_and_what_cannot_come_back_is_gone_in_a_copy(server18: Database) -> None:
    dsn = server18.dsn(SUPERUSER)
    await do(dsn, TABLE)
    evidence = await rehearsed(plan_of_text(COLUMN_WITH_A_TRACE, GONE), dsn)
    column, drop = evidence.steps
    assert (column.outcome, column.rollback) == (Outcome.DONE, RollbackVerdict.DIFFERS)
    assert any("comment" in line and "was not there before" in line for line in column.differences), column.differences
    assert [leg.verified for leg in column.legs] == [True, None, True]
    assert not is_proven(evidence)
    assert (drop.outcome, drop.rollback) == (Outcome.DONE, RollbackVerdict.NO_ROLLBACK)
    assert LockMode.ACCESS_EXCLUSIVE in {lock.mode for lock in drop.legs[0].locks or ()}
    assert await ask(dsn, "SELECT count(n) FROM t") == 100, "only the copy has lost it"
    assert await ask(dsn, "SELECT count(*) FROM pg_database WHERE datname LIKE 'zdtui_rehearsal%'") == 0


async def test_one_that_was_killed_is_cleaned_up_by_the_next(server18: Database, tmp_path: Path) -> None:
    dsn = server18.dsn(SUPERUSER)
    await do(dsn, f"{TABLE}; CREATE TABLE busy ()")
    file = tmp_path / "killed.yaml"
    file.write_text(HEAD.format(name="killed") + COLUMN + HELD, "utf-8")
    async with await server18.aconnect(SUPERUSER) as holder, holder.transaction():
        await holder.execute("LOCK TABLE busy IN ACCESS SHARE MODE")
        command = [sys.executable, "-m", "zdtui", "rehearse", str(file), "--dsn", dsn, "--no-console"]
        killed = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.DEVNULL)
        await until(dsn, "SELECT to_regclass('zdtui_rehearsal.event') IS NOT NULL")
        await until(dsn, "SELECT count(*) > 0 FROM zdtui_rehearsal.event WHERE kind = 'lock awaited'")
        with pytest.raises(RehearsalRefusedError, match="under way"):
            await rehearsed(plan_of_text(COLUMN), dsn)
        killed.kill()
        await killed.wait()
    await until(dsn, "SELECT count(*) = 0 FROM pg_locks WHERE locktype = 'advisory'")
    assert await ask(dsn, "SELECT count(*) FROM pg_attribute WHERE attrelid = 't'::regclass AND attname = 'x'") == 1
    other = plan_of_text(COLUMN)
    permission = permitted(other, await surroundings(Target(dsn)), Asked())
    told = await clean_up(permission, other, Target(dsn), Quiet().shown)
    assert told == ("what an earlier rehearsal of killed had left was taken back",)
    assert await ask(dsn, "SELECT count(*) FROM pg_attribute WHERE attrelid = 't'::regclass AND attname = 'x'") == 0
    assert await schemas_of_ours(dsn) is None


async def until(dsn: str, question: str) -> None:
    """Until the answer is yes; the test's own limit is the time."""
    while not await ask(dsn, question):  # noqa: ASYNC110 (another process answers)
        await asyncio.sleep(0.05)


async def test_what_the_journal_says_of_a_database_is_believed(server18: Database) -> None:
    """A run in production, which has not ended: no rehearsal there, and its journal is not the rehearsal's to touch."""
    dsn = server18.dsn(SUPERUSER)
    live = plan_of(
        sql_step("one", "CREATE TABLE a ()"),
        sql_step("two", "SELECT 1"),
        target=Where(environment=Environment.PRODUCTION),
    )
    async with Driver(live, dsn) as driver:
        await driver.run("one")
        with pytest.raises(RehearsalRefusedError, match="holds a run in production"):
            await rehearsed(plan_of_text(COLUMN), dsn)
    found = await surroundings(Target(dsn))
    assert (found.production_runs, found.unfinished_runs) == (("tour",), ("tour",))
    assert await schemas_of_ours(dsn) == "zdtui"
