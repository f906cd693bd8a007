"""What a step costs besides its statement, counted in journeys to the server: they are the same on a busy machine."""

import pytest

from benchmarks.step import Journeys
from tests.fix_db import Database
from tests.integration.run.driver import Driver, do, plan_of, sql_step
from zdtui.run.engine import conductor, connecting
from zdtui.run.model.state import StepStatus

NEVER = 3600.0
WORKING = 11
"""Of the working session for one statement: where its rows are (2), what it locks (2), whether the session may write,
BEGIN, the locks, the statement, ourselves again, the success, COMMIT; putting the session back comes after it."""
PUT_BACK = 1
JOURNAL = 4
"""Of the journal's: is it ours, can it be written, what is new in it, and that the step begins."""


@pytest.fixture
def nothing_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """No heartbeat within this test, and no board but the one a first step asks for: what is counted is the steps'."""
    monkeypatch.setattr(connecting, "HEARTBEAT_EVERY", NEVER)
    monkeypatch.setattr(conductor, "FIRST_BOARD_AFTER", NEVER)


@pytest.mark.usefixtures("nothing_by_itself")
async def test_a_statement_costs_no_more_journeys_than_it_needs(server: Database) -> None:
    await do(server.dsn(), "CREATE TABLE public.t (id int PRIMARY KEY)")
    steps = tuple(sql_step(f"add-{n}", f"ALTER TABLE public.t ADD COLUMN c{n} int") for n in range(6))
    journeys = Journeys()
    with journeys.counting():
        async with Driver(plan_of(*steps), server.dsn()) as driver:
            await driver.run("add-0")
            await driver.run("add-1")
            assert driver.stage.board is not None
            sessions = driver.stage.sessions
            working, journal = sessions.working.pid, sessions.journal.pid
            for each in steps[2:5]:
                journeys.counted.clear()
                assert (await driver.run(each.id)).status is StepStatus.DONE
                assert journeys.counted[working] <= WORKING + PUT_BACK
                assert journeys.counted[journal] <= JOURNAL
