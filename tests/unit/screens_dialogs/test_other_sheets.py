"""What the smaller dialogs say for a snapshot."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from screens.dialogs.board import board_lines, board_sheet
from screens.dialogs.clean_up import clean_up_sheet
from screens.dialogs.clean_up import command_of as clean_up_command
from screens.dialogs.doubt import doubt_sheet
from screens.dialogs.frame.now import Now
from screens.dialogs.frame.sheet import Choose, Sheet, TypeExactly, Write
from screens.dialogs.note import note_sheet
from screens.dialogs.quit import quit_sheet
from screens.dialogs.retry import retry_sheet
from screens.dialogs.signal import command_of, signal_sheet
from screens.dialogs.skip import skip_sheet
from screens.dialogs.statement import cancel_sheet
from screens.dialogs.take_over import take_over_sheet
from screens.would_send import refusal
from tests.unit.screens_dialogs.scenes import (
    ADD,
    AT,
    DEPLOY,
    FILL,
    FINE,
    INDEX,
    NO_GO,
    SOAK,
    TRIGGER,
    WARNED,
    a_backend,
    a_snapshot,
    an_activity,
    done,
    outside_production,
    some_samples,
    started,
    with_board,
)
from tests.unit.screens_dialogs.scenes import (
    doing as under_way,
)
from zdtui.plan.model import Step
from zdtui.run.decisions.clean_up import left_index
from zdtui.run.decisions.snapshot import Snapshot
from zdtui.run.model import events as e
from zdtui.run.model.activity import Doing
from zdtui.run.model.console import ConsoleRole
from zdtui.watch.samples import Backend, BackendKey

NOW = Now(1000.0, AT + timedelta(minutes=1))
READY = a_snapshot(done(ADD))
TO_INDEX = done(ADD, TRIGGER, DEPLOY, SOAK, FILL)
LEFT = e.StepHeld(
    step=INDEX.id, why=e.HoldKind.INVALID_INDEX, detail="users_last_name_ccnew was left invalid: cancelled"
)
DOUBT = e.StepInDoubt(step=INDEX.id, index=0, evidence="the console was killed")


def facts_of(sheet: Sheet) -> str:
    return "\n".join(f"{fact.label} {fact.text}" for fact in sheet.facts)


# signal


def test_a_signal_names_the_backend_as_it_was_shown() -> None:
    sheet = signal_sheet(READY, a_backend(), "terminate", NOW)
    assert sheet.title == "Terminate backend 4711 report-nightly"
    assert "pid 4711, application report-nightly, user reporter, database shop" in facts_of(sheet)
    assert "idle in transaction for 4m00s, transaction 4m02s" in facts_of(sheet)
    assert "holds ACCESS SHARE on public.users, 1 waiting behind it" in facts_of(sheet)
    assert sheet.pages[0].text == a_backend().query
    assert sheet.withdrawn is None
    assert command_of(a_backend(), "terminate").backend == a_backend().key


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"backend_type": "walsender"}, "walsender"),
        ({"backend_type": "autovacuum worker"}, "autovacuum"),
        ({"backend_type": "parallel worker"}, "parallel worker"),
        ({"backend_type": "checkpointer"}, "server process (checkpointer)"),
        ({"ours": True}, "our own"),
        ({"hidden": True, "backend_type": ""}, "grant pg_monitor"),
    ],
)
def test_some_backends_are_never_signalled(changes: dict[str, Any], why: str) -> None:
    assert why in (refusal(READY, command_of(a_backend(**changes), "cancel")) or "")


def test_a_backend_out_of_sight_is_warned_of() -> None:
    gone = replace(READY, samples=some_samples(a_backend(5201, "billing")))
    assert "no pane shows it any more" in facts_of(signal_sheet(gone, a_backend(), "cancel", NOW))
    assert "no pane shows it" not in facts_of(signal_sheet(READY, a_backend(), "cancel", NOW))


def test_a_pid_that_belongs_to_another_backend_by_now_is_refused() -> None:
    heir: Backend = a_backend(key=BackendKey(4711, AT))
    taken = replace(READY, samples=some_samples(heir))
    assert "pid 4711 belongs to another backend now" in (refusal(taken, command_of(a_backend(), "terminate")) or "")


def test_cancelling_what_is_idle_is_said_to_do_nothing() -> None:
    assert "only terminating ends its transaction" in facts_of(signal_sheet(READY, a_backend(), "cancel", NOW))


# quit


@pytest.mark.parametrize(
    ("step", "doing", "said"),
    [
        (FILL, Doing.WORKING_BATCHES, "l pause and leave: it stops at the end of this batch"),
        (TRIGGER, Doing.SENDING, "one that works is waited for, then we leave"),
        (TRIGGER, Doing.WAITING_TO_RETRY, "its next try, which is given up"),
        (SOAK, Doing.SOAKING, "the time goes on counting"),
    ],
)
def test_leaving_says_what_becomes_of_what_runs(step: Step, doing: Doing, said: str) -> None:
    sheet = quit_sheet(under_way(READY, an_activity(step, doing)), NOW)
    assert step.id in sheet.title
    assert said in facts_of(sheet)
    assert [a.key for ask in sheet.asks if isinstance(ask, Choose) for a in ask.answers] == ["l", "s", "f"]


def test_leaving_says_when_nothing_runs_and_how_to_come_back() -> None:
    said = facts_of(quit_sheet(READY, NOW))
    assert "nothing: no statement of ours is on the server" in said
    assert "zdtui run plans/split-user-name.yaml goes on with sync-trigger" in said


def test_an_observer_leaves_nothing_behind() -> None:
    watching = replace(
        READY, console_role=ConsoleRole.OBSERVER, lock_holder="ben@bastion", activity=an_activity(TRIGGER)
    )
    assert "ben@bastion holds the run" in facts_of(quit_sheet(watching, NOW))


# the others


def test_a_cancel_is_withdrawn_when_the_statement_is_over_or_another_has_begun() -> None:
    running = under_way(READY, an_activity(INDEX, statement="CREATE INDEX CONCURRENTLY i ON users (a)"))
    assert cancel_sheet(running, running.activity, NOW).withdrawn is None
    assert "may leave an invalid index" in facts_of(cancel_sheet(running, running.activity, NOW))
    assert cancel_sheet(READY, running.activity, NOW).withdrawn == "nothing of ours is running"
    other = replace(running, activity=replace(an_activity(INDEX), statement_index=1))
    assert "another has begun" in (cancel_sheet(other, running.activity, NOW).withdrawn or "")


def test_the_index_is_the_one_the_server_named() -> None:
    snapshot = a_snapshot([*TO_INDEX, started(INDEX), LEFT])
    index = left_index(INDEX, snapshot.run.step(INDEX.id))
    assert index == "users_last_name_ccnew"
    sheet = clean_up_sheet(snapshot, INDEX, index, NOW)
    assert sheet.pages[0].text == "DROP INDEX CONCURRENTLY IF EXISTS users_last_name_ccnew"
    assert sheet.asks == (TypeExactly("index-names", "drop it"),)
    assert refusal(snapshot, clean_up_command(INDEX, index, INDEX.id)) is None
    assert sheet.withdrawn is None


def test_without_a_name_in_the_message_the_index_is_the_one_of_the_step() -> None:
    assert left_index(INDEX, a_snapshot().run.step(INDEX.id)) == "users_last_name"
    assert left_index(ADD, a_snapshot().run.step(ADD.id)) is None


def test_a_retry_shows_the_statement_and_the_first_rows_with_their_reasons() -> None:
    aside = e.BatchesDone(step=FILL.id, batches=3, rows=9, rejected=5, first_rejected=("(4): 22P02 \x1b[31mno",))
    filled = [*done(ADD, TRIGGER, DEPLOY, SOAK), started(FILL), aside, e.StepSucceeded(step=FILL.id, seconds=1.0)]
    sheet = retry_sheet(a_snapshot(filled), FILL)
    assert "5 rejected rows" in sheet.title
    assert "its key is that of a row in zdtui.rejected" in sheet.pages[0].text
    assert "(4): 22P02" in facts_of(sheet)
    assert sheet.asks == (TypeExactly("backfill-names", "try them again"),)
    assert sheet.withdrawn is None
    assert isinstance(retry_sheet(outside_production(a_snapshot(filled)), FILL).asks[0], Choose)
    assert "no row of backfill-names" in (retry_sheet(a_snapshot(TO_INDEX), FILL).withdrawn or "")


def test_a_doubt_shows_the_statement_and_asks_how_one_knows() -> None:
    sheet = doubt_sheet(a_snapshot([*TO_INDEX, started(INDEX), DOUBT]), INDEX)
    assert sheet.pages[0].text.startswith("CREATE INDEX CONCURRENTLY users_last_name")
    assert isinstance(sheet.asks[-1], Write)
    assert sheet.withdrawn is None
    assert "is not in doubt" in (doubt_sheet(READY, TRIGGER).withdrawn or "")


def test_skipping_says_what_stays() -> None:
    assert isinstance(skip_sheet(READY, TRIGGER).asks[0], Write)
    failed = e.StepFailed(step=TRIGGER.id, direction=e.Direction.FORWARD, message="no", applied=True)
    half = a_snapshot([*done(ADD), started(TRIGGER), failed])
    assert "stays in the database" in facts_of(skip_sheet(half, TRIGGER))
    assert "only the next step can be skipped" in (skip_sheet(READY, DEPLOY).withdrawn or "")


def test_a_note_shows_those_before_it() -> None:
    noted = a_snapshot([*done(ADD), e.NoteAdded(text="paged billing")])
    assert "ana@bastion: paged billing" in facts_of(note_sheet(noted))
    before = note_sheet(replace(a_snapshot(None), early_notes=("asked ana",)))
    assert before.obstacle is None
    assert "asked ana" in facts_of(before)
    assert "when it begins, with the first step" in facts_of(before)


def test_taking_over_is_for_observers() -> None:
    assert take_over_sheet(READY).withdrawn == "this console already holds the run"
    watching = replace(READY, console_role=ConsoleRole.OBSERVER, lock_holder="ben@bastion since 02:10")
    assert take_over_sheet(watching).withdrawn is None
    assert "ben@bastion since 02:10" in facts_of(take_over_sheet(watching))


@pytest.mark.parametrize(
    ("snapshot", "said"),
    [
        (with_board(READY, FINE, NO_GO, WARNED), "NO-GO: standbys streaming; asked 1m00s ago"),
        (with_board(READY, FINE, WARNED), "GO, with warnings: oldest transaction"),
        (with_board(READY, FINE), "GO: 1 check is ok"),
        (READY, "not asked yet: r asks the server"),
    ],
)
def test_the_board_says_go_or_not_and_how_old_that_is(snapshot: Snapshot, said: str) -> None:
    assert said in facts_of(board_sheet(snapshot, NOW))


def test_each_check_is_word_and_symbol_with_what_to_do() -> None:
    snapshot = with_board(READY, FINE, NO_GO, WARNED)
    assert snapshot.board is not None
    lines = "\n".join(board_lines(snapshot.board))
    assert "✗ STOP  standbys streaming  standby-b is not streaming" in lines
    assert "! warn" in lines
    assert "✓ ok" in lines
    assert "→ start standby-b" in lines


def test_production_is_said_by_every_dialog() -> None:
    for sheet in (quit_sheet(READY, NOW), note_sheet(READY), skip_sheet(READY, TRIGGER), board_sheet(READY, NOW)):
        assert sheet.production
    assert not note_sheet(outside_production(READY)).production
