"""A proposal is two new files: nothing is written over, nothing stays half, and a later change of it is seen."""

import json
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from zdtui.errors import PlanError
from zdtui.plan.load import load_plan
from zdtui.plan.shipped import plans_folder
from zdtui.proposals import propose as writing
from zdtui.proposals.found import NO_NOTE, proposals_in, read
from zdtui.proposals.proposal import Proposal
from zdtui.proposals.propose import LARGEST, ProposalError, propose

TEXT = (plans_folder() / "add-index.yaml").read_text("utf-8")


def known(path: Path) -> Proposal:
    """What is known of who proposed the plan there."""
    found = read(path)
    assert found is not None
    return found


def titled(title: str) -> str:
    return json.dumps(
        {
            "zdtui": 1,
            "name": "a-plan",
            "title": title,
            "steps": [
                {
                    "id": "one",
                    "title": "One",
                    "phase": "expand",
                    "sql": "SELECT 1",
                    "rollback": {"none": "it only reads"},
                }
            ],
        }
    )


def test_what_was_proposed_is_there_letter_for_letter_with_who_and_when(tmp_path: Path) -> None:
    before = datetime.now(UTC)
    path = propose(tmp_path, TEXT, by="claude", on_behalf_of="ana")
    assert path.parent == tmp_path / "proposals"
    assert path.read_text("utf-8") == TEXT
    found = known(path)
    assert (found.by, found.on_behalf_of, found.doubt) == ("claude", "ana", "")
    assert found.who == "claude on behalf of ana"
    assert found.at is not None
    assert before <= found.at <= datetime.now(UTC)
    assert not found.is_changed(load_plan(path).digest)
    assert [(each.path, each.proposal) for each in proposals_in(tmp_path)] == [(path, found)]


def test_a_text_that_was_changed_afterwards_is_told_from_the_one_that_was_proposed(tmp_path: Path) -> None:
    path = propose(tmp_path, TEXT, by="claude")
    path.write_text(TEXT + "# one more line\n", "utf-8")
    found = known(path)
    assert found.is_changed(load_plan(path).digest)


def test_nothing_is_written_over_however_many_propose_at_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        paths = list(pool.map(lambda number: propose(tmp_path, titled("Same"), by=f"agent {number}"), range(24)))
    assert len(set(paths)) == 24
    assert [known(path).by for path in paths] == [f"agent {number}" for number in range(24)]
    assert len(os.listdir(tmp_path / "proposals")) == 48


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Price in cents", "price-in-cents"),
        ("../../../etc/passwd", "etc-passwd"),
        ("naïve — ÜBER\\x1b[2J", "naive-uber-x1b-2j"),
        ("中文", "plan"),
        ("-" * 50 + "x" * 200, "x" * 60),
    ],
)
def test_the_name_is_made_safe_of_the_title(tmp_path: Path, title: str, name: str) -> None:
    path = propose(tmp_path, titled(title), by="claude")
    assert path == tmp_path / "proposals" / f"{name}.yaml"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("zdtui: 1\nname: x\n", "title"),
        ("no plan at all", "the proposal:1"),
        (titled("x").replace("SELECT 1", "SELECT '\ud800'"), "half a character"),
        (TEXT + "#" * LARGEST, "at most 256 KB"),
        (TEXT + "\0", "NUL"),
        (titled("x").replace('"sql": "SELECT 1"', '"sql_file": "/etc/passwd"'), "folder"),
        (titled("x").replace('"sql": "SELECT 1"', '"sql_file": "one.sql"'), "one.sql"),
    ],
)
def test_what_is_no_plan_is_refused_in_words_and_leaves_nothing(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises((ProposalError, PlanError), match=why):
        propose(tmp_path, text, by="claude")
    assert list(tmp_path.rglob("*")) == []


def test_a_file_that_is_there_is_none_of_the_proposal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read from a file beside it, what was read by a person could be another text tomorrow."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "one.sql").write_text("SELECT 1", "utf-8")
    with pytest.raises(ProposalError, match="`sql_file`"):
        propose(tmp_path, titled("x").replace('"sql": "SELECT 1"', '"sql_file": "one.sql"'), by="claude")


def test_who_proposes_is_named_on_one_line_that_draws_nothing_else(tmp_path: Path) -> None:
    path = propose(tmp_path, TEXT, by=" evil\x1b[2J\nname\u202e " + "x" * 500, on_behalf_of="\u200b")
    found = known(path)
    assert found.by.startswith("evil name xxx")
    assert len(found.by) == 100
    assert found.on_behalf_of == ""
    with pytest.raises(ProposalError, match="say who proposes"):
        propose(tmp_path, TEXT, by="\u200b ")


def test_a_folder_that_is_a_link_elsewhere_is_not_written_to(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / "proposals").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ProposalError, match="leads out of the folder"):
        propose(tmp_path / "root", TEXT, by="claude")
    assert os.listdir(tmp_path / "elsewhere") == []


def test_a_link_in_the_place_of_a_proposal_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "proposals").mkdir()
    for taken in ("same.yaml", "same-2.proposal.json"):
        (tmp_path / "proposals" / taken).symlink_to(tmp_path / "nowhere")
    assert propose(tmp_path, titled("Same"), by="claude").name == "same-3.yaml"
    assert not (tmp_path / "nowhere").exists()


def test_more_than_anybody_reads_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "MOST", 2)
    for _ in range(2):
        propose(tmp_path, TEXT, by="claude")
    with pytest.raises(ProposalError, match="2 proposals wait in proposals/ already"):
        propose(tmp_path, TEXT, by="claude")


def test_where_the_folder_cannot_be_made_a_sentence_says_so(tmp_path: Path) -> None:
    (tmp_path / "proposals").write_text("a file", "utf-8")
    with pytest.raises(ProposalError, match="proposals/ cannot be used"):
        propose(tmp_path, TEXT, by="claude")


def test_a_plan_in_the_folder_without_a_good_note_is_of_unknown_origin_and_still_a_proposal(tmp_path: Path) -> None:
    path = propose(tmp_path, TEXT, by="claude")
    note = path.with_suffix(".proposal.json")
    for text in ("", "{}", '{"by": 5}', "x" * 20_000, note.read_text("utf-8")[:-4]):
        note.write_text(text, "utf-8")
        found = known(path)
        assert (found.by, found.who) == ("", "somebody unknown")
        assert found.doubt
    note.unlink()
    found = known(path)
    assert found.doubt == NO_NOTE


def test_a_plan_elsewhere_is_none_unless_its_note_came_along_or_it_is_a_link(tmp_path: Path) -> None:
    path = propose(tmp_path, TEXT, by="claude")
    (tmp_path / "mine.yaml").write_text(TEXT, "utf-8")
    assert read(tmp_path / "mine.yaml") is None
    (tmp_path / "link.yaml").symlink_to(path)
    assert read(tmp_path / "link.yaml") == read(path)
    (tmp_path / "mine.proposal.json").write_bytes(path.with_suffix(".proposal.json").read_bytes())
    assert read(tmp_path / "mine.yaml") == read(path)
    assert read("") is None
    assert proposals_in(tmp_path / "nowhere") == ()
