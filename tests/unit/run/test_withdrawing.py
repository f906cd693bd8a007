"""What cancels the statement under way, as a table: a CONCURRENTLY one is cancelled by a person and nobody else."""

from dataclasses import replace

import pytest

from zdtui.run.execute.control import Stop
from zdtui.run.execute.withdrawing import CANCEL_AGAIN, LATE, Cancel, LetGo, StatementUnderWay, may_cancel, withdrawal
from zdtui.run.model.events import HoldKind

PAUSED = Stop(HoldKind.PAUSED, "paused by ana")
CANCELLED = Stop(HoldKind.CANCELLED, "cancelled by ana")
WAITING = StatementUnderWay(waiting=True, held_up_for=0.1, blockers=("4711 app",), lock_limit=0.2, most_victims=3)


@pytest.mark.parametrize("why", HoldKind)
def test_only_a_person_who_was_asked_cancels_a_concurrent_statement(why: HoldKind) -> None:
    assert may_cancel(why, outwaits=True) is (why is HoldKind.CANCELLED)
    assert may_cancel(why, outwaits=False)


@pytest.mark.parametrize("why", HoldKind)
def test_a_concurrent_statement_that_waits_goes_on_whatever_asks_for_a_stop(why: HoldKind) -> None:
    seen = replace(WAITING, outwaits=True, stop=Stop(why, "stop"), held_up_for=9999.0, victims=100)
    assert withdrawal(seen) is None


def test_another_statement_that_waits_is_withdrawn_when_a_stop_is_asked_for_and_says_for_whom_it_waited() -> None:
    found = withdrawal(replace(WAITING, stop=PAUSED))
    assert found == Cancel(Stop(HoldKind.PAUSED, "paused by ana; withdrawn while it waited for 4711 app"))


def test_one_that_works_is_let_work() -> None:
    assert withdrawal(replace(WAITING, waiting=False, stop=PAUSED, held_up_for=0.0)) is None


@pytest.mark.parametrize(("victims", "let_go"), [(3, False), (4, True)])
def test_an_attempt_lets_go_when_too_many_wait_behind_it(victims: int, let_go: bool) -> None:
    assert isinstance(withdrawal(replace(WAITING, victims=victims)), LetGo) is let_go


def test_without_a_guard_nobody_behind_it_is_too_many() -> None:
    assert withdrawal(replace(WAITING, victims=1000, most_victims=None)) is None


@pytest.mark.parametrize(("seconds", "let_go"), [(0.2, False), (0.2 + LATE, True)])
def test_a_wait_that_the_server_does_not_end_is_ended_by_us(seconds: float, let_go: bool) -> None:
    assert isinstance(withdrawal(replace(WAITING, held_up_for=seconds)), LetGo) is let_go


def test_a_statement_without_a_limit_waits_as_long_as_it_takes() -> None:
    assert withdrawal(replace(WAITING, held_up_for=9999.0, lock_limit=0.0)) is None


@pytest.mark.parametrize("outwaits", [True, False])
@pytest.mark.parametrize("waiting", [True, False])
def test_a_cancel_that_met_nothing_is_sent_again(outwaits: bool, waiting: bool) -> None:
    sent = replace(WAITING, waiting=waiting, outwaits=outwaits, cancelled=CANCELLED, stop=CANCELLED, since_cancel=0.1)
    assert withdrawal(sent) is None
    assert withdrawal(replace(sent, since_cancel=CANCEL_AGAIN)) == Cancel(CANCELLED)


def test_an_attempt_that_did_not_let_go_is_told_again() -> None:
    told = replace(WAITING, let_go="let go", since_cancel=0.1)
    assert withdrawal(told) is None
    assert withdrawal(replace(told, since_cancel=CANCEL_AGAIN)) == LetGo("let go")
