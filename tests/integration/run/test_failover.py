"""A standby is promoted: with the whole journal the run goes on, without its tail it stops and names what is lost."""

import asyncio
import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from tests.fix_db import SETTINGS, _running
from tests.integration.run.driver import Driver, ask, kinds, plan_of, sql_step
from zdtui.demo.embedded import Cluster
from zdtui.demo.folders import claim_folder
from zdtui.demo.shop import wait_for_standby
from zdtui.postgres.sessions.connect import Target
from zdtui.run.decisions.confirm_text import step_digest
from zdtui.run.engine.engine import take_snapshot
from zdtui.run.journal.reader import read_journals
from zdtui.run.model import commands as c
from zdtui.run.model.console import ConnectionState, ConsoleRole
from zdtui.run.model.state import StepStatus

PLAN = plan_of(
    sql_step("table", "CREATE TABLE made (i int)"),
    sql_step("sync", "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'"),
    sql_step("last", "INSERT INTO made VALUES (1)"),
    name="failover",
)


@dataclass
class Pair:
    """A primary and its standby, and how a console reaches whichever of them takes writes."""

    primary: Cluster
    standby: Cluster

    @property
    def dsn(self) -> str:
        hosts = [self.primary, self.standby]
        sockets = ",".join(str(each.dsn().split("host=")[1].split("&")[0].replace("%2F", "/")) for each in hosts)
        ports = ",".join(str(each.port) for each in hosts)
        return f"dbname=app user=zdtui host={sockets} port={ports} target_session_attrs=read-write"

    def wait_for_replay(self) -> None:
        """Until the standby has all that the primary has written."""
        with psycopg.connect(self.primary.dsn(), autocommit=True) as primary:
            written = primary.execute("SELECT pg_catalog.pg_current_wal_lsn()::text").fetchone()
        with psycopg.connect(self.standby.dsn(), autocommit=True) as standby:
            question = "SELECT pg_catalog.pg_last_wal_replay_lsn() >= %s::pg_lsn"
            while standby.execute(question, written).fetchone() != (True,):
                pass

    def promote(self) -> None:
        """The primary is gone for good, and the standby takes its place."""
        if self.primary.running:
            self.primary.stop("immediate")
        if not self.standby.running:
            self.standby.start()
        with psycopg.connect(self.standby.dsn(), autocommit=True) as standby:
            assert standby.execute("SELECT pg_catalog.pg_promote()").fetchone() == (True,)


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    folder = claim_folder("zdtui-failover")
    try:
        with _running(Cluster.create(folder.path / "primary", 18, SETTINGS)) as primary:
            with psycopg.connect(primary.dsn(), autocommit=True) as connection:
                connection.execute("CREATE DATABASE app OWNER zdtui")
            standby = primary.make_standby(folder.path / "standby")
            standby.start()
            wait_for_standby(primary, standby.name)
            try:
                yield Pair(primary, standby)
            finally:
                standby.stop("immediate")
    finally:
        folder.remove()


def without_the_tail(pair: Pair) -> contextlib.AbstractContextManager[None]:
    """What happens inside does not reach the standby; at the end it is promoted."""

    @contextlib.contextmanager
    def cut() -> Iterator[None]:
        pair.wait_for_replay()
        pair.standby.stop("immediate")
        yield
        pair.promote()

    return cut()


def reason(driver: Driver) -> str:
    return take_snapshot(driver.stage).verdict.reason


async def restored(driver: Driver) -> None:
    """The console has lost the old primary, and is on the new one."""
    await driver.until(
        lambda: driver.stage.connection_state is ConnectionState.CONNECTED and driver.stage.last_identity.timeline == 2,
        60,
    )


