"""`python -m tests.integration.run.frozen DSN`: a console that is stopped (SIGSTOP) in its first step and thawed later.

Its operator runs the first step, and after that whatever the screen says is next, taking over where that is free. It
prints `STEP STATUS` when it acts, and at the end its own fold, to be compared with the journal's.
"""

import asyncio
import sys
from datetime import timedelta

from tests.integration.run.driver import Driver, plan_of, sql_step
from zdtui.plan.model import Limits, StepId
from zdtui.run.decisions.decide import next_step
from zdtui.run.model import commands as c
from zdtui.run.model.console import ConnectionState, ConsoleRole
from zdtui.run.model.state import OVER, RunState

SETUP = "CREATE TABLE ledger (what text NOT NULL)"
NOISY = """
DO $$ BEGIN
    FOR i IN 1 .. 40 LOOP
        RAISE NOTICE 'working %', i;
        PERFORM pg_catalog.pg_sleep(0.05);
    END LOOP;
END $$"""
PLAN = plan_of(
    sql_step("noisy", NOISY),
    sql_step("insert", "INSERT INTO ledger VALUES ('insert')"),
    sql_step(
        "slow",
        "INSERT INTO ledger VALUES ('slow'); SELECT pg_advisory_xact_lock_shared(77)",
        limits=Limits(lock_timeout=timedelta(minutes=2)),
    ),
    sql_step("last", "INSERT INTO ledger VALUES ('last')"),
    name="frozen",
)


def told(state: RunState) -> str:
    """A fold in one line: where each step stands, and how many events there are."""
    steps = " ".join(f"{name}={each.status}/{each.attempt}" for name, each in state.steps.items())
    return f"{state.sequence} {steps} finished={state.finished}"


async def main(dsn: str) -> int:
    """Until every step is over."""
    async with Driver(PLAN, dsn) as driver:
        stage = driver.stage
        driver.start("noisy")
        while True:
            await asyncio.sleep(0.05)
            following = next_step(PLAN, stage.recorder.state)
            if stage.connection_state is ConnectionState.LOST or stage.working is not None:
                continue
            if following is None:
                break
            if stage.console_role is ConsoleRole.OBSERVER:
                driver.conductor.submit(c.TakeOver())
                await asyncio.sleep(0.2)
                continue
            print(following.id, stage.recorder.state.step(following.id).status, flush=True)  # noqa: T201
            attempt = driver.state(following.id).attempt
            driver.start(following.id)
            for _ in range(100):
                if driver.state(following.id).attempt > attempt or driver.state(following.id).status in OVER:
                    break
                await asyncio.sleep(0.05)
        await driver.until(lambda: stage.recorder.state.finished and stage.recorder.unwritten == 0)
        print("FOLD", told(stage.recorder.state), flush=True)  # noqa: T201
        assert StepId("noisy") in stage.recorder.state.steps
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1])))
