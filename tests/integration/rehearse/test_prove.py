"""Every shipped plan on a scratch server with made-up rows: what it claims to bring back, it brings back.

`make prove-rehearsal` runs all of it, some minutes; `make test` does not.
"""

import os

import pytest

from tests.fix_db import Database
from tests.integration.rehearse.onlooker import Quiet
from zdtui.demo.embedded import SUPERUSER
from zdtui.evidence.model import Outcome, RollbackVerdict
from zdtui.plan.load import load_plan
from zdtui.plan.shipped import plans_folder, shipped_plans
from zdtui.postgres.target.target import Target
from zdtui.rehearse.rehearsal import Wishes, rehearse

PROVES = pytest.mark.skipif("PROVE_REHEARSAL" not in os.environ, reason="make prove-rehearsal does it")
CLAIMS_LESS = {
    ("add-not-null", "drop-status-check"),
    ("int-to-bigint", "wide-reference-proved"),
    ("int-to-bigint", "swap"),
    ("int-to-bigint", "drop-wide-reference"),
}
"""Steps whose notes say what their rollback leaves to others: a constraint that is not proved, an index that is used."""


def test_a_step_that_claims_less_says_so_to_who_takes_it_back() -> None:
    for name, step in CLAIMS_LESS:
        assert "rollback" in load_plan(plans_folder() / f"{name}.yaml").step(step).notes, (name, step)


@PROVES
@pytest.mark.parametrize("name", shipped_plans())
async def test_a_shipped_plan_comes_back_as_it_claims(shop: Database, name: str) -> None:
    plan = load_plan(plans_folder() / f"{name}.yaml")
    wishes = Wishes("scratch", scratch=True, rows=500, load="auto")
    evidence = await rehearse(plan, Target(shop.dsn(SUPERUSER)), wishes, Quiet())
    assert {step.step: step.why for step in evidence.steps if step.outcome is not Outcome.DONE} == {}
    wrong = {
        step.step: step.differences
        for step in evidence.steps
        if step.rollback not in (RollbackVerdict.EXACT, RollbackVerdict.EXACT_BUT, RollbackVerdict.NO_ROLLBACK)
    }
    assert {(name, step) for step in wrong} == {each for each in CLAIMS_LESS if each[0] == name}, wrong
    assert evidence.whole is not None
    assert evidence.whole.rollback in (RollbackVerdict.EXACT, RollbackVerdict.EXACT_BUT), evidence.whole.differences
