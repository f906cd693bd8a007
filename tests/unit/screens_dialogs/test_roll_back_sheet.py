"""What the confirmation of a rollback says, and that it is what would be run."""

from datetime import timedelta

import pytest

from screens.dialogs.frame.now import Now
from screens.dialogs.frame.sheet import Choose, TypeExactly
from screens.dialogs.roll_back_sheet import command_of, roll_back_sheet, sql_text, why_withdrawn
from screens.look import Look
from screens.would_send import refusal
from tests.unit.screens_dialogs.scenes import (
    ADD,
    AT,
    DEPLOY,
    DROP,
    FILL,
    INDEX,
    SOAK,
    TRIGGER,
    a_snapshot,
    an_activity,
    doing,
    done,
    outside_production,
    started,
)
from zdtui.run.decisions.decide import undoable
from zdtui.run.model import events as e
from zdtui.run.model.activity import Doing

NOW = Now(1000.0, AT + timedelta(minutes=1))
THREE = a_snapshot(done(ADD, TRIGGER, DEPLOY))


def test_the_sql_is_in_the_order_it_runs_and_names_each_step() -> None:
    text = sql_text(THREE, (DEPLOY, TRIGGER, ADD))
    places = [text.index(part) for part in ("-- 1 of 3: deploy-writers", "DROP TRIGGER", "DROP COLUMN first_name")]
    assert places == sorted(places)
    assert "-- nothing to undo: release 40 and 41 both work" in text


def test_a_step_that_left_nothing_behind_sends_nothing() -> None:
    held = e.StepHeld(step=TRIGGER.id, why=e.HoldKind.LOCK, detail="31 tries")
    snapshot = a_snapshot([*done(ADD), started(TRIGGER), held])
    text = sql_text(snapshot, (TRIGGER,))
    assert "-- not sent, nothing of sync-trigger is in the database" in text
    assert all(line.startswith("--") for line in text.split("\n"))


def test_in_production_the_id_of_the_last_step_to_be_undone_is_typed() -> None:
    sheet = roll_back_sheet(THREE, (DEPLOY, TRIGGER), undoable(THREE.plan, THREE.run), NOW)
    assert sheet.asks[-1] == TypeExactly("sync-trigger", "roll back")
    assert isinstance(sheet.asks[0], Choose)
    assert sheet.obstacle is None


def test_outside_production_y_is_enough() -> None:
    staging = outside_production(THREE)
    sheet = roll_back_sheet(staging, (DEPLOY,), undoable(staging.plan, staging.run), NOW)
    assert [answer.key for ask in sheet.asks if isinstance(ask, Choose) for answer in ask.answers] == ["y"]


@pytest.mark.parametrize("count", [1, 2, 3])
def test_the_engine_accepts_what_the_dialog_offers(count: int) -> None:
    chosen = undoable(THREE.plan, THREE.run)[:count]
    assert refusal(THREE, command_of(chosen, (chosen[-1].id,))) is None


def test_an_irreversible_step_says_so_loudly_and_cannot_be_confirmed() -> None:
    over = a_snapshot(done(ADD, TRIGGER, DEPLOY, SOAK, FILL, INDEX, DROP))
    sheet = roll_back_sheet(over, (DROP,), (DROP,), NOW)
    assert "drop-name cannot be undone" in (sheet.obstacle or "")
    lost = next(fact for fact in sheet.facts if fact.label == "lost")
    assert "drop-name is IRREVERSIBLE: the values of name are gone" in lost.text
    assert lost.look is Look.LOUD


def test_while_the_step_is_stopping_it_cannot_be_confirmed_yet() -> None:
    stopping = doing(THREE, an_activity(DEPLOY, Doing.STOPPING))
    sheet = roll_back_sheet(stopping, (DEPLOY,), (DEPLOY,), NOW)
    assert "deploy-writers is under way (stopping): p stops it" in (sheet.obstacle or "")


def test_nothing_done_is_nothing_to_roll_back() -> None:
    sheet = roll_back_sheet(a_snapshot(), (), (), NOW)
    assert sheet.obstacle == "nothing was done yet"
    assert sheet.asks == ()


def test_it_is_withdrawn_when_other_steps_are_begun() -> None:
    begun = undoable(THREE.plan, THREE.run)
    assert why_withdrawn(THREE, begun[:1], begun) is None
    assert "look at it again" in (why_withdrawn(a_snapshot(done(ADD)), begun[:1], begun) or "")
