"""Nothing is done on the word of a journal that is not whole, or that cannot be written."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.unit.run.plans import done, fold, plan, view_of
from zdtui.plan.model import StepId
from zdtui.run.decisions.confirm_text import step_digest
from zdtui.run.decisions.decide import StepEnded, decide
from zdtui.run.decisions.snapshot import VerdictWord
from zdtui.run.decisions.verdict import verdict
from zdtui.run.decisions.view import RunView
from zdtui.run.journal.chain import Link
from zdtui.run.journal.damage import Damage
from zdtui.run.model import commands as c
from zdtui.run.model import effects as f
from zdtui.run.model import events as e
from zdtui.run.model.commands import AcceptJournal
from zdtui.run.model.console import ConnectionState, ConsoleRole

TOUR = plan()
LOST = Damage(lost=(Link(9, "step started", "add", b"1"), Link(10, "step succeeded", "add", b"2")), server="timeline 2")
RUN = fold(*done(TOUR, "add"))
BROKEN = view_of(plan=TOUR, run=RUN, operator="ana", console_role=ConsoleRole.OBSERVER, damage=LOST)
ACCEPT = c.AcceptJournal(LOST.digest, "tour", "psql says that add is not there")


@pytest.mark.parametrize(
    "command",
    [
        c.RunStep(StepId("deploy"), step_digest(TOUR.step("deploy")), "y", "note"),
        c.SkipStep(StepId("deploy"), "why"),
        c.AddNote("hello"),
        c.TakeOver(),
        c.CancelStatement(),
    ],
    ids=lambda command: type(command).__name__,
)
def test_a_journal_that_is_not_whole_stops_whatever_acts(command: c.Command) -> None:
    for role in ConsoleRole:
        refusal = decide(replace(BROKEN, console_role=role), command).refusal or ""
        assert "events 9 to 10 are lost on this server (step started of add, step succeeded of add)" in refusal
        assert "it concerns add; timeline 2" in refusal
        assert "only looks on" in refusal


def test_over_it_no_run_is_finished() -> None:
    over = view_of(plan=TOUR, run=fold(*done(TOUR, *(each.id for each in TOUR.steps))), damage=LOST)
    assert not decide(over, StepEnded(StepId("drop"))).events


def test_leaving_and_the_board_are_always_allowed() -> None:
    assert decide(BROKEN, c.Leave("night")).effects
    assert decide(BROKEN, c.RefreshBoard()).effects


def test_it_is_taken_on_with_the_plans_name_and_a_reason() -> None:
    (effect,) = decide(BROKEN, ACCEPT).effects
    assert isinstance(effect, f.AcceptJournal)
    assert effect.accepted == e.JournalAccepted(
        found=LOST.sentence, reason="ana: psql says that add is not there", plan_name="tour", steps=(StepId("add"),)
    )


@pytest.mark.parametrize(
    ("now", "command", "words"),
    [
        (BROKEN, replace(ACCEPT, confirmed_by="y"), "type tour"),
        (BROKEN, replace(ACCEPT, reason="  "), "say how you know"),
        (BROKEN, replace(ACCEPT, found_digest="other"), "look at it again"),
        (replace(BROKEN, damage=None), ACCEPT, "the journal is whole"),
        (replace(BROKEN, working=StepId("add")), ACCEPT, "add is under way"),
        (replace(BROKEN, connection_state=ConnectionState.LOST), ACCEPT, "the connection to the server is lost"),
        (replace(BROKEN, leaving="the operator left"), ACCEPT, "leaving"),
        (replace(BROKEN, cannot_write="read-only by default"), ACCEPT, "read-only by default"),
    ],
)
def test_it_is_not_taken_on_otherwise(now: RunView, command: AcceptJournal, words: str) -> None:
    assert words in (decide(now, command).refusal or "")


def test_what_cannot_be_written_down_is_not_done() -> None:
    now = replace(BROKEN, console_role=ConsoleRole.CONDUCTOR, damage=None, cannot_write="this server is a standby")
    command = c.RunStep(StepId("deploy"), step_digest(TOUR.step("deploy")), "y", "note")
    assert decide(now, command).refusal == "this server is a standby"
    assert decide(replace(now, cannot_write=""), command).refusal is None


def test_the_line_says_it_as_long_as_it_is_so() -> None:
    at = RunView(
        plan=TOUR,
        run=RUN,
        console_role=ConsoleRole.OBSERVER,
        connection_state=ConnectionState.CONNECTED,
        now=0.0,
        wall=datetime.now(UTC),
        damage=LOST,
    )
    assert verdict(at).word is VerdictWord.HELD
    assert verdict(at).reason == LOST.sentence
    assert "J acknowledges it" in verdict(at).advice
    refused = replace(
        at, damage=None, console_role=ConsoleRole.CONDUCTOR, write_refused="the journal cannot be written: disk"
    )
    assert (verdict(refused).word, verdict(refused).reason) == (VerdictWord.HELD, "the journal cannot be written: disk")
