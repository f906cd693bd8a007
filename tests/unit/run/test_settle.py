"""What becomes of a step that was cut off: looked up, never guessed."""

import pytest

from tests.unit.run.plans import fold, opened, plan, started, step, usual
from zdtui.plan.model import SqlAction, SqlRollback, StepId
from zdtui.postgres.indexes import IndexState
from zdtui.run.decisions.recovery import Evidence, question, settle
from zdtui.run.model import events as e
from zdtui.run.model.state import RunState

BUILD = step(
    "build",
    SqlAction(sql="CREATE INDEX CONCURRENTLY a_idx ON a (x); ANALYZE a; VACUUM a"),
    rollback=SqlRollback(sql="DROP INDEX CONCURRENTLY IF EXISTS a_idx"),
    verify=("SELECT true",),
)
TOUR = plan(BUILD, *usual())


def cut_off(name: str, *more: e.Event, direction: e.Direction = e.Direction.FORWARD) -> RunState:
    return fold(opened(TOUR), started(TOUR, name, direction), *more)


def sent(index: int) -> e.StatementSent:
    return e.StatementSent(step=StepId("build"), index=index, sql="...", pid=1, transactional=False)


def test_nothing_is_asked_when_nothing_was_cut_off() -> None:
    assert question(TOUR, fold(opened(TOUR))) is None
    held = e.StepHeld(step=StepId("add"), why=e.HoldKind.PAUSED, detail="p")
    assert question(TOUR, cut_off("add", held)) is None


def test_a_soak_goes_on_by_itself() -> None:
    assert question(TOUR, cut_off("soak")) is None


def test_a_transaction_that_was_cut_off_left_nothing() -> None:
    asked = question(TOUR, cut_off("add"))
    assert asked is not None
    (held,) = settle(asked, Evidence(), "the console was gone")
    assert isinstance(held, e.StepHeld)
    assert "nothing of its transaction remains" in held.detail


def test_a_backfill_stands_at_its_checkpoint() -> None:
    asked = question(TOUR, cut_off("fill"))
    assert asked is not None
    assert asked.checkpoint
    batches = e.BatchesDone(step=StepId("fill"), batches=3, rows=3000)
    known, held = settle(asked, Evidence(batches=batches), "x")
    assert known == batches
    assert isinstance(held, e.StepHeld)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (Evidence(index=IndexState.VALID), True),
        (Evidence(index=IndexState.ABSENT), False),
    ],
)
def test_an_index_build_is_settled_by_the_catalog(found: Evidence, expected: bool) -> None:
    asked = question(TOUR, cut_off("build", sent(0)))
    assert asked is not None
    (settled,) = settle(asked, found, "the console was gone")
    assert isinstance(settled, e.DoubtSettled)
    assert settled.done is expected


def test_an_invalid_index_is_named_and_held() -> None:
    asked = question(TOUR, cut_off("build", sent(0)))
    assert asked is not None
    (held,) = settle(asked, Evidence(index=IndexState.INVALID, index_name="a_idx"), "the console was gone")
    assert isinstance(held, e.StepHeld)
    assert held.why is e.HoldKind.INVALID_INDEX
    assert "a_idx" in held.detail


def test_a_drop_that_is_not_complete_is_simply_run_again() -> None:
    asked = question(TOUR, cut_off("build", sent(0), direction=e.Direction.BACK))
    assert asked is not None
    (settled,) = settle(asked, Evidence(index=IndexState.INVALID), "x")
    assert isinstance(settled, e.DoubtSettled)
    assert not settled.done
    (settled,) = settle(asked, Evidence(index=IndexState.ABSENT), "x")
    assert isinstance(settled, e.DoubtSettled)
    assert settled.done


def test_what_no_look_settles_is_in_doubt_and_asked_of_a_person() -> None:
    asked = question(TOUR, cut_off("build", sent(2)))
    assert asked is not None
    (doubt,) = settle(asked, Evidence(verified=None), "x")
    assert isinstance(doubt, e.StepInDoubt)
    assert doubt.index == 2
    (settled,) = settle(asked, Evidence(verified=True), "x")
    assert isinstance(settled, e.DoubtSettled)
    assert settled.done
    (doubt,) = settle(asked, Evidence(verified=False), "x")
    assert isinstance(doubt, e.StepInDoubt)
