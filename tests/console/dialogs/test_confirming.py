"""What it takes to confirm, and all that does not."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from textual import events

from screens.app import ConsoleApp
from screens.dialogs import (
    AcceptJournalDialog,
    BoardScreen,
    ConfirmCancelStatement,
    ConfirmCleanUp,
    ConfirmRollBack,
    ConfirmRun,
    ConfirmSignal,
    ConfirmTakeOver,
    NoteDialog,
    QuitDialog,
    SettleDoubtDialog,
    SkipDialog,
)
from screens.dialogs.frame.base import Dialog
from screens.dialogs.frame.field import Field
from tests.console.dialogs.stage import ScriptedEngine, Stage, opened, pauses, screen_text, until, write
from tests.unit.screens_dialogs.scenes import (
    ADD,
    DEPLOY,
    DROP,
    FILL,
    INDEX,
    NO_GO,
    SOAK,
    TRIGGER,
    a_backend,
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
from zdtui.run.decisions.confirm_text import rollback_digest, step_digest
from zdtui.run.decisions.snapshot import Snapshot
from zdtui.run.journal.chain import Link
from zdtui.run.journal.damage import Damage
from zdtui.run.model import events as e
from zdtui.run.model.activity import Doing
from zdtui.run.model.commands import (
    AcceptJournal,
    AddNote,
    CleanUpIndex,
    Leave,
    RefreshBoard,
    RollBack,
    RunStep,
    SettleDoubt,
    SignalBackend,
    SkipStep,
)
from zdtui.run.model.console import ConsoleRole

SMALL = (80, 23)
READY = a_snapshot(done(ADD))
STAGING = outside_production(READY)
LEFT = e.StepHeld(step=INDEX.id, why=e.HoldKind.INVALID_INDEX, detail="users_last_name was left invalid: cancelled")
TO_INDEX = done(ADD, TRIGGER, DEPLOY, SOAK, FILL)
DOUBT = e.StepInDoubt(step=INDEX.id, index=0, evidence="the console was killed")
GONE = Damage(lost=(Link(9, "step succeeded", str(ADD.id), b"1"),), server="the server is on timeline 2, it was on 1")
WORKING = doing(READY, an_activity(TRIGGER, Doing.SENDING, "CREATE FUNCTION f()"))

Make = Callable[[ScriptedEngine], Dialog]
EVERY: dict[str, tuple[Snapshot, Make]] = {
    "run": (READY, lambda engine: ConfirmRun(engine, TRIGGER.id)),
    "run on staging": (STAGING, lambda engine: ConfirmRun(engine, TRIGGER.id)),
    "roll back": (READY, lambda engine: ConfirmRollBack(engine, (ADD.id,))),
    "skip": (READY, lambda engine: SkipDialog(engine, TRIGGER.id)),
    "note": (READY, NoteDialog),
    "cancel": (WORKING, ConfirmCancelStatement),
    "signal": (READY, lambda engine: ConfirmSignal(engine, a_backend(), "terminate")),
    "clean up": (a_snapshot([*TO_INDEX, started(INDEX), LEFT]), lambda engine: ConfirmCleanUp(engine, INDEX.id)),
    "doubt": (a_snapshot([*TO_INDEX, started(INDEX), DOUBT]), lambda engine: SettleDoubtDialog(engine, INDEX.id)),
    "quit": (WORKING, QuitDialog),
    "take over": (replace(READY, console_role=ConsoleRole.OBSERVER), ConfirmTakeOver),
    "journal": (
        replace(READY, console_role=ConsoleRole.OBSERVER, damage=GONE),
        lambda engine: AcceptJournalDialog(engine, GONE),
    ),
    "board": (with_board(READY, NO_GO), BoardScreen),
}


def a_stage(snapshot: Snapshot, make: Make) -> Stage:
    engine = ScriptedEngine(snapshot)
    return Stage(engine, lambda: make(engine))


def on_run(snapshot: Snapshot = READY) -> Stage:
    return a_stage(snapshot, lambda engine: ConfirmRun(engine, TRIGGER.id))


async def closed(pilot: object, app: Stage) -> None:
    await until(pilot, lambda: bool(app.results), "the dialog is dismissed")  # type: ignore[arg-type]


async def test_a_burst_of_keys_opens_one_question_and_confirms_nothing() -> None:
    engine = ScriptedEngine(STAGING)
    app = ConsoleApp(engine)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        depth = len(app.screen_stack)
        app.post_message(events.Key("R", "R"))
        await until(pilot, lambda: isinstance(app.screen, Dialog), "the question is opened")
        for key in ["y", "y", "enter", "R"] * 5:
            app.post_message(events.Key(key, key if len(key) == 1 else None))
        await until(pilot, lambda: isinstance(app.screen, Dialog) and app.screen.listening, "the dialog takes keys")
        assert not any(isinstance(command, RunStep) for command in engine.submitted)
        assert len(app.screen_stack) == depth + 1


@pytest.mark.parametrize("name", EVERY)
async def test_no_dialog_is_answered_by_keys_that_were_typed_ahead(name: str) -> None:
    snapshot, make = EVERY[name]
    app = a_stage(snapshot, make)
    async with app.run_test(size=SMALL) as pilot:
        app.open()
        for key in ["y", "enter", "l", "f", "e", "k", "enter"]:
            app.post_message(events.Key(key, key if len(key) == 1 else None))
        await until(pilot, lambda: isinstance(app.screen, Dialog) and app.screen.listening, "the dialog takes keys")
        assert app.results == []
        assert app.screen.query_one(Field).value == ""


@pytest.mark.parametrize("name", EVERY)
async def test_escape_closes_every_dialog_without_a_command(name: str) -> None:
    snapshot, make = EVERY[name]
    app = a_stage(snapshot, make)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await pilot.press("escape")
        await closed(pilot, app)
        assert app.results == [None]
        assert "escape" not in app.below.got


@pytest.mark.parametrize("name", EVERY)
async def test_enter_alone_never_confirms(name: str) -> None:
    snapshot, make = EVERY[name]
    app = a_stage(snapshot, make)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await pilot.press(*["enter"] * 5)
        await pilot.pause()
        assert app.results == []
        assert isinstance(app.screen, Dialog)


@pytest.mark.parametrize("name", EVERY)
async def test_every_dialog_says_where_and_how_to_pause_and_to_leave_at_80_columns(name: str) -> None:
    snapshot, make = EVERY[name]
    app = a_stage(snapshot, make)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        text = screen_text(app)
        assert "Esc " in text
        assert "p pause" in text or "F9 pause" in text
        assert ("PRODUCTION" in text) is (name != "run on staging")


async def test_the_typed_id_confirms_with_the_digest_of_what_was_shown() -> None:
    app = on_run()
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await write(pilot, "sync-trigger")
        await pilot.press("enter")
        await closed(pilot, app)
    assert app.results == [RunStep(TRIGGER.id, step_digest(TRIGGER), confirmed_by="sync-trigger")]


@pytest.mark.parametrize("typed", ["sync-trigge", "Sync-trigger", "sync-triggerr", "y", "add-columns"])
async def test_anything_else_typed_confirms_nothing_and_is_said_to_be_wrong(typed: str) -> None:
    app = on_run()
    async with app.run_test(size=SMALL) as pilot:
        dialog = await opened(pilot)
        await write(pilot, typed)
        await pilot.press("enter")
        await until(pilot, lambda: "that is not it" in screen_text(app), "it says so")
        assert app.results == []
        assert dialog.query_one(Field).value == typed


async def test_y_does_not_confirm_where_the_id_is_asked_for() -> None:
    app = on_run()
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await pilot.press("y", "enter")
        await pilot.pause()
        assert app.results == []


async def test_a_key_read_before_the_dialog_took_keys_does_not_count_however_late_it_is_handled() -> None:
    app = on_run(STAGING)
    async with app.run_test(size=SMALL) as pilot:
        dialog = await opened(pilot)
        late = events.Key("y", "y")
        late.time -= 5.0
        app.post_message(late)
        await pilot.pause()
        assert app.results == []
        await until(pilot, lambda: dialog.answering, "an answer counts")
        await pilot.press("y")
        await closed(pilot, app)
    assert isinstance(app.results[0], RunStep)


async def test_y_confirms_outside_production() -> None:
    app = on_run(STAGING)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await pilot.press("y")
        await closed(pilot, app)
    assert app.results == [RunStep(TRIGGER.id, step_digest(TRIGGER), confirmed_by="y")]


async def test_the_key_that_closes_does_not_reach_the_screen_below() -> None:
    app = on_run(STAGING)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await pilot.press("y")
        await closed(pilot, app)
        await pilot.press("j")
        await until(pilot, lambda: bool(app.below.got), "the screen below has the keys again")
        assert app.below.got == ["j"]


async def test_the_answer_counts_once() -> None:
    app = on_run(STAGING)
    async with app.run_test(size=SMALL) as pilot:
        dialog = await opened(pilot)
        for _ in range(3):
            dialog.post_message(events.Key("y", "y"))
        await closed(pilot, app)
        await pilot.pause()
    assert len(app.results) == 1


async def test_a_manual_step_needs_a_note_and_then_its_id() -> None:
    snapshot = a_snapshot(done(ADD, TRIGGER))
    app = a_stage(snapshot, lambda engine: ConfirmRun(engine, DEPLOY.id))
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await pilot.press("enter", "space", "enter")
        assert app.results == []
        await write(pilot, "release 41 is out".replace(" ", "_"))
        await pilot.press("enter")
        await until(pilot, lambda: "type  deploy-writers" in screen_text(app), "it asks for the id")
        await write(pilot, "deploy-writers")
        await pilot.press("enter")
        await closed(pilot, app)
    command = app.results[0]
    assert isinstance(command, RunStep)
    assert (command.note, command.confirmed_by) == ("release_41_is_out", "deploy-writers")


async def test_a_no_go_while_it_is_open_withdraws_it_for_good() -> None:
    ready = a_snapshot(done(ADD, TRIGGER, DEPLOY, SOAK, FILL, INDEX))
    app = a_stage(ready, lambda engine: ConfirmRun(engine, DROP.id))
    async with app.run_test(size=SMALL) as pilot:
        dialog = await opened(pilot)
        await write(pilot, "drop-name")
        app.engine.snapshot = with_board(ready, NO_GO)
        await until(pilot, lambda: "withdrawn: no go: standbys streaming" in screen_text(app), "it is withdrawn")
        await pilot.press("enter")
        app.engine.snapshot = ready
        await pilot.press("enter", "y")
        dialog.look_again()
        await pilot.pause()
        assert app.results == []
        assert "withdrawn" in screen_text(app)
        await pilot.press("escape")
        await closed(pilot, app)
    assert app.results == [None]


async def test_a_guard_that_trips_between_two_looks_is_seen_before_the_answer_counts() -> None:
    app = on_run(STAGING)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        app.engine.snapshot = seeing(STAGING, some_samples(lag=12.0))
        await pilot.press("y")
        await until(
            pilot,
            lambda: "withdrawn: sync-trigger cannot start: replay lag of standby-b 12 s" in screen_text(app),
            "it is withdrawn",
        )
        assert app.results == []


async def test_a_no_go_from_before_it_opened_gives_way_to_a_fresh_board() -> None:
    ready = outside_production(a_snapshot(None))
    app = a_stage(with_board(ready, NO_GO), lambda engine: ConfirmRun(engine, ADD.id))
    async with app.run_test(size=SMALL) as pilot:
        dialog = await opened(pilot)
        assert "no go: standbys streaming" in screen_text(app)
        await pilot.press("y")
        assert app.results == []
        app.engine.snapshot = ready
        await until(pilot, lambda: dialog.ask is not None and "y run it" in screen_text(app), "it may be confirmed")
        await until(pilot, lambda: dialog.answering, "an answer counts")
        await pilot.press("y")
        await closed(pilot, app)
    assert isinstance(app.results[0], RunStep)


async def test_a_resize_keeps_what_was_typed_and_an_answer_that_came_with_it_does_not_count() -> None:
    app = on_run()
    async with app.run_test(size=SMALL) as pilot:
        dialog = await opened(pilot)
        await write(pilot, "sync-tri")
        await pilot.resize_terminal(160, 49)
        await until(pilot, lambda: dialog.has_class("-large"), "it is a box in the middle")
        await pilot.resize_terminal(80, 23)
        await until(pilot, lambda: not dialog.has_class("-large"), "it has the whole screen")
        app.post_message(events.Key("enter", None))
        await write(pilot, "gger")
        await pilot.pause()
        assert app.results == []
        assert dialog.query_one(Field).value == "sync-trigger"
        assert dialog.focused is dialog.query_one(Field)
        await until(pilot, lambda: dialog.answering, "an answer counts")
        await pilot.press("enter")
        await closed(pilot, app)
    assert isinstance(app.results[0], RunStep)


async def test_a_long_text_at_80_columns_shows_sql_target_undo_and_keys() -> None:
    app = on_run()
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        rows = screen_text(app).split("\n")
        text = "\n".join(rows)
        assert len(rows) <= 23
        assert "CREATE FUNCTION users_sync() RETURNS trigger" in text
        assert "of 41" in text
        assert "on      shop at db1:5432 as migrator, PRODUCTION" in text
        assert "undo    DROP TRIGGER users_sync ON users; DROP FUNCTION users_sync();" in text
        assert "type  sync-trigger  to run it" in text
        assert rows[-1].startswith(" Esc not now   F9 pause   Enter run it")


@pytest.mark.parametrize("name", EVERY)
async def test_the_smallest_terminal_still_shows_the_question_and_the_keys(name: str) -> None:
    snapshot, make = EVERY[name]
    app = a_stage(snapshot, make)
    async with app.run_test(size=(60, 15)) as pilot:
        dialog = await opened(pilot)
        rows = screen_text(app).split("\n")
        assert len(rows) <= 15
        assert rows[-1].startswith(" Esc ")
        if dialog.query_one(Field).display and dialog.focused is not None:
            assert any("then Enter" in line for line in rows)
            assert any(line.startswith(" >") for line in rows)


async def test_the_whole_text_can_be_scrolled_and_the_undo_read_while_typing() -> None:
    app = on_run()
    async with app.run_test(size=SMALL) as pilot:
        dialog = await opened(pilot)
        await write(pilot, "sync")
        await pilot.press(*["pagedown"] * 9)
        await until(pilot, lambda: "41 of 41" in screen_text(app), "the end of the text")
        await pilot.press("tab")
        await until(pilot, lambda: "[all facts]" in screen_text(app), "what did not fit")
        await pilot.press("tab")
        await until(pilot, lambda: "[undo]" in screen_text(app), "the undo")
        assert "DROP FUNCTION users_sync();" in screen_text(app)
        assert dialog.query_one(Field).value == "sync"


async def test_markup_and_escapes_in_the_text_are_drawn_as_text() -> None:
    odd = TRIGGER.model_copy(
        update={
            "title": "[/b] [red]x",
            "action": ADD.action.model_copy(update={"sql": "SELECT a[i], '[/b]', '\x1b[31m'"}),
        }
    )
    snapshot = replace(READY, plan=READY.plan.model_copy(update={"steps": (ADD, odd)}))
    app = a_stage(snapshot, lambda engine: ConfirmRun(engine, odd.id))
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        assert "SELECT a[i], '[/b]', '<U+001B>[31m'" in screen_text(app)
        assert "[/b] [red]x" in screen_text(app)
        assert "shown as their numbers" in screen_text(app)


async def test_facts_do_not_freeze_while_the_operator_decides() -> None:
    app = on_run()
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        assert "4711 report-nightly" in screen_text(app)
        app.engine.snapshot = replace(READY, samples=some_samples(a_backend(5201, "billing")))
        await until(pilot, lambda: "5201 billing" in screen_text(app), "the newest holder")
        assert "4711" not in screen_text(app)


async def test_rolling_back_further_is_chosen_first_and_the_last_id_typed() -> None:
    app = a_stage(a_snapshot(done(ADD, TRIGGER)), lambda engine: ConfirmRollBack(engine, (TRIGGER.id, ADD.id)))
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        assert "1 of 2 steps: sync-trigger" in screen_text(app)
        await pilot.press("j", "j", "enter")
        await until(pilot, lambda: "type  add-columns" in screen_text(app), "it asks for the last step's id")
        await write(pilot, "add-columns")
        await pilot.press("enter")
        await closed(pilot, app)
    steps = (TRIGGER, ADD)
    assert app.results == [RollBack((TRIGGER.id, ADD.id), rollback_digest(steps), confirmed_by="add-columns")]


async def test_a_rollback_waits_until_the_step_has_stopped() -> None:
    staging = outside_production(a_snapshot([*done(ADD), started(TRIGGER)]))
    stopping = doing(staging, an_activity(TRIGGER, Doing.STOPPING))
    app = a_stage(stopping, lambda engine: ConfirmRollBack(engine, (TRIGGER.id,)))
    async with app.run_test(size=SMALL) as pilot:
        dialog = await opened(pilot)
        assert "sync-trigger is under way (stopping): p stops it" in screen_text(app)
        await pilot.press("y")
        assert app.results == []
        app.engine.snapshot = staging
        await until(pilot, lambda: dialog.ask is not None, "it may be confirmed")
        await until(pilot, lambda: dialog.answering, "an answer counts")
        await pilot.press("y")
        await closed(pilot, app)
    assert app.results == [RollBack((TRIGGER.id,), rollback_digest((TRIGGER,)), confirmed_by="y")]


async def test_a_signal_hits_the_backend_that_was_shown_whatever_the_rows_do() -> None:
    app = a_stage(*EVERY["signal"])
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        app.engine.snapshot = replace(READY, samples=some_samples(a_backend(5201, "billing")))
        await until(pilot, lambda: "no pane shows it any more" in screen_text(app), "the warning")
        await pilot.press("y", "backspace")
        await write(pilot, "4711")
        await pilot.press("enter")
        await closed(pilot, app)
    assert app.results == [SignalBackend("terminate", a_backend().key, "4711 report-nightly", a_backend(), "4711")]


@pytest.mark.parametrize(
    ("key", "answer"), [("l", Leave("the operator left")), ("s", None), ("f", Leave("the operator left", True))]
)
async def test_leaving(key: str, answer: Leave | None) -> None:
    app = a_stage(*EVERY["quit"])
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        assert "sync-trigger: sending" in screen_text(app)
        await pilot.press(key)
        await closed(pilot, app)
    assert app.results == [answer]


async def test_a_paste_is_one_line_without_control_characters_and_does_not_answer() -> None:
    app = a_stage(READY, NoteDialog)
    async with app.run_test(size=SMALL) as pilot:
        dialog = await opened(pilot)
        app.post_message(events.Paste("paged\n\x1b[31mbilling\x07\nabout 4711\n"))
        await until(pilot, lambda: dialog.query_one(Field).value != "", "the paste arrives")
        assert dialog.query_one(Field).value == "paged billing about 4711"
        assert app.results == []
        await pilot.press("enter")
        await closed(pilot, app)
    assert app.results == [AddNote("paged billing about 4711")]


async def test_a_reason_is_needed_to_skip() -> None:
    app = a_stage(*EVERY["skip"])
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await pilot.press("space", "space", "enter")
        assert app.results == []
        await write(pilot, "done-by-hand")
        await pilot.press("enter")
        await closed(pilot, app)
    assert app.results == [SkipStep(TRIGGER.id, "done-by-hand")]


@pytest.mark.parametrize(("key", "took_effect"), [("e", True), ("d", False)])
async def test_a_doubt_is_settled_with_how_one_knows(key: str, took_effect: bool) -> None:
    app = a_stage(*EVERY["doubt"])
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await pilot.press(key)
        await until(pilot, lambda: "say how you know" in screen_text(app), "it asks how")
        await pilot.press("enter")
        assert app.results == []
        await write(pilot, "psql")
        await pilot.press("enter")
        await closed(pilot, app)
    assert app.results == [SettleDoubt(INDEX.id, took_effect, "psql")]


async def test_a_journal_is_taken_on_with_a_reason_and_the_plans_name() -> None:
    app = a_stage(*EVERY["journal"])
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        shown = " ".join(screen_text(app).split())
        assert "event 9 is lost on this server" in shown
        assert "timeline 2" in shown
        await write(pilot, "psql")
        await pilot.press("enter")
        await until(pilot, lambda: READY.plan.name in screen_text(app), "it asks for the plan's name")
        await pilot.press("enter")
        assert app.results == []
        await write(pilot, READY.plan.name)
        await pilot.press("enter")
        await closed(pilot, app)
    assert app.results == [AcceptJournal(GONE.digest, READY.plan.name, "psql")]


async def test_the_clean_up_sends_the_statement_that_was_shown() -> None:
    app = a_stage(*EVERY["clean up"])
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        assert "DROP INDEX CONCURRENTLY IF EXISTS users_last_name" in screen_text(app)
        await write(pilot, "index-names")
        await pilot.press("enter")
        await closed(pilot, app)
    sql = "DROP INDEX CONCURRENTLY IF EXISTS users_last_name"
    assert app.results == [CleanUpIndex(INDEX.id, "users_last_name", sql, INDEX.id)]


async def test_the_board_is_asked_again_and_stays_open() -> None:
    app = a_stage(*EVERY["board"])
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        assert "NO-GO: standbys streaming" in screen_text(app)
        await pilot.press("r")
        await until(pilot, lambda: app.engine.submitted == [RefreshBoard()], "the question is asked")
        assert isinstance(app.screen, BoardScreen)


@pytest.mark.parametrize("name", EVERY)
async def test_f9_pauses_from_every_dialog_and_p_where_no_text_is_typed(name: str) -> None:
    snapshot, make = EVERY[name]
    engine = ScriptedEngine(snapshot)
    app = ConsoleApp(engine)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        dialog = make(engine)
        app.push_screen(dialog)
        await until(pilot, lambda: dialog.listening, "the dialog takes keys")
        await pilot.press("f9")
        await until(pilot, lambda: pauses(engine) == 1, "a pause")
        await pilot.press("p")
        typed = dialog.focused is not None
        await until(pilot, lambda: (dialog.query_one(Field).value == "p") if typed else pauses(engine) == 2, "p")
        assert pauses(engine) == (1 if typed else 2)
        assert app.screen is dialog
