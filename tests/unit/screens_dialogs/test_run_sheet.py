"""What the confirmation of a step says for a snapshot, and what its answers come to."""

from dataclasses import replace
from datetime import timedelta

import pytest

from screens.dialogs.frame.now import Now
from screens.dialogs.frame.sheet import Choose, Sheet, TypeExactly, Write
from screens.dialogs.run_sheet import command_of, run_sheet, verb_of
from screens.look import Look
from tests.unit.screens_dialogs.scenes import (
    ADD,
    AT,
    DEPLOY,
    DROP,
    FILL,
    FINE,
    INDEX,
    NO_GO,
    SOAK,
    TRIGGER,
    WARNED,
    a_backend,
    a_plan,
    a_snapshot,
    an_activity,
    doing,
    done,
    outside_production,
    seeing,
    some_samples,
    started,
    with_board,
)
from zdtui.hazards.weight import Holder, Weight
from zdtui.plan.model import SqlAction, Step
from zdtui.run.decisions.confirm_text import shown, step_digest
from zdtui.run.decisions.snapshot import Snapshot
from zdtui.run.decisions.typed_word import needs_typed_id
from zdtui.run.model import events as e
from zdtui.run.model.console import ConnectionState, ConsoleRole
from zdtui.run.model.state import StepState, StepStatus
from zdtui.sql.lock_modes import LockMode
from zdtui.sql.text.name import Name
from zdtui.watch.samples import QueriesSample, Reading, Unseen, WeightsSample

NOW = Now(1000.0, AT + timedelta(minutes=1))
HELD = e.StepHeld(step=FILL.id, why=e.HoldKind.PAUSED, detail="paused by ana@bastion")
BATCHES = e.BatchesDone(step=FILL.id, batches=4118, rows=195_300_112, fraction=0.63)


def sheet_of(snapshot: Snapshot, step: Step) -> Sheet:
    return run_sheet(snapshot, step, needs_typed_id(snapshot, step), NOW)


def fact(sheet: Sheet, label: str) -> str:
    """The text under a label, with the rows that go on under it."""
    texts: list[str] = []
    under = False
    for each in sheet.facts:
        under = each.label == label or (under and each.label == "")
        texts += [each.text] if under else []
    return "; ".join(texts)


def test_the_text_is_the_one_that_is_sent_to_the_letter() -> None:
    sheet = sheet_of(a_snapshot(done(ADD)), TRIGGER)
    assert sheet.pages[0].text == shown(TRIGGER)
    assert command_of(TRIGGER, ("sync-trigger",)).sql_digest == step_digest(TRIGGER)


def test_it_says_where() -> None:
    on = fact(sheet_of(a_snapshot(), ADD), "on")
    assert on == "shop at db1:5432 as migrator, PRODUCTION, PostgreSQL 18.4 primary"
    assert "staging" in fact(sheet_of(outside_production(a_snapshot()), ADD), "on")


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (ADD, "1 statement in one transaction, all or nothing: ALTER TABLE (DDL); waits for a gap"),
        (TRIGGER, "2 statements in one transaction"),
        (INDEX, "outside a transaction, each on its own: CREATE INDEX CONCURRENTLY (concurrently); lock_timeout none"),
        (FILL, "in batches of 20 ms at most"),
        (DEPLOY, "nothing is sent to the server"),
        (SOAK, "waits until 2026-11-21 02:15 UTC, 1d0h to go"),
    ],
)
def test_it_says_how(step: Step, said: str) -> None:
    assert said in fact(sheet_of(a_snapshot(), step), "how")


def test_it_says_who_would_make_it_wait() -> None:
    now = fact(sheet_of(a_snapshot(), ADD), "now")
    assert "4711 report-nightly holds ACCESS SHARE on public.users, 1 waiting behind it" in now
    assert "oldest transaction 4m02s: 4711 report-nightly, idle in transaction" in now
    assert "replay lag 0.4 s on standby-b" in now


