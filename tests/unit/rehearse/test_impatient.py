"""The plan as it is rehearsed: no hour is waited for, and the text of every other step is the plan's own."""

from datetime import timedelta

from tests.integration.run.driver import plan_of, sql_step, step
from zdtui.plan.confirmed import text_digest
from zdtui.plan.model import Environment, Plan, Target, Throttle, UnusedAction, WaitAction, Window
from zdtui.rehearse.impatient import SHORT, impatient, stood_in_for

DAY = timedelta(hours=24)
PLAN = plan_of(
    sql_step("one", "SELECT 1", "SELECT 2"),
    step("soak", WaitAction(duration=DAY)),
    step("unused", UnusedAction(table="t", duration=DAY)),
    target=Target(database="shop", environment=Environment.PRODUCTION),
    throttle=Throttle(only=(Window(begins=0, ends=60),), query="SELECT 1", url="https://throttle"),
)


def seen(alone: bool) -> Plan:
    return impatient(PLAN, alone=alone)


def test_nobody_waits_for_a_soak_or_for_the_night() -> None:
    assert [each.action.soak for each in seen(False).steps] == [None, SHORT, SHORT]
    assert seen(False).throttle.only == ()


def test_it_is_another_place_and_the_teams_own_throttle_is_left_alone() -> None:
    assert (seen(False).target.database, seen(False).target.environment) == (None, Environment.STAGING)
    assert (seen(False).throttle.url, seen(False).throttle.query) == (None, "SELECT 1")
    assert seen(True).throttle.query is None


def test_what_is_confirmed_of_the_others_is_the_plans() -> None:
    assert text_digest(seen(True).step("one")) == text_digest(PLAN.step("one"))
    assert seen(True).digest == PLAN.digest


def test_what_only_stood_in_for_a_step_is_named() -> None:
    assert stood_in_for(PLAN) == ("unused",)
