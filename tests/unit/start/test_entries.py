"""What `zdtui` alone lists: each plan, run and target that is there, in one order, and nothing that is not known as well."""

import os
from pathlib import Path

import pytest

from tests.unit.run.plans import RUN, START, done, fold, plan
from zdtui.plan.model import Plan, StepId
from zdtui.plan.shipped import plans_folder
from zdtui.proposals.proposal import Proposal
from zdtui.proposals.propose import propose
from zdtui.run.decisions.reading import reading_digest
from zdtui.run.journal.damage import Damage
from zdtui.run.journal.reader import Journal
from zdtui.run.model.events import PlanProposed, StepRead
from zdtui.run.model.state import RunState
from zdtui.start import plans_here as reading
from zdtui.start.entries import COMMANDS, LIBPQ, entries, path_of_run, places
from zdtui.start.entry import Opens
from zdtui.start.plans_here import LARGE, NOT_READABLE, PROBLEMS, plans_here

OF = plan()
ADDED = fold(*done(OF, "add"))
WHOLE = (Journal(RUN, [], None), ADDED)
BROKEN = (Journal(RUN, [], Damage(missing=(3,))), ADDED)
LOST = (Journal(RUN, [], Damage(missing=(1,))), RunState())


def test_plans_are_told_from_other_files_and_from_broken_ones(tmp_path: Path) -> None:
    good = (plans_folder() / "add-index.yaml").read_text("utf-8")
    (tmp_path / "good.yaml").write_text(good, "utf-8")
    (tmp_path / "large.yaml").write_text(good + "#" * reading.LARGEST_READ, "utf-8")
    (tmp_path / "bad.yml").write_text("zdtui: 1\nname: x\n", "utf-8")
    (tmp_path / "compose.yaml").write_text("services: {}\n", "utf-8")
    (tmp_path / "folder.yaml").mkdir()
    (tmp_path / "binary.yaml").write_bytes(b"zdtui:\x00")
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "refused.yaml").symlink_to("/proc/self/mem")  # a regular file that nobody can read from its beginning
    here = plans_here(tmp_path)
    found = {Path(path).name: "plan" if isinstance(each, Plan) else each for path, each in here.found.items()}
    assert found == {"bad.yml": PROBLEMS, "good.yaml": "plan", "large.yaml": LARGE, "refused.yaml": NOT_READABLE}
    assert here.not_looked_at == 0


def test_files_beyond_the_most_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_FILES", 2)
    for name in "abc":
        (tmp_path / f"{name}.yaml").write_text("zdtui: 1\n", "utf-8")
    here = plans_here(tmp_path)
    assert [Path(each).name for each in here.found] == ["a.yaml", "b.yaml"]
    assert here.not_looked_at == 1


def test_the_order_is_that_in_which_one_looks() -> None:
    rows = entries({"t.yaml": OF, "b.yaml": PROBLEMS}, ("staging", "live"), "staging", [WHOLE])
    assert [(each.opens, each.key) for each in rows] == [
        (Opens.PLAN, "t.yaml"),
        (Opens.PLAN, "b.yaml"),
        (Opens.RUN, str(RUN)),
        (Opens.TARGET, "live"),
        (Opens.TARGET, LIBPQ),
        (Opens.DRAFT, "draft"),
        (Opens.DEMO, "demo"),
        *((Opens.COMMAND, each) for each in COMMANDS),
    ]
    told = {each.key: each.about for each in rows}
    assert told["t.yaml"].startswith(f"{OF.title} · last run waiting on 20")
    assert told["b.yaml"] == PROBLEMS
    assert told[str(RUN)].startswith(f"{OF.name} · last run waiting on 20")


def test_of_a_journal_that_is_not_whole_no_standing_is_told() -> None:
    for run in (BROKEN, LOST):
        rows = entries({"t.yaml": OF}, (), None, [run])
        (about,) = (each.about for each in rows if each.opens is Opens.RUN)
        assert about.endswith("its journal is not whole: zdtui status says what is wrong")
        assert not any("waiting" in each.about for each in rows)


def test_a_run_is_opened_with_its_plan_where_that_is_here() -> None:
    assert path_of_run(WHOLE, {"b.yaml": PROBLEMS, "t.yaml": OF}) == "t.yaml"
    assert path_of_run(WHOLE, {"b.yaml": PROBLEMS}) is None
    assert path_of_run(LOST, {"t.yaml": OF}) is None


def test_a_plan_can_always_be_opened_where_libpq_says() -> None:
    assert [each.key for each in places(("staging",))] == ["staging", LIBPQ]
    assert {each.opens for each in places(())} == {Opens.TARGET}


def test_proposals_stand_behind_the_plans_with_who_made_them_and_who_has_read_them() -> None:
    claude = Proposal(by="claude", on_behalf_of="ana", digest=OF.digest)
    plans: dict[str, Plan | str] = {"t.yaml": OF, "proposals/p.yaml": OF, "proposals/bad.yaml": PROBLEMS}
    proposals = {"proposals/p.yaml": claude, "proposals/bad.yaml": Proposal(by="")}

    def told(chosen: str | None, runs: list[tuple[Journal, RunState]]) -> dict[str, str]:
        rows = entries(plans, (), chosen, runs, proposals)
        assert [each.key for each in rows[:3]] == ["t.yaml", "proposals/p.yaml", "proposals/bad.yaml"]
        assert [each.opens for each in rows[:3]] == [Opens.PLAN, Opens.PROPOSAL, Opens.PROPOSAL]
        return {each.key: each.about for each in rows}

    nowhere = told(None, [])
    assert nowhere["proposals/p.yaml"] == f"proposed by claude on behalf of ana, to be read · {OF.title}"
    assert nowhere["proposals/bad.yaml"] == f"proposed by somebody unknown · {PROBLEMS}"
    asked = told("staging", [])["proposals/p.yaml"]
    assert asked == f"proposed by claude on behalf of ana, read by nobody yet · {OF.title}"
    read = StepRead(step=StepId("add"), text_digest=reading_digest(OF, OF.step("add")), by="ana@bastion", read_at=START)
    run = (Journal(RUN, [], None), fold(*done(OF, "add"), PlanProposed.of(claude), read))
    assert "1 of 5 steps read by ana@bastion" in told("staging", [run])["proposals/p.yaml"]


def test_the_proposals_of_a_folder_are_among_its_plans(tmp_path: Path) -> None:
    text = (plans_folder() / "add-index.yaml").read_text("utf-8")
    (tmp_path / "mine.yaml").write_text(text, "utf-8")
    path = propose(tmp_path, text, by="claude")
    here = plans_here(tmp_path)
    assert list(here.found) == [str(tmp_path / "mine.yaml"), str(path)]
    assert [(each, proposal.by) for each, proposal in here.proposals.items()] == [(str(path), "claude")]
