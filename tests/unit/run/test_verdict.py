"""The verdict line: the right word, the figure, and what to do next."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.unit.run.plans import done, fold, opened, plan, started, view_of
from zdtui.plan.model import Environment, StepId
from zdtui.run.decisions.snapshot import VerdictWord
from zdtui.run.decisions.verdict import STALLED_AFTER, verdict
from zdtui.run.decisions.view import RunView
from zdtui.run.figures.guards import Breach
from zdtui.run.model import events as e
from zdtui.run.model.activity import Activity, BatchProgress, Doing
from zdtui.run.model.console import ConnectionState, ConsoleRole
from zdtui.watch.samples import Pane

TOUR = plan()
NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
AT = view_of(TOUR, fold(*done(TOUR, "add", "deploy")), now=100.0, wall=NOW)
BUSY = Activity(
    step=StepId("fill"), direction=e.Direction.FORWARD, doing=Doing.SENDING, since=97.0, statement_since=98.0
)
WORKING = replace(AT, activity=BUSY)


def batches(**fields: Any) -> RunView:
    progress = BatchProgress(rows=1234567, fraction=0.63, rows_per_second=41000, batches=10)
    return replace(AT, activity=replace(BUSY, doing=Doing.WORKING_BATCHES, progress=progress, **fields))


def with_events(*events: e.Event) -> RunView:
    return replace(AT, run=fold(*done(TOUR, "add", "deploy"), *events))


FILL = StepId("fill")
FAILED = e.StepFailed(step=FILL, direction=e.Direction.FORWARD, message="boom")


@pytest.mark.parametrize(
    ("at", "word", "reason", "advice"),
    [
        (AT, VerdictWord.READY, "next is fill", "R shows"),
        (
            replace(AT, connection_state=ConnectionState.LOST, connection_detail="no answer"),
            VerdictWord.LOST,
            "no answer",
            "by itself",
        ),
        (WORKING, VerdictWord.RUNNING, "working, 2.0 s", "X cancels"),
        (
            replace(WORKING, blockers=("4711 report idle in transaction 242 s", "9"), blocked_for=1.2),
            VerdictWord.BLOCKED,
            "by 4711 report idle in transaction 242 s and 1 more for 1.2 s",
            "p withdraws",
        ),
        (batches(), VerdictWord.RUNNING, "63 %, 1 234 567 rows, 41 k rows/s", "p pauses"),
        (batches(statement_since=99.0 - STALLED_AFTER), VerdictWord.STALLED, "no batch for 16 s", "locks pane"),
        (
            replace(AT, activity=replace(BUSY, doing=Doing.THROTTLED, reason="replay lag 8.1 s is over 5 s")),
            VerdictWord.THROTTLED,
            "replay lag 8.1 s is over 5 s",
            "by itself",
        ),
        (
            replace(AT, activity=replace(BUSY, doing=Doing.WAITING_TO_RETRY, reason="try 2 of 31", retry_at=100.4)),
            VerdictWord.BLOCKED,
            "try 2 of 31; next try in 0.4 s",
            "p holds it",
        ),
        (
            replace(AT, activity=replace(BUSY, doing=Doing.SOAKING, soak_until=NOW + timedelta(hours=23, minutes=5))),
            VerdictWord.RUNNING,
            "23h05m left",
            "p holds",
        ),
        (with_events(started(TOUR, "fill"), FAILED), VerdictWord.FAILED, "fill: boom", "nothing of it remains"),
        (
            with_events(
                started(TOUR, "fill"),
                e.BatchesDone(step=FILL, batches=7, rows=500, fraction=0.25),
                FAILED.model_copy(update={"applied": True, "partial": True}),
            ),
            VerdictWord.FAILED,
            "boom",
            "500 of about 2 000 rows are done: R goes on from there",
        ),
        (
            with_events(
                started(TOUR, "fill"),
                e.BatchesDone(step=FILL, batches=7, rows=500),
                FAILED.model_copy(update={"applied": True, "partial": True}),
            ),
            VerdictWord.FAILED,
            "boom",
            "500 rows are done: R goes on from there",
        ),
        (
            with_events(started(TOUR, "fill"), FAILED.model_copy(update={"applied": True})),
            VerdictWord.FAILED,
            "boom",
            "in place",
        ),
        (
            with_events(e.StepHeld(step=FILL, why=e.HoldKind.PAUSED, detail="paused by ana")),
            VerdictWord.HELD,
            "paused by ana",
            "R goes on",
        ),
        (
            with_events(e.StepHeld(step=FILL, why=e.HoldKind.INVALID_INDEX, detail="a_idx was left invalid")),
            VerdictWord.HELD,
            "a_idx",
            "D shows how",
        ),
        (with_events(e.StepInDoubt(step=FILL, index=0, evidence="x")), VerdictWord.HELD, "in doubt", "settles"),
        (with_events(e.StepApplied(step=FILL, rows=1, seconds=1)), VerdictWord.HELD, "not yet verified", "R verifies"),
        (
            replace(AT, breached_guards=(Breach("replay lag", Pane.REPLICATION, "8.1 s", "5s"),)),
            VerdictWord.HELD,
            "replay lag 8.1 s",
            "when it is not",
        ),
        (
            replace(AT, console_role=ConsoleRole.OBSERVER, lock_holder="backend 7 zdtui tour"),
            VerdictWord.OBSERVING,
            "backend 7",
            "t takes",
        ),
        (
            replace(
                AT, console_role=ConsoleRole.OBSERVER, lock_holder="backend 7 zdtui tour-two from 10.0.0.4, active"
            ),
            VerdictWord.OBSERVING,
            "another plan's run holds this database, and one at a time can work in it: backend 7 zdtui tour-two",
            "once that one has ended",
        ),
        (
            replace(AT, run=fold(*done(TOUR, "add", "deploy", "fill", "soak", "drop"))),
            VerdictWord.FINISHED,
            "every step",
            "q leaves",
        ),
    ],
)
def test_the_verdict(at: RunView, word: VerdictWord, reason: str, advice: str) -> None:
    found = verdict(at)
    assert found.word is word
    assert reason in found.reason
    assert advice in found.advice


def test_production_is_said_before_a_step_runs() -> None:
    live = plan(environment=Environment.PRODUCTION)
    assert "PRODUCTION" in verdict(replace(AT, plan=live, run=fold(opened(live)))).reason


def test_a_pause_that_cannot_take_effect_yet_leaves_a_clear_choice() -> None:
    paused = replace(WORKING, run=fold(*done(TOUR, "add", "deploy"), e.PauseRequested(by="ana")))
    assert "wait for it, or X cancels" in verdict(paused).advice
