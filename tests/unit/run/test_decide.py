"""The rules of confirming, pausing, holding and rolling back, as a table."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Literal

import pytest

from tests.unit.run.plans import START, done, fold, opened, plan, started, step, view_of
from zdtui.plan.model import Environment, NoRollback, Phase, Plan, StepId
from zdtui.postgres.sessions.identity import BackendKey
from zdtui.run.decisions.confirm_text import rollback_digest, step_digest
from zdtui.run.decisions.decide import (
    GuardOver,
    StepEnded,
    clean_up_sql,
    decide,
    needs_go,
    next_step,
    undoable,
)
from zdtui.run.decisions.decision import Decision
from zdtui.run.decisions.typed_word import needs_typed_id
from zdtui.run.decisions.view import RunView
from zdtui.run.figures.guards import Breach
from zdtui.run.model import commands as c
from zdtui.run.model import effects as f
from zdtui.run.model import events as e
from zdtui.run.model.commands import RunStep
from zdtui.run.model.console import ConnectionState, ConsoleRole
from zdtui.run.preflight.board import Board, Check, Outcome
from zdtui.watch.details import OfBackend
from zdtui.watch.samples import Pane

TOUR = plan()
BREACH = Breach("replay lag", Pane.REPLICATION, "8.1 s", "5s")


def run_of(name: str, of: Plan = TOUR, confirmed_by: str = "y", note: str = "") -> c.RunStep:
    return c.RunStep(StepId(name), step_digest(of.step(name)), confirmed_by, note)


def back_to(*names: str, of: Plan = TOUR, confirmed_by: str = "y") -> c.RollBack:
    return c.RollBack(tuple(map(StepId, names)), rollback_digest([of.step(n) for n in names]), confirmed_by)


def after(*names: str, of: Plan = TOUR, **fields: Any) -> RunView:
    return view_of(plan=of, run=fold(*done(of, *names)), operator="ana@bastion", **fields)


def refusal(situation: RunView, intent: c.Command) -> str:
    decision = decide(situation, intent)
    assert decision.refusal is not None
    assert not decision.events
    assert not decision.effects
    return decision.refusal


def test_the_first_step_opens_the_run_and_is_performed() -> None:
    decision = decide(view_of(plan=TOUR, run=fold()), run_of("add"))
    assert decision.refusal is None
    assert isinstance(decision.effects[0], f.OpenRun)
    performed = decision.effects[1]
    assert isinstance(performed, f.Perform)
    assert performed.started.step == "add"
    assert performed.started.confirmed_by == "y"


def test_a_later_step_does_not_open_the_run_again() -> None:
    decision = decide(after("add"), run_of("deploy", note="v2 is out"))
    assert [type(effect) for effect in decision.effects] == [f.Perform]


@pytest.mark.parametrize(
    ("situation", "intent", "says"),
    [
        (after("add"), run_of("fill"), "in order: deploy comes before fill"),
        (after("add"), c.RunStep(StepId("deploy"), "another", "y", "n"), "what was confirmed is not"),
        (after("add", console_role=ConsoleRole.OBSERVER), run_of("deploy", note="n"), "looks on"),
        (
            after("add", connection_state=ConnectionState.LOST),
            run_of("deploy", note="n"),
            "connection to the server is lost",
        ),
        (after("add", leaving="the operator left"), run_of("deploy", note="n"), "leaving"),
        (after("add", working=StepId("add")), run_of("deploy", note="n"), "under way; p pauses"),
        (after("add", breached_guards=(BREACH,)), run_of("deploy", note="n"), "replay lag 8.1 s is over 5s"),
        (after("add"), run_of("deploy"), "say in a note what was done"),
        (after("add"), run_of("deploy", note="  "), "say in a note what was done"),
        (after("add", "deploy", "fill", "soak"), run_of("drop"), "type drop to run it"),
        (after("add", "deploy", "fill", "soak"), run_of("drop", confirmed_by="dro"), "type drop to run it"),
        (after("add", "deploy", "fill", "soak", "drop"), run_of("drop", confirmed_by="drop"), "every step is done"),
    ],
)
def test_what_does_not_run(situation: RunView, intent: RunStep, says: str) -> None:
    assert says in refusal(situation, intent)


def test_an_irreversible_contract_step_runs_when_its_id_is_typed() -> None:
    decision = decide(after("add", "deploy", "fill", "soak"), run_of("drop", confirmed_by="drop"))
    assert isinstance(decision.effects[0], f.Perform)


def test_production_asks_for_the_id_of_every_step() -> None:
    live = plan(environment=Environment.PRODUCTION)
    now = view_of(plan=live, run=fold(opened(live)))
    assert "type add" in refusal(now, run_of("add", of=live))
    assert decide(now, run_of("add", of=live, confirmed_by="add")).refusal is None


def test_going_on_with_a_held_step_is_typed_in_production_like_any_other() -> None:
    live = plan(environment=Environment.PRODUCTION)
    held = e.StepHeld(step=StepId("add"), why=e.HoldKind.PAUSED, detail="paused")
    now = view_of(live, fold(opened(live), started(live, "add"), held))
    assert needs_typed_id(now, live.step("add"))
    assert "type add" in refusal(now, run_of("add", of=live))


@pytest.mark.parametrize("action", ["cancel", "terminate"])
def test_in_production_the_pid_is_typed_before_somebody_elses_session_is_touched(
    action: Literal["cancel", "terminate"],
) -> None:
    command = c.SignalBackend(action, BackendKey(4711, START), "4711 report")
    live = view_of(plan(environment=Environment.PRODUCTION), fold())
    assert f"type 4711 to {action} it" in refusal(live, command)
    assert decide(live, replace(command, confirmed_by="4711")).refusal is None
    assert decide(view_of(plan(), fold()), command).refusal is None


@pytest.mark.parametrize("subject", [OfBackend(4711), None])
@pytest.mark.parametrize("role", ConsoleRole)
def test_whoever_opens_a_row_asks_for_its_details_and_does_nothing_else(
    subject: OfBackend | None, role: ConsoleRole
) -> None:
    """Also one that looks on, one that leaves, and while a step works."""
    now = after("add", console_role=role, working=StepId("deploy"), leaving="test over")
    assert decide(now, c.LookAt(subject)) == Decision(effects=(f.LookAt(subject),))


def test_a_changed_plan_runs_nothing() -> None:
    changed = TOUR.model_copy(update={"digest": "d2"})
    assert "not the one this run began with" in refusal(
        view_of(plan=changed, run=fold(opened(TOUR))), run_of("add", of=changed)
    )


def test_the_board_stops_the_first_step_the_first_switch_and_each_contract_only() -> None:
    check = Check("primary", Outcome.STOP, "this is a standby")
    board = Board((check,), datetime.now(UTC))
    assert "no go: primary" in refusal(view_of(plan=TOUR, run=fold(), board=board), run_of("add"))
    assert decide(after("add", board=board), run_of("deploy", note="n")).refusal is None
    assert "no go" in refusal(after("add", "deploy", "fill", board=board), run_of("soak"))
    run = fold(*done(TOUR, "add"))
    assert [each.id for each in TOUR.steps if needs_go(TOUR, run, each)] == ["soak", "drop"]


def test_pause_is_always_allowed_and_stops_what_works() -> None:
    decision = decide(after("add", working=StepId("deploy")), c.Pause())
    assert isinstance(decision.events[0], e.PauseRequested)
    assert decision.effects == (f.StopAtSafePoint(e.HoldKind.PAUSED, "paused by ana@bastion"),)
    assert decide(after("add"), c.Pause()).refusal is None
    assert decide(view_of(plan=TOUR, run=fold()), c.Pause()).refusal is None
    assert (
        decide(after("add", connection_state=ConnectionState.LOST, working=StepId("deploy")), c.Pause()).refusal is None
    )


def test_only_a_rollback_that_leaves_nothing_out_is_performed() -> None:
    now = after("add", "deploy", "fill")
    decision = decide(now, back_to("fill", "deploy", "add"))
    performed = [effect.started for effect in decision.effects if isinstance(effect, f.Perform)]
    assert [(each.step, each.direction) for each in performed] == [
        ("fill", e.Direction.BACK),
        ("deploy", e.Direction.BACK),
        ("add", e.Direction.BACK),
    ]
    assert "without leaving one out" in refusal(now, back_to("add"))
    assert "without leaving one out" in refusal(now, back_to("fill", "add"))
    assert "without leaving one out" in refusal(now, c.RollBack((), "", "y"))
    assert "look at it again" in refusal(now, c.RollBack((StepId("fill"),), "another", "y"))


def test_what_cannot_be_undone_says_so() -> None:
    now = after("add", "deploy", "fill", "soak", "drop")
    assert "cannot be undone: a restore" in refusal(now, back_to("drop"))


def test_a_rollback_in_production_asks_for_the_last_steps_id() -> None:
    live = plan(environment=Environment.PRODUCTION)
    now = after("add", "deploy", of=live)
    assert "type add" in refusal(now, back_to("deploy", "add", of=live))
    assert decide(now, back_to("deploy", "add", of=live, confirmed_by="add")).refusal is None


def test_a_rollback_waits_for_the_pause() -> None:
    assert "under way" in refusal(after("add", working=StepId("deploy")), back_to("add"))


def test_a_step_in_doubt_runs_neither_way_until_it_is_settled() -> None:
    doubt = e.StepInDoubt(step=StepId("add"), index=0, evidence="gone")
    now = view_of(plan=TOUR, run=fold(opened(TOUR), started(TOUR, "add"), doubt))
    assert "in doubt" in refusal(now, run_of("add"))
    assert "in doubt" in refusal(now, back_to("add"))
    assert "in doubt" in refusal(now, c.SkipStep(StepId("add"), "never mind"))
    assert "say how you know" in refusal(now, c.SettleDoubt(StepId("add"), True, " "))
    decision = decide(now, c.SettleDoubt(StepId("add"), True, "I looked"))
    assert isinstance(decision.events[0], e.DoubtSettled)


def test_an_invalid_index_has_to_go_before_the_step_is_tried_again() -> None:
    held = e.StepHeld(step=StepId("add"), why=e.HoldKind.INVALID_INDEX, detail="users_idx was left invalid")
    now = view_of(plan=TOUR, run=fold(opened(TOUR), started(TOUR, "add"), held))
    assert "invalid index" in refusal(now, run_of("add"))
    wrong = c.CleanUpIndex(StepId("add"), "users_idx", "DROP INDEX other")
    assert "look at it again" in refusal(now, wrong)
    right = c.CleanUpIndex(StepId("add"), "users_idx", clean_up_sql("users_idx"))
    assert isinstance(decide(now, right).effects[0], f.DropInvalidIndex)
    cleaned = e.IndexCleanedUp(step=StepId("add"), index_name="users_idx", sql="DROP")
    assert decide(replace(now, run=fold(opened(TOUR), started(TOUR, "add"), held, cleaned)), run_of("add")).effects


def test_skipping_needs_a_reason_and_only_the_next_step() -> None:
    assert "needs a reason" in refusal(after("add"), c.SkipStep(StepId("deploy"), " "))
    assert "only the next step" in refusal(after("add"), c.SkipStep(StepId("soak"), "no"))
    recorded = decide(after("add"), c.SkipStep(StepId("deploy"), "done last week")).effects
    assert recorded == (f.Record(e.StepSkipped(step=StepId("deploy"), reason="done last week")),)
    last = decide(after("add", "deploy", "fill", "soak"), c.SkipStep(StepId("drop"), "later")).effects
    assert last[-1] == f.Record(e.RunFinished())


def test_the_last_step_finishes_the_run_once() -> None:
    now = after("add", "deploy", "fill", "soak", "drop")
    assert decide(now, StepEnded(StepId("drop"))).events == (e.RunFinished(),)
    again = replace(now, run=fold(*done(TOUR, "add", "deploy", "fill", "soak", "drop"), e.RunFinished()))
    assert decide(again, StepEnded(StepId("drop"))).events == ()


def test_a_guard_pauses_a_step_but_never_a_rollback() -> None:
    run = fold(*done(TOUR, "add", "deploy"), started(TOUR, "fill"))
    now = view_of(plan=TOUR, run=run, working=StepId("fill"))
    decision = decide(now, GuardOver(BREACH))
    assert [type(event) for event in decision.events] == [e.GuardTripped, e.PauseRequested]
    assert decision.effects == (f.StopAtSafePoint(e.HoldKind.GUARD, str(BREACH)),)
    back = fold(*done(TOUR, "add", "deploy"), started(TOUR, "deploy", e.Direction.BACK))
    assert decide(view_of(plan=TOUR, run=back, working=StepId("deploy")), GuardOver(BREACH)).events == ()
    paused = fold(*done(TOUR, "add", "deploy"), started(TOUR, "fill"), e.PauseRequested(by="ana"))
    assert decide(replace(now, run=paused), GuardOver(BREACH)).events == ()


def test_a_note_needs_words_and_a_journal() -> None:
    assert "needs words" in refusal(after("add"), c.AddNote(" "))
    early = decide(view_of(plan=TOUR, run=fold()), c.AddNote(" hello "))
    assert (early.events, early.effects) == ((), (f.KeepNote("hello"),)), "kept until there is a journal"
    assert decide(after("add"), c.AddNote("hello")).events == (e.NoteAdded(text="hello"),)


def test_cancelling_needs_something_that_runs() -> None:
    assert "nothing of ours" in refusal(after("add"), c.CancelStatement())
    assert decide(after("add", working=StepId("deploy")), c.CancelStatement()).effects == (f.CancelOurStatement(),)


def test_leaving_is_never_refused() -> None:
    for now in (
        after("add"),
        after(
            "add", working=StepId("deploy"), connection_state=ConnectionState.LOST, console_role=ConsoleRole.OBSERVER
        ),
    ):
        assert decide(now, c.Leave("quit")).effects == (f.CloseRun("quit", False),)


def test_the_next_step_and_what_can_be_undone() -> None:
    run = fold(*done(TOUR, "add", "deploy"), e.StepSkipped(step=StepId("fill"), reason="r"))
    following = next_step(TOUR, run)
    assert following is not None
    assert following.id == "soak"
    assert [each.id for each in undoable(TOUR, run)] == ["fill", "deploy", "add"]


def test_a_rollback_that_is_half_done_is_finished_first() -> None:
    steps = (step("index", phase=Phase.EXPAND), step("later", rollback=NoRollback(reason="none")))
    of = plan(*steps)
    run = fold(
        *done(of, "index"),
        started(of, "index", e.Direction.BACK),
        e.StatementSent(step=StepId("index"), index=0, sql="DROP INDEX CONCURRENTLY a", pid=1, transactional=False),
        e.StatementFinished(step=StepId("index"), index=0, rows=None, seconds=0.1, transactional=False),
        e.StepHeld(step=StepId("index"), why=e.HoldKind.PAUSED, detail="p"),
    )
    assert "half done" in refusal(view_of(plan=of, run=run), run_of("index", of=of))
