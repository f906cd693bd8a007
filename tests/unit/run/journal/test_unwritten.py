"""Which events that were not written are still true once the journal was read anew."""

from datetime import UTC, datetime, timedelta
from functools import reduce
from uuid import UUID

import pytest

from zdtui.plan.model import StepId
from zdtui.run.journal.unwritten import Reconciled, Unwritten, reconcile
from zdtui.run.journal.write_fate import Fate, fate_of_answer, fate_of_error
from zdtui.run.model import events as e
from zdtui.run.model.events import PauseRequested, RunFinished
from zdtui.run.model.state import RunState, apply

RUN = UUID(int=7)
BEGAN = datetime(2026, 11, 27, 12, tzinfo=UTC)
FILL, INDEX = StepId("fill"), StepId("index")
OPENED = e.RunOpened(
    plan_name="tour",
    plan_title="Tour",
    plan_digest="d",
    plan_text="t",
    plan_path="t.yaml",
    step_ids=(FILL, INDEX),
    environment="staging",
    database="shop",
    server="db1:5432",
    server_version=180000,
    system_identifier="1",
    zdtui_version="0",
)


def started(step: StepId) -> e.StepStarted:
    return e.StepStarted(step=step, direction=e.Direction.FORWARD, attempt=1, sql_digest="x", confirmed_by="y")


def held(step: StepId) -> e.StepHeld:
    return e.StepHeld(step=step, why=e.HoldKind.CONNECTION, detail="lost")


NOTICE = e.NoticeReceived(step=FILL, severity="NOTICE", message="working")
SKIPPED = e.StepSkipped(step=FILL, reason="it hangs")
JOINED = e.ConsoleJoined(pid=4711, client="zdtui 0")
LOST = e.ConnectionLost(message="gone")


def journal(*events: e.Event, by: str = "ana") -> list[e.Recorded]:
    return [
        e.Recorded(run=RUN, sequence=number, at=BEGAN + timedelta(seconds=number), operator=by, event=event)
        for number, event in enumerate(events, start=1)
    ]


def ours(event: e.Event, second: int = 100) -> Unwritten:
    return Unwritten(BEGAN + timedelta(seconds=second), "ana", event)


def result(seen: int, there: list[e.Recorded], *waiting: Unwritten) -> Reconciled:
    before = reduce(apply, there[:seen], RunState())
    return reconcile(before, range(1, seen + 1), there, waiting)


def test_without_anybody_else_everything_is_still_true() -> None:
    there = journal(OPENED, started(FILL))
    waiting = (ours(NOTICE), ours(held(FILL)), ours(LOST))
    found = result(2, there, *waiting)
    assert found.keep == waiting
    assert not found.dropped
    assert not found.others


def test_an_event_about_a_step_that_another_console_moved_on_is_dropped() -> None:
    there = journal(OPENED, started(FILL), JOINED, held(FILL), SKIPPED)
    moved, other = ours(held(FILL)), ours(held(INDEX))
    found = result(2, there, moved, other)
    assert found.dropped == (moved,)
    assert found.keep == (other,)
    assert [each.sequence for each in found.others] == [3, 4, 5]


def test_what_changes_nothing_is_history_and_stays_true() -> None:
    there = journal(OPENED, started(FILL), JOINED, held(FILL), SKIPPED)
    waiting = (ours(NOTICE), ours(e.NoteAdded(text="paged billing")))
    assert result(2, there, *waiting).keep == waiting


@pytest.mark.parametrize("event", [e.RunFinished(), e.PauseRequested(by="ana")])
def test_what_is_said_of_the_run_is_true_only_where_nobody_else_wrote(event: RunFinished | PauseRequested) -> None:
    there = journal(OPENED, started(FILL), JOINED)
    assert result(2, there, ours(event)).dropped
    assert result(3, there, ours(event)).keep


def test_what_was_written_although_its_answer_was_lost_is_not_written_again() -> None:
    there = journal(OPENED, started(FILL), held(FILL))
    written, later = ours(held(FILL), 3), ours(LOST, 4)
    found = result(2, there, written, later)
    assert found.written == (written,)
    assert found.keep == (later,)
    assert not found.others


def test_the_same_event_twice_is_two_events() -> None:
    there = journal(OPENED, started(FILL), NOTICE)
    first, second = ours(NOTICE, 3), ours(NOTICE, 3)
    found = result(2, there, first, second)
    assert found.written == (first,)
    assert found.keep == (second,)


def test_a_step_that_the_server_lost_is_not_held_there() -> None:
    before = reduce(apply, journal(OPENED, started(FILL)), RunState())
    waiting = ours(held(FILL))
    assert reconcile(before, (), journal(OPENED), [waiting]).dropped == (waiting,)


@pytest.mark.parametrize(
    ("sqlstate", "gone", "fate"),
    [
        ("42501", False, Fate.REFUSED),
        ("25006", False, Fate.REFUSED),
        ("22P05", False, Fate.REFUSED),
        ("53100", False, Fate.WAIT),
        ("53200", False, Fate.WAIT),
        ("53400", False, Fate.REFUSED),
        ("57014", False, Fate.WAIT),
        ("55P03", False, Fate.WAIT),
        ("40P01", False, Fate.WAIT),
        ("40001", False, Fate.MOVED),
        ("23505", False, Fate.MOVED),
        ("42P01", False, Fate.MOVED),
        ("57P01", True, Fate.GONE),
        (None, False, Fate.GONE),
        ("42501", True, Fate.GONE),
    ],
)
def test_the_fate_of_a_write_that_failed(sqlstate: str | None, gone: bool, fate: Fate) -> None:
    assert fate_of_error(sqlstate, gone) is fate


def test_the_fate_of_a_write_that_was_answered() -> None:
    assert fate_of_answer(True, 3, 3) is Fate.WRITTEN
    assert fate_of_answer(True, 0, 3) is Fate.MOVED
    assert fate_of_answer(False, 0, 3) is Fate.NOT_HELD
