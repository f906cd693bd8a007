"""Where a rehearsal may confirm steps by itself: never in production, and nowhere without being allowed to."""

from dataclasses import replace

import pytest

from tests.integration.run.driver import plan_of, sql_step
from zdtui.plan.model import Environment, Plan, Target
from zdtui.rehearse.permission import Asked, Permission, RehearsalRefusedError, Surroundings, permitted, refusal

HERE = Surroundings("shop")
STAGING = plan_of(sql_step("one", "SELECT 1"))
PRODUCTION = plan_of(sql_step("one", "SELECT 1"), target=Target(environment=Environment.PRODUCTION))
IS_STAGING = Asked(Environment.STAGING)


@pytest.mark.parametrize(
    ("plan", "at", "asked", "because"),
    [
        (PRODUCTION, HERE, Asked(), "says that its target is production"),
        (STAGING, HERE, Asked(Environment.PRODUCTION), "is said to be production"),
        (PRODUCTION, HERE, Asked(Environment.PRODUCTION), "is said to be production"),
        (STAGING, replace(HERE, production_runs=("add-index",)), Asked(), "holds a run in production (add-index)"),
        (PRODUCTION, replace(HERE, production_runs=("x",)), IS_STAGING, "holds a run in production"),
        (STAGING, replace(HERE, unfinished_runs=("add-index",)), Asked(), "add-index in shop has not ended"),
        (STAGING, replace(HERE, held_by="backend 7"), Asked(), "under way in shop (backend 7)"),
        (STAGING, replace(HERE, in_recovery=True), Asked(), "is on a standby"),
        (STAGING, replace(HERE, standbys=("a", "b")), Asked(), "has standbys that others may read from (a, b)"),
    ],
)
def test_it_is_refused_in_one_sentence(plan: Plan, at: Surroundings, asked: Asked, because: str) -> None:
    told = refusal(plan, at, asked)
    assert told is not None
    assert because in told
    assert "\n" not in told
    with pytest.raises(RehearsalRefusedError) as raised:
        permitted(plan, at, asked)
    assert str(raised.value) == told


@pytest.mark.parametrize(
    ("plan", "at", "asked"),
    [
        (STAGING, HERE, Asked()),
        (PRODUCTION, HERE, IS_STAGING),
        (STAGING, replace(HERE, standbys=("a",)), Asked(beside_standbys=True)),
        (PRODUCTION, Surroundings("traced", is_ours=True), Asked()),
    ],
)
def test_it_may(plan: Plan, at: Surroundings, asked: Asked) -> None:
    assert permitted(plan, at, asked).at == at


def test_nobody_else_makes_a_permission() -> None:
    with pytest.raises(AssertionError):
        Permission(PRODUCTION, HERE, object())