def test_an_index_build_names_those_it_would_wait_for_and_nobody_else() -> None:
    idle, holds = a_backend(), replace(a_backend(5201, "billing", state="active"), xmin_age=7)
    now = fact(sheet_of(a_snapshot(samples=some_samples(idle, holds)), INDEX), "now")
    assert "this waits for 1 that are there now: 5201 billing holds a snapshot" in now
    vacuum, elsewhere = replace(holds, query="VACUUM users"), replace(holds, database="another")
    for other in (idle, vacuum, elsewhere):
        now = fact(sheet_of(a_snapshot(samples=some_samples(other)), INDEX), "now")
        assert "the panes see nobody that this would wait for" in now


def test_stale_figures_say_their_age() -> None:
    samples = some_samples(now=NOW.monotonic - 12)
    assert "(as of 12 s ago)" in fact(sheet_of(a_snapshot(samples=samples), ADD), "now")


def test_no_data_is_not_nobody() -> None:
    empty = replace(a_snapshot(), samples=replace(some_samples(), locks=type(some_samples().locks)(error="timed out")))
    assert "locks: no data (timed out)" in fact(sheet_of(empty, ADD), "now")


def test_the_undo_is_the_rollback_sql_or_its_words() -> None:
    assert (
        fact(sheet_of(a_snapshot(), ADD), "undo") == "ALTER TABLE users DROP COLUMN first_name, DROP COLUMN last_name;"
    )
    assert fact(sheet_of(a_snapshot(), SOAK), "undo").startswith("nothing to undo: time passes")
    loud = next(each for each in sheet_of(a_snapshot(), DROP).facts if each.label == "undo")
    assert loud.text.startswith("IRREVERSIBLE: the values of name are gone")
    assert loud.look is Look.LOUD


def test_the_first_step_says_that_the_journal_is_made() -> None:
    assert "creates schema zdtui" in fact(sheet_of(a_snapshot(None), ADD), "also")
    assert fact(sheet_of(a_snapshot(), ADD), "also") == ""


def test_going_on_says_from_where() -> None:
    snapshot = a_snapshot([*done(ADD, TRIGGER, DEPLOY, SOAK), started(FILL), BATCHES, HELD])
    sheet = sheet_of(snapshot, FILL)
    assert sheet.title.startswith("Go on with step 5 of 7")
    assert fact(sheet, "from") == "goes on at its checkpoint, after 195 300 112 rows (63 %) in 4 118 batches"
    assert fact(sheet, "before") == "held: paused by ana@bastion"


def test_a_failed_verify_says_that_only_the_queries_run() -> None:
    failed = e.StepFailed(step=ADD.id, direction=e.Direction.FORWARD, message="verify is not true", applied=True)
    sheet = sheet_of(a_snapshot([started(ADD), failed]), ADD)
    assert sheet.title.startswith("Verify step 1")
    assert fact(sheet, "how") == "its work is in place: only the verify queries run"


@pytest.mark.parametrize(
    ("state", "verb"),
    [
        (StepState(), "run"),
        (StepState(StepStatus.HELD), "go on with"),
        (StepState(StepStatus.FAILED), "try again"),
        (StepState(StepStatus.FAILED, applied=True), "verify"),
        (StepState(StepStatus.APPLIED, applied=True), "verify"),
    ],
)
def test_the_verb(state: StepState, verb: str) -> None:
    assert verb_of(ADD, state) == verb


def test_production_and_contract_steps_are_typed_all_else_takes_y() -> None:
    assert sheet_of(a_snapshot(), ADD).asks == (TypeExactly("add-columns", "run it"),)
    staging = outside_production(a_snapshot())
    assert isinstance(sheet_of(staging, ADD).asks[0], Choose)
    assert sheet_of(staging, DROP).asks == (TypeExactly("drop-name", "run it"),)


def test_going_on_in_production_is_typed_again_and_elsewhere_takes_y() -> None:
    held = a_snapshot([*done(ADD, TRIGGER, DEPLOY, SOAK), started(FILL), HELD])
    assert isinstance(sheet_of(held, FILL).asks[0], TypeExactly)
    assert isinstance(sheet_of(outside_production(held), FILL).asks[0], Choose)


def test_a_manual_step_asks_first_what_was_done() -> None:
    asks = sheet_of(a_snapshot(done(ADD, TRIGGER)), DEPLOY).asks
    assert asks == (Write("say what was done", "note"), TypeExactly("deploy-writers", "run it"))
    assert command_of(DEPLOY, ("release 41 is out", "deploy-writers")).note == "release 41 is out"


