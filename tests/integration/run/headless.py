"""`python -m tests.integration.run.headless DSN`: runs the plan below without a screen, to be killed at any moment.

An operator who confirms everything, removes invalid indexes and settles nothing: if a step is in doubt, it says so
and ends with 3. Ends with 0 when the run is finished.
"""

import asyncio
import sys

from tests.integration.run.driver import Driver, plan_of, sql_step, step
from zdtui.plan.model import BackfillAction, BatchTuning, CheckAction, CopyAction
from zdtui.run.decisions.decide import clean_up_sql, next_step
from zdtui.run.model import commands as c
from zdtui.run.model import events as e
from zdtui.run.model.console import ConsoleRole
from zdtui.run.model.state import StepStatus

ROWS = 60_000
SETUP = f"""
CREATE TABLE t (id int PRIMARY KEY, x int NOT NULL DEFAULT 0);
INSERT INTO t SELECT g, 0 FROM generate_series(1, {ROWS}) g;
CREATE TABLE target (id int PRIMARY KEY);
CREATE TABLE ledger (what text NOT NULL);
"""
TUNING = BatchTuning(batch_rows=200, max_batch_rows=200)
PLAN = plan_of(
    sql_step("first", "INSERT INTO ledger VALUES ('first'); SELECT pg_sleep(0.1); ALTER TABLE t ADD COLUMN y int"),
    sql_step("index", "CREATE INDEX CONCURRENTLY t_x ON t (x); INSERT INTO ledger VALUES ('indexed')"),
    step("fill", BackfillAction(table="t", assignments=(("x", "x + 1"),), tuning=TUNING)),
    step("copy", CopyAction(source="t", into="target", columns=(("id", "id"),), tuning=TUNING)),
    sql_step("verified", "INSERT INTO ledger VALUES ('verified')", verify=("SELECT pg_sleep(0.1) IS NOT NULL",)),
    sql_step(
        "drop",
        "INSERT INTO ledger VALUES ('dropping'); DROP INDEX CONCURRENTLY IF EXISTS t_x;"
        " UPDATE ledger SET what = what || ' dropped' WHERE what = 'dropping'",
    ),
    step("check", CheckAction(query="SELECT bool_and(x = 1) FROM t")),
    sql_step("last", "INSERT INTO ledger VALUES ('last')"),
)


async def main(dsn: str) -> int:
    """Run to the end, as far as we live."""
    async with Driver(PLAN, dsn) as driver:
        stage = driver.stage
        while stage.console_role is not ConsoleRole.CONDUCTOR:
            driver.conductor.submit(c.TakeOver())
            await asyncio.sleep(0.1)
        while (following := next_step(PLAN, stage.recorder.state)) is not None:
            state = driver.state(following.id)
            print(following.id, state.status, state.hold, state.message, flush=True)  # noqa: T201
            if state.status is StepStatus.IN_DOUBT:
                return 3
            if state.hold is e.HoldKind.INVALID_INDEX:
                driver.conductor.submit(c.CleanUpIndex(following.id, "t_x", clean_up_sql("t_x")))
                await driver.until(lambda: driver.state("index").hold is not e.HoldKind.INVALID_INDEX)
            await driver.run(following.id)
        await driver.until(lambda: stage.recorder.state.finished)
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1])))
