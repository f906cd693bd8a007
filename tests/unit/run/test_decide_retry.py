"""Rejected rows are tried again only where there are some, with the text that was shown, when nothing else runs."""

from typing import Any

import pytest

from tests.unit.run.plans import done, fold, plan, started, view_of
from zdtui.plan.model import Environment, Plan, StepId
from zdtui.run.decisions.confirm_text import retry_digest, shown_retry
from zdtui.run.decisions.decide import decide
from zdtui.run.decisions.view import RunView
from zdtui.run.figures.guards import Breach
from zdtui.run.model import commands as c
from zdtui.run.model import effects as f
from zdtui.run.model import events as e
from zdtui.run.model.commands import RetryRejected
from zdtui.run.model.console import ConnectionState, ConsoleRole
from zdtui.run.model.events import StepFailed, StepHeld
from zdtui.run.model.state import StepStatus
from zdtui.watch.samples import Pane

TOUR, GUARDED = plan(), plan(environment=Environment.PRODUCTION)
FILL = StepId("fill")
BREACH = Breach("replay lag", Pane.REPLICATION, "8.1 s", "5s")
ASIDE = e.BatchesDone(step=FILL, batches=3, rows=997, rejected=3, first_rejected=("(4): 22P02 no", "(5): 22P02 no"))


def filled(of: Plan = TOUR) -> tuple[e.Event, ...]:
    before = (*done(of, "add", "deploy"), started(of, "fill"), ASIDE)
    return (*before, e.StepSucceeded(step=FILL, rows=997, seconds=1.0))


def now(*events: e.Event, of: Plan = TOUR, **fields: Any) -> RunView:
    return view_of(plan=of, run=fold(*(events or filled(of))), operator="ana@bastion", **fields)


def retry(name: str = "fill", of: Plan = TOUR, confirmed_by: str = "y") -> c.RetryRejected:
    return c.RetryRejected(StepId(name), retry_digest(of.step(name)), confirmed_by)


def test_the_start_is_journaled_with_what_stood_aside() -> None:
    decision = decide(now(), retry())
    assert decision.refusal is None
    (effect,) = decision.effects
    assert isinstance(effect, f.RetryRejected)
    assert (effect.started.step, effect.started.rejected, effect.started.confirmed_by) == (FILL, 3, "y")


@pytest.mark.parametrize(
    ("situation", "command", "says"),
    [
        (now(), retry("add"), "is no backfill or copy"),
        (now(), c.RetryRejected(StepId("elsewhere"), "", "y"), "is no backfill or copy"),
        (now(*done(TOUR, "add", "deploy")), retry(), "no row of fill was rejected"),
        (now(*done(TOUR, "add", "deploy", "fill")), retry(), "no row of fill was rejected"),
        (now(), c.RetryRejected(FILL, "another", "y"), "what was confirmed is not"),
        (now(console_role=ConsoleRole.OBSERVER), retry(), "looks on"),
        (now(connection_state=ConnectionState.LOST), retry(), "connection"),
        (now(working=FILL), retry(), "under way"),
        (now(breached_guards=(BREACH,)), retry(), "replay lag 8.1 s"),
        (now(of=GUARDED), retry(of=GUARDED), "type fill"),
        (now(*filled(), started(TOUR, "fill", e.Direction.BACK)), retry(), "fill is rolling back"),
    ],
)
def test_what_refuses_it(situation: RunView, command: RetryRejected, says: str) -> None:
    refusal = decide(situation, command).refusal
    assert refusal is not None
    assert says in refusal


@pytest.mark.parametrize(
    "ended",
    [
        e.StepHeld(step=FILL, why=e.HoldKind.PAUSED, detail="paused"),
        e.StepFailed(step=FILL, direction=e.Direction.FORWARD, message="too many"),
    ],
)
def test_a_step_that_is_held_or_failed_may_be_retried(ended: StepHeld | StepFailed) -> None:
    situation = now(*done(TOUR, "add", "deploy"), started(TOUR, "fill"), ASIDE, ended)
    assert decide(situation, retry()).refusal is None


def test_in_production_the_id_is_typed() -> None:
    assert decide(now(of=GUARDED), retry(of=GUARDED, confirmed_by="fill")).refusal is None


def test_the_state_follows_a_retry_and_the_step_stays_what_it_is() -> None:
    began = e.RetryStarted(step=FILL, sql_digest="", confirmed_by="y", rejected=3)
    ended = e.RetryEnded(step=FILL, changed=2, rows=999, rejected=1, first_rejected=("(5): 22P02 no",))
    trying = fold(*filled(), e.PauseRequested(by="ana"), began)
    assert (trying.step(FILL).retrying, trying.step(FILL).rejected, trying.pause_by) == (True, 3, None)
    after = fold(*filled(), began, ended).step(FILL)
    assert (after.status, after.retrying, after.rows, after.rejected) == (StepStatus.DONE, False, 999, 1)
    assert after.first_rejected == ("(5): 22P02 no",)


def test_a_console_that_died_meanwhile_left_something_to_try() -> None:
    began = e.RetryStarted(step=FILL, sql_digest="", confirmed_by="y", rejected=3)
    none_left = e.RetryEnded(step=FILL, rows=1000, rejected=0)
    assert decide(now(*filled(), began, none_left, began), retry()).refusal is None


def test_what_is_shown_is_the_statement_of_the_step_for_those_rows() -> None:
    assert shown_retry(TOUR.step("fill")) == (
        "UPDATE users\n   SET x = 1\n WHERE its key is that of a row in zdtui.rejected\n   AND (x IS NULL)"
    )
    assert shown_retry(TOUR.step("add")) == ""