def test_the_board_is_said_where_it_is_asked() -> None:
    ready = a_snapshot(done(ADD, TRIGGER, DEPLOY, SOAK, FILL, INDEX))
    assert fact(sheet_of(with_board(ready, FINE), DROP), "board") == "GO, asked 1m00s ago (c shows it)"
    assert "GO, with warnings: oldest transaction" in fact(sheet_of(with_board(ready, FINE, WARNED), DROP), "board")
    assert fact(sheet_of(with_board(a_snapshot(done(ADD)), FINE), TRIGGER), "board") == ""


READY = a_snapshot(done(ADD))


@pytest.mark.parametrize(
    ("snapshot", "step", "why"),
    [
        (
            with_board(a_snapshot(done(ADD, TRIGGER, DEPLOY, SOAK, FILL, INDEX)), NO_GO),
            DROP,
            "no go: standbys streaming",
        ),
        (seeing(READY, some_samples(lag=12.0)), TRIGGER, "replay lag of standby-b 12 s is over 10 s"),
        (a_snapshot(done(ADD, TRIGGER)), TRIGGER, "steps run in order: deploy-writers comes before sync-trigger"),
        (replace(READY, connection_state=ConnectionState.LOST), TRIGGER, "the connection to the server is lost"),
        (replace(READY, console_role=ConsoleRole.OBSERVER), TRIGGER, "this console looks on"),
        (replace(READY, leaving="SIGHUP"), TRIGGER, "this console is leaving"),
        (doing(READY, an_activity(TRIGGER)), TRIGGER, "sync-trigger is under way"),
    ],
)
def test_what_the_engine_would_refuse_is_withdrawn_with_the_reason(snapshot: Snapshot, step: Step, why: str) -> None:
    withdrawn = sheet_of(snapshot, step).withdrawn
    assert withdrawn is not None
    assert why in withdrawn


def test_another_text_under_the_same_id_is_withdrawn() -> None:
    other = TRIGGER.model_copy(update={"action": SqlAction(sql="DROP TABLE users")})
    changed = replace(READY, plan=a_plan((ADD, other)))
    assert "is not what sync-trigger would run now" in (sheet_of(changed, TRIGGER).withdrawn or "")


def test_what_may_run_is_not_withdrawn() -> None:
    assert sheet_of(READY, TRIGGER).withdrawn is None


def test_marks_that_cannot_be_drawn_are_warned_of() -> None:
    odd = ADD.model_copy(update={"action": SqlAction(sql="SELECT 1; -- \u202e;1 TCELES\nSELECT\t2")})
    assert fact(sheet_of(a_snapshot(), odd), "careful").startswith("1 line holds control or direction marks")
    assert fact(sheet_of(a_snapshot(), ADD), "careful") == ""


def test_nobody_in_a_transaction_is_not_said_beside_somebody_who_would_make_it_wait() -> None:
    """A prepared transaction, a session that came a moment ago: no pane of sessions lists it, and it holds a lock."""
    nobody = replace(some_samples(), queries=Reading(QueriesSample(total_sessions=3), NOW.monotonic))
    assert "the panes see no open transaction of anybody else" in fact(sheet_of(a_snapshot(samples=nobody), ADD), "now")
    holder = Holder(0, "prepared transaction", LockMode.ACCESS_SHARE, None, None)
    weight = Weight(relation=Name("public", "users"), holders=(holder,))
    held = replace(nobody, weights=Reading(WeightsSample((weight,)), NOW.monotonic))
    assert "no open transaction" not in fact(sheet_of(a_snapshot(samples=held), ADD), "now")


def test_transactions_that_are_hidden_are_not_none() -> None:
    hidden = Unseen("2 sessions are hidden from this role (grant pg_monitor)")
    sample = QueriesSample(hidden_sessions=2, oldest_transaction=hidden)
    samples = replace(some_samples(), queries=Reading(sample, NOW.monotonic))
    now = fact(sheet_of(a_snapshot(samples=samples), ADD), "now")
    assert "transactions: none of those this role may see, 2 sessions cannot be seen (grant pg_monitor)" in now