async def test_a_live_console_stops_when_the_new_primary_lacks_what_it_has_seen(pair: Pair) -> None:
    async with Driver(PLAN, pair.dsn) as driver:
        await driver.run("table")
        await driver.stage.recorder.flush(5)
        known = driver.stage.recorder.state.sequence
        with without_the_tail(pair):
            await driver.run("sync")
            await driver.stage.recorder.flush(5)
            written = driver.stage.recorder.state.sequence
        await restored(driver)
        damage = driver.stage.recorder.damage
        assert f"events {known + 1} to {written} are lost on this server" in damage.sentence
        assert "step succeeded of sync" in damage.sentence
        assert "it concerns sync" in damage.sentence
        assert "timeline 2 now, it was on 1" in damage.sentence or "timeline 2, it was on 1" in damage.sentence
        assert reason(driver) == damage.sentence
        assert driver.stage.console_role is ConsoleRole.OBSERVER
        assert driver.state("sync").status is StepStatus.PENDING
        each = driver.plan.step("last")
        assert "lost on this server" in await driver.refusal(c.RunStep(each.id, step_digest(each), "last"))
        driver.conductor.submit(c.AcceptJournal(damage.digest, "failover", "the new primary has no function f"))
        await driver.until(
            lambda: driver.stage.recorder.damage is None and driver.stage.console_role is ConsoleRole.CONDUCTOR
        )
        assert (await driver.run("sync")).status is StepStatus.DONE
        assert (await driver.run("last")).status is StepStatus.DONE
        told = kinds(await driver.journal())
    assert told.count("journal accepted") == 1
    assert "server changed" in told
    assert await ask(pair.dsn, "SELECT count(*) FROM pg_proc WHERE proname = 'f'") == 1


async def test_a_live_console_goes_on_where_nothing_is_lost(pair: Pair) -> None:
    async with Driver(PLAN, pair.dsn) as driver:
        await driver.run("table")
        await driver.run("sync")
        await driver.stage.recorder.flush(5)
        pair.wait_for_replay()
        await asyncio.to_thread(pair.promote)
        await restored(driver)
        await driver.until(lambda: driver.stage.console_role is ConsoleRole.CONDUCTOR)
        assert driver.stage.recorder.damage is None
        assert "a standby was promoted" in driver.stage.refusal
        assert driver.state("sync").status is StepStatus.DONE
        assert (await driver.run("last")).status is StepStatus.DONE
        told = kinds(await driver.journal())
    assert {"connection lost", "connection restored", "server changed"} <= set(told)


async def test_opened_again_on_the_new_primary_it_says_so_and_does_what_that_server_lacks(pair: Pair) -> None:
    async with Driver(PLAN, pair.dsn) as driver:
        await driver.run("table")
    with without_the_tail(pair):
        async with Driver(PLAN, pair.dsn) as driver:
            await driver.run("sync")
    async with Driver(PLAN, pair.dsn) as driver:
        assert driver.stage.recorder.damage is None
        assert "timeline 2, it was on 1" in driver.stage.refusal
        assert driver.state("table").status is StepStatus.DONE
        assert driver.state("sync").status is StepStatus.PENDING
        assert (await driver.run("sync")).status is StepStatus.DONE
        assert "server changed" in kinds(await driver.journal())
    async with Driver(PLAN, pair.dsn) as driver:
        assert driver.stage.refusal is None


async def test_a_run_that_began_after_the_standby_was_cut_off_is_lost_whole(pair: Pair) -> None:
    async with Driver(PLAN, pair.dsn) as driver:
        with without_the_tail(pair):
            await driver.run("table")
            await driver.stage.recorder.flush(5)
        await restored(driver)
        await driver.until(lambda: driver.stage.recorder.damage is not None)
        assert "events 1 to" in driver.stage.recorder.damage.sentence
        damage = driver.stage.recorder.damage
        driver.conductor.submit(c.AcceptJournal(damage.digest, "failover", "nothing of it is here"))
        await driver.until(
            lambda: driver.stage.recorder.damage is None and driver.stage.console_role is ConsoleRole.CONDUCTOR
        )
        assert (await driver.run("table")).status is StepStatus.DONE
    assert await ask(pair.dsn, "SELECT count(*) FROM made") == 0
    journals = await read_journals(Target(pair.dsn))
    assert [each.damage for each in journals] == [None], "the run that was lost, and none beside it"
    told = kinds(journals[0].events)
    assert told[0] == "journal accepted"
    assert (told.count("run opened"), told.count("step succeeded")) == (1, 1)
    async with Driver(PLAN, pair.dsn) as driver:
        assert driver.state("table").status is StepStatus.DONE
