"""Keys under collations of other orders, on a server that has ICU: the embedded ones know none."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fix_db import SETTINGS
from tests.integration.run.driver import Driver, ask, do, plan_of, step
from zdtui.demo.binaries import Binaries
from zdtui.demo.embedded import SUPERUSER, Cluster
from zdtui.demo.folders import OwnedFolder
from zdtui.plan.model import BatchTuning, CompareAction, CopyAction, NoRollback, SqlRollback, Step
from zdtui.run.model import events as e
from zdtui.run.model.state import StepStatus

SMALL = BatchTuning(batch_rows=200, max_batch_rows=200)
INSTALLED = Path("/usr/lib/postgresql")
ROWS = 3000
MADE = f"""
CREATE TABLE label (name text COLLATE "C" PRIMARY KEY, n int NOT NULL);
INSERT INTO label SELECT (CASE g % 2 WHEN 0 THEN 'a' ELSE 'B' END) || g, g FROM generate_series(1, {ROWS}) g;
CREATE COLLATION folded (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
"""
COLUMNS = (("name", "name"), ("n", "n"))


@pytest.fixture(scope="module")
def cluster(server_folder: OwnedFolder) -> Iterator[Cluster]:
    majors = sorted(int(each.name) for each in INSTALLED.glob("[0-9]*") if (each / "bin" / "postgres").exists())
    if not majors:
        pytest.skip("no PostgreSQL of the distribution here: apt-get install postgresql (it is built with ICU)")
    binaries = Binaries(majors[-1], INSTALLED / str(majors[-1]) / "bin")
    made = Cluster.of_binaries(server_folder.path / "pg-icu", binaries, SETTINGS)
    made.start()
    yield made
    made.stop("immediate")


@pytest.fixture
async def dsn(cluster: Cluster, request: pytest.FixtureRequest) -> str:
    name = request.node.name.split("[")[0][:50]
    await do(cluster.dsn(), f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    await do(cluster.dsn(), f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'")
    dsn = cluster.dsn(name, SUPERUSER)
    await do(dsn, MADE)
    return dsn


def compared() -> Step:
    action = CompareAction(source="label", into="label_new", columns=COLUMNS, tuning=SMALL)
    return step("same", action, NoRollback(reason="reads only"))


def copied(most: int = 0) -> Step:
    tuning = SMALL.model_copy(update={"max_rejected": most})
    action = CopyAction(source="label", into="label_new", columns=COLUMNS, tuning=tuning)
    return step("copy", action, SqlRollback(sql="TRUNCATE label_new"))


async def test_the_same_rows_under_another_order(dsn: str) -> None:
    await do(dsn, 'CREATE TABLE label_new (name text COLLATE "en-x-icu" PRIMARY KEY, n int NOT NULL)')
    async with Driver(plan_of(copied(), compared()), dsn) as driver:
        assert (await driver.run("copy")).rows == ROWS
        state = await driver.run("same")
        assert (state.status, state.rows, state.rejected) == (StepStatus.DONE, ROWS, 0), state.message
        await driver.roll_back_to("copy")
        assert (await driver.run("copy")).rows == ROWS
        await do(dsn, "UPDATE label_new SET n = -1 WHERE n = 1500; DELETE FROM label_new WHERE n = 1")
        await do(dsn, "INSERT INTO label_new VALUES ('', 0), ('zzz', 0)")
        driver.start("same")
        await driver.until(lambda: driver.state("same").status is StepStatus.FAILED)
        found = [each.event for each in await driver.journal() if isinstance(each.event, e.DriftFound)]
        hows = sorted(key.rsplit(" ", 1)[1] for event in found for key in event.keys)
        assert hows == ["different", "extra", "extra", "missing"]


async def test_names_that_are_one_in_the_target_are_not_there_already(dsn: str) -> None:
    await do(dsn, "CREATE TABLE label_new (name text COLLATE folded PRIMARY KEY, n int NOT NULL)")
    await do(dsn, "INSERT INTO label VALUES ('A2', 0), ('b3', 0)")
    async with Driver(plan_of(copied(most=2), compared()), dsn) as driver:
        state = await driver.run("copy")
        assert (state.status, state.rows, state.rejected) == (StepStatus.DONE, ROWS, 2), state.message
        assert await ask(dsn, "SELECT string_agg(key ->> 0, ' ' ORDER BY key) FROM zdtui.rejected") == "a2 b3"
        state = await driver.run("same")
        assert state.status is StepStatus.FAILED
        assert f"2 of {ROWS + 2} rows" in state.message
