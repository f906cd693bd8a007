"""What is confirmed of a step stays the same text from version to version.

A run that was begun goes on after an upgrade, and a step that was armed still fires: both hold the digest of the text
that an operator saw. So the digests of every shipped plan, and of every kind in the forms that change its text, are
kept in `confirmed_texts.json`. A new plan or form is added by running this file; a digest that is there does not change.
"""

import json
from pathlib import Path

import pytest

from zdtui.plan.load import load_plan
from zdtui.plan.model import Step
from zdtui.plan.shipped import plans_folder
from zdtui.run.decisions.confirm_text import retry_digest, rollback_digest, step_digest
from zdtui.run.model.events import Direction

HERE = Path(__file__).parent
KEPT: dict[str, dict[str, str]] = json.loads((HERE / "confirmed_texts.json").read_text("utf-8"))
PLANS = {path.stem: load_plan(path) for path in (*plans_folder().glob("*.yaml"), HERE / "every_kind.yaml")}
STEPS = {f"{name} {step.id}": step for name, plan in sorted(PLANS.items()) for step in plan.steps}


def digests(step: Step) -> dict[str, str]:
    """What the console and the journal hold of the step's texts."""
    return {
        "forward": step_digest(step),
        "back": step_digest(step, Direction.BACK),
        "retry": retry_digest(step),
        "rollback": rollback_digest([step]),
    }


def test_every_step_is_kept() -> None:
    assert KEPT.keys() == STEPS.keys()


@pytest.mark.parametrize("name", STEPS)
def test_what_was_confirmed_is_what_would_be_confirmed_now(name: str) -> None:
    assert digests(STEPS[name]) == KEPT[name]


if __name__ == "__main__":
    added = {name: digests(step) for name, step in STEPS.items() if name not in KEPT}
    (HERE / "confirmed_texts.json").write_text(json.dumps(KEPT | added, indent=1, sort_keys=True) + "\n", "utf-8")
