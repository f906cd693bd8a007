"""The file of evidence: what is written is read, holds no secret, and one of a newer zdtui is refused in words."""

import json
from pathlib import Path

import jsonschema
import pytest

from tests.unit.evidence.made import evidence, seen
from tests.unit.run.plans import plan
from zdtui.evidence.file import (
    SCHEMA_FILE,
    EvidenceError,
    evidence_path,
    parsed,
    read,
    report_path,
    schema,
    write,
    written,
)
from zdtui.evidence.model import LAYOUT, Evidence, RollbackVerdict, Way
from zdtui.regular_file import NoSuchFileError


def test_it_lies_beside_the_plan() -> None:
    assert evidence_path("plans/add-index.yaml") == Path("plans/add-index.evidence.json")
    assert report_path("plans/add-index.yaml") == Path("plans/add-index.evidence.md")


def test_what_is_written_is_read(tmp_path: Path) -> None:
    made = evidence(plan())
    write(made, path := tmp_path / "p.evidence.json")
    assert read(path) == made


def test_the_schema_that_comes_with_it_is_that_of_the_model() -> None:
    """`zdtui.evidence.file.schema()` writes it anew: json.dumps(schema(), indent=2)."""
    assert json.loads(SCHEMA_FILE.read_text("utf-8")) == schema()
    jsonschema.validate(json.loads(written(evidence(plan()))), schema())


def test_no_secret_and_nothing_that_acts_is_in_the_file() -> None:
    step = plan().steps[0]
    told = "subscription s: CONNECTION 'host=db1 password=hunter2' \x1b[31m"
    made = evidence(plan(), [seen(step, rollback=RollbackVerdict.DIFFERS, differences=(told,))])
    text = written(made)
    assert "hunter2" not in text
    assert text.isascii()
    assert "\x1b" not in text


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '"x"', "[" * 100_000, '{"layout": true}', '{"layout": 1}'])
def test_what_is_no_evidence_is_said_so(text: str) -> None:
    with pytest.raises(EvidenceError, match=r"^p\.evidence\.json is not evidence of a rehearsal"):
        parsed(text, "p.evidence.json")


def test_one_of_a_newer_layout_is_refused_in_words_whatever_it_holds() -> None:
    with pytest.raises(EvidenceError, match=r"newer zdtui \(its layout is 9, this one reads up to 1\)"):
        parsed(json.dumps({"layout": 9, "what": "nobody knows"}), "p.evidence.json")
    assert Evidence.model_fields["layout"].default == LAYOUT


def test_none_is_told_apart_from_a_bad_one(tmp_path: Path) -> None:
    with pytest.raises(NoSuchFileError):
        read(tmp_path / "p.evidence.json")


def test_of_several_times_the_longest_counts() -> None:
    step = seen(plan().steps[0])
    longer = step.legs[0].model_copy(update={"seconds": 9.0})
    assert step.model_copy(update={"legs": (*step.legs[:2], longer)}).seconds() == 9.0
    assert step.model_copy(update={"legs": ()}).seconds(Way.BACK) is None
