"""What a check says of the rehearsals of the plans it reads."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner

import zdtui.checking
from tests.unit.evidence.made import evidence, seen
from zdtui.cli import cli
from zdtui.evidence.file import evidence_path, write
from zdtui.plan.load import load_plan

SCHEMA = json.loads((Path(zdtui.checking.__file__).parent / "check.schema.json").read_text("utf-8"))
PLAN = """zdtui: 1
name: tour
title: Tour
require_rehearsal: 7d
steps:
  - id: add
    title: Add it
    phase: expand
    sql: ALTER TABLE public.users ADD COLUMN IF NOT EXISTS x text
    rollback: ALTER TABLE public.users DROP COLUMN IF EXISTS x
  - id: deploy
    title: Deploy
    phase: expand
    manual: Deploy it.
    rollback: {none: deploys are code}
  - id: fill
    title: Fill it
    phase: expand
    sql: ANALYZE public.users
    rollback: {none: figures only}
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "tour.yaml"
    path.write_text(PLAN)
    return path


def rehearsed(path: Path, *names: str) -> None:
    plan = load_plan(path)
    at = datetime.now(UTC) - timedelta(days=2, hours=1)
    write(evidence(plan, [seen(plan.step(name)) for name in names], rehearsed_at=at), evidence_path(path))


def checked(*words: object) -> str:
    done = CliRunner().invoke(cli, ["check", "--no-squawk", *map(str, words)])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_it_stands_below_the_step_in_the_text(path: Path) -> None:
    rehearsed(path, "add")
    lines = [line.strip() for line in checked(path).splitlines()]
    told = "rehearsed 2 days ago on staging: 3.1 s, ACCESS EXCLUSIVE on users 14 ms, worst stall 20 ms, rollback exact"
    assert lines.count(told) == 1
    undo = [place for place, line in enumerate(lines) if line.startswith("undo:")]
    assert undo[0] < lines.index(told) < undo[1]
    assert lines.count("not rehearsed") == 1, "of fill; a step done by hand has nothing to rehearse"
    assert "rehearsal: of the last 7d, or a reason" in lines


def test_it_is_a_part_of_the_json(path: Path) -> None:
    rehearsed(path, "add")
    document = json.loads(checked("--format", "json", path))
    jsonschema.validate(document, SCHEMA)
    add, fill = document["rehearsals"]
    assert (add["step"], add["proof"], add["milliseconds"], add["lacks"]) == ("add", "proven", 3100, "")
    assert add["target"] == "staging"
    assert (fill["step"], fill["proof"], fill["milliseconds"]) == ("fill", "not rehearsed", None)
    assert fill["lacks"] == "it was not rehearsed"


def test_another_text_is_said_so_and_its_times_are_not_told(path: Path) -> None:
    rehearsed(path, "add")
    path.write_text(PLAN.replace("ADD COLUMN IF NOT EXISTS x text", "ADD COLUMN IF NOT EXISTS x int"))
    (add, _) = json.loads(checked("--format", "json", path))["rehearsals"]
    assert (add["proof"], add["milliseconds"]) == ("other text", None)
    assert "another text" in add["sentences"][0]


def test_a_plan_without_evidence_that_asks_for_none_is_told_as_ever(path: Path) -> None:
    path.write_text(PLAN.replace("require_rehearsal: 7d\n", ""))
    assert "rehears" not in checked(path)
    assert json.loads(checked("--format", "json", path))["rehearsals"] == []


def test_evidence_that_is_none_is_said_and_is_no_error(path: Path) -> None:
    evidence_path(path).write_text("{}")
    assert "tour.evidence.json is not evidence of a rehearsal" in checked(path)
