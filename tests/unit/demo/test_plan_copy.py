"""The demo's plan comes with the evidence of a real rehearsal, and works on a copy of both."""

import os
from pathlib import Path

from zdtui.demo.plan_copy import own_copy
from zdtui.evidence.beside import kept_evidence
from zdtui.evidence.file import evidence_path, read, report_path
from zdtui.evidence.markdown import report
from zdtui.evidence.model import Outcome, RollbackVerdict
from zdtui.evidence.standing import Here, Kept, Proof, standing
from zdtui.plan.confirmed import text_digest
from zdtui.plan.load import load_plan
from zdtui.plan.shipped import find_plan

PLAN = load_plan(find_plan("split-user-name"))
EVIDENCE = read(evidence_path(PLAN.path))
MADE_ANEW = "run: make demo-evidence"


def test_the_evidence_that_is_shipped_is_of_the_plan_as_it_is_shipped() -> None:
    """A changed step has to be rehearsed again, or the demo would show evidence of another text."""
    assert {each.step: each.digest for each in EVIDENCE.steps} == {step.id: text_digest(step) for step in PLAN.steps}, (
        MADE_ANEW
    )
    assert EVIDENCE.plan_digest == PLAN.digest, MADE_ANEW
    page = report_path(PLAN.path).read_text("utf-8")
    assert [step.id for step in PLAN.steps if f"## {step.id}\n" not in page] == [], MADE_ANEW


def test_every_step_of_it_was_rehearsed_for_real() -> None:
    for step in PLAN.steps:
        found = standing(step, Kept(EVIDENCE), Here(), EVIDENCE.rehearsed_at)
        assert found.proof is Proof.PROVEN, step.id
        assert found.seen is not None
        assert found.seen.outcome is Outcome.DONE
        assert all(leg.seconds > 0 for leg in found.seen.legs)
    assert EVIDENCE.whole is not None
    assert EVIDENCE.whole.rollback is RollbackVerdict.EXACT
    assert "127.0.0.1" not in report(EVIDENCE)


def test_a_shipped_plan_is_copied_with_its_evidence(tmp_path: Path) -> None:
    copied = load_plan(own_copy("split-user-name", tmp_path / "plans"))
    assert Path(copied.path).parent == tmp_path / "plans"
    assert copied.digest == PLAN.digest
    assert kept_evidence(copied).evidence == EVIDENCE
    assert os.access(copied.path, os.W_OK)
    assert sorted(each.name for each in (tmp_path / "plans").iterdir()) == [
        "split-user-name.evidence.json",
        "split-user-name.evidence.md",
        "split-user-name.yaml",
    ]


def test_a_plan_of_one_s_own_stays_where_it_is(tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text("zdtui: 1")
    assert own_copy(str(mine), tmp_path / "plans") == str(mine)
    assert not (tmp_path / "plans").exists()
