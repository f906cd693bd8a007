"""How locks are taken, as it is drawn: who is in the way, why there is no queueing, what it has cost; and ARMED."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from screens.dialogs.arm import LASTS, arm_sheet, command_of
from screens.dialogs.frame.now import Now
from screens.dialogs.frame.sheet import Choose
from screens.dialogs.signal import signal_sheet
from screens.views.header import header_rows
from screens.views.locking import locks_pane_rows
from screens.would_send import CEILINGS, next_ceiling
from tests.console.scenes import NOW, TOUR, WALL, run_of, scene, snapshot_of, text_of
from tests.unit.run.plans import started
from zdtui.run.decisions.confirm_text import step_digest
from zdtui.run.decisions.snapshot import Snapshot, VerdictWord
from zdtui.run.locks.blocking_cost import BlockingCost
from zdtui.run.model import events as e
from zdtui.run.model.activity import Activity, Doing, Locking
from zdtui.watch.samples import Backend, BackendKey, LockNode

REPORT = Backend(
    key=BackendKey(5150, datetime(2026, 11, 20, tzinfo=UTC)),
    user="reporting",
    application="report-\x1b[31mnightly",
    database="shop",
    state="idle in transaction",
    wait_event_type=None,
    wait_event=None,
    transaction_age=timedelta(seconds=74),
    query_age=timedelta(seconds=73),
    state_age=timedelta(seconds=70),
    query="SELECT * FROM users",
    backend_type="client backend",
)
STEP = TOUR.steps[0]


def looking(**fields: Any) -> Snapshot:
    node = LockNode(REPORT, "ACCESS SHARE", "public.users", waiting=None)
    locking = Locking(
        relations=("ACCESS EXCLUSIVE on public.users",),
        since=NOW - 12,
        patience=600,
        holders=(node,),
        why="an old transaction is in the way",
    )
    activity = Activity(STEP.id, e.Direction.FORWARD, Doing.LOOKING, since=NOW - 12, locking=locking)
    return snapshot_of(TOUR, run_of(TOUR, started(TOUR, STEP.id), done=()), activity, **fields)


def test_the_pane_names_who_is_in_the_way_and_that_nobody_waits_behind_us() -> None:
    said = text_of(locks_pane_rows(scene(looking(), width=120)))
    assert "waits for a gap for ACCESS EXCLUSIVE on public.users" in said
    assert "5150 report-" in said
    assert "holds ACCESS SHARE on public.users" in said
    assert "SELECT * FROM users" in said
    assert "an old transaction is in the way" in said
    assert "at most 200 ms" in said
    assert "nobody has waited behind us" in said
    assert "\x1b" not in said


def test_what_it_cost_others_is_told() -> None:
    bill = BlockingCost(victims=14, seconds=0.61, longest=0.058)
    said = text_of(locks_pane_rows(scene(looking(blocking_cost=bill), width=120)))
    assert "14 waits behind us, longest 58 ms, 610 ms in all" in said


def test_the_verdict_says_for_whom_and_for_how_long() -> None:
    verdict = looking().verdict
    assert verdict.word is VerdictWord.BLOCKED
    assert "12 s for a gap, nobody behind us: 5150 report-" in verdict.reason


def test_the_holder_can_be_selected_and_the_preview_tells_what_it_holds() -> None:
    snapshot = looking()
    assert next(each for each in snapshot.backends_in_sight() if each.key == REPORT.key) is REPORT
    sheet = signal_sheet(snapshot, REPORT, "terminate", Now(NOW, WALL))
    facts = {fact.label: fact.text for fact in sheet.facts}
    assert "holds ACCESS SHARE on public.users" in facts["locks"]
    assert "transaction" in facts["since"]
    assert "no transaction id" in facts["written"]
    writer = replace(REPORT, has_written=True)
    facts = {fact.label: fact.text for fact in signal_sheet(snapshot, writer, "terminate", Now(NOW, WALL)).facts}
    assert "written" in facts
    assert sheet.withdrawn is None


def test_the_header_says_armed_and_until_when() -> None:
    run = run_of(
        TOUR,
        e.StepArmed(step=STEP.id, sql_digest=step_digest(STEP), confirmed_by="y", until=WALL + timedelta(hours=1)),
        done=(),
    )
    snapshot = snapshot_of(TOUR, run)
    for width in (80, 200):
        assert f"ARMED until {WALL + timedelta(hours=1):%H:%M}" in text_of(header_rows(scene(snapshot, width=width)))
    assert snapshot.verdict.word is VerdictWord.ARMED
    assert "p disarms" in snapshot.verdict.advice
    late = replace(scene(snapshot), wall=WALL + timedelta(hours=2))
    assert "ARMED" not in text_of(header_rows(late))


def test_arming_asks_for_how_long_and_then_what_running_asks() -> None:
    snapshot = snapshot_of(TOUR, run_of(TOUR, done=()))
    sheet = arm_sheet(snapshot, STEP, False, Now(NOW, WALL))
    assert isinstance(sheet.asks[0], Choose)
    assert [answer.key for answer in sheet.asks[0].answers] == list(LASTS)
    assert len(sheet.asks) == 2
    command = command_of(STEP, ("1", "y"))
    assert (command.lasts, command.confirmed_by) == (timedelta(minutes=15), "y")
    assert command.sql_digest == step_digest(STEP)


def test_a_step_without_sql_cannot_be_armed_and_the_dialog_says_so() -> None:
    backfill = TOUR.step("backfill-names")
    before = tuple(step.id for step in TOUR.steps[: TOUR.steps.index(backfill)])
    snapshot = snapshot_of(TOUR, run_of(TOUR, done=before))
    assert "no SQL of its own" in (arm_sheet(snapshot, backfill, False, Now(NOW, WALL)).withdrawn or "")


def test_the_ceiling_goes_up_and_down_and_stops_at_its_ends() -> None:
    assert next_ceiling(timedelta(milliseconds=200), 1) == timedelta(milliseconds=300)
    assert next_ceiling(timedelta(milliseconds=250), -1) == timedelta(milliseconds=200)
    assert next_ceiling(CEILINGS[0], -1) == CEILINGS[0]
    assert next_ceiling(CEILINGS[-1], 1) == CEILINGS[-1]


def test_a_guard_or_pause_while_it_looks_is_said_to_withdraw_it() -> None:
    snapshot = looking()
    paused = replace(snapshot, run=replace(snapshot.run, pause_by="ana"))
    assert snapshot_of(TOUR, paused.run, snapshot.activity).verdict.advice == "it is being withdrawn"
