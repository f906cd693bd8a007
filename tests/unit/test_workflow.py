"""The workflow for hosted machines is one that GitHub reads, and asks for what the project says of itself.

It has not been run (its own first lines say so): these tests hold what can be held without those machines.
"""

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from zdtui.sql.transactions import NEWEST

CHECKOUT = Path(__file__).parents[2]
GITHUB = CHECKOUT / ".github"
WORKFLOW = GITHUB / "workflows/ci.yml"
FORMS = sorted(each for each in (GITHUB / "ISSUE_TEMPLATE").glob("*.yml") if each.name != "config.yml")
MAKEFILE = (CHECKOUT / "Makefile").read_text("utf-8")
SCHEMAS = [
    ("vendor.github-workflows", WORKFLOW),
    ("vendor.github-issue-config", GITHUB / "ISSUE_TEMPLATE/config.yml"),
    *(("vendor.github-issue-forms", form) for form in FORMS),
]


def complaints(schema: str, file: Path) -> str:
    """What GitHub's schema, as check-jsonschema carries it, has against the file; empty when nothing."""
    words = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(file)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr if done.returncode else ""


@pytest.fixture(scope="module")
def jobs() -> dict[str, Any]:
    loaded: dict[str, Any] = YAML(typ="safe").load(WORKFLOW)
    return dict(loaded["jobs"])


def commands(jobs: dict[str, Any]) -> list[str]:
    """Every line that a step runs."""
    steps = [step for job in jobs.values() for step in job["steps"]]
    return [line.strip() for step in steps for line in step.get("run", "").splitlines()]


def targets(jobs: dict[str, Any]) -> set[str]:
    """What `make` is asked for."""
    asked = [line.split()[1:] for line in commands(jobs) if line.startswith("make ")]
    return {word for words in asked for word in words if "=" not in word}


@pytest.mark.parametrize(("schema", "file"), SCHEMAS, ids=lambda each: getattr(each, "name", each))
def test_github_reads_it(schema: str, file: Path) -> None:
    assert complaints(schema, file) == ""


def test_a_misspelt_key_would_be_found(tmp_path: Path) -> None:
    wrong = tmp_path / "ci.yml"
    wrong.write_text(WORKFLOW.read_text("utf-8").replace("runs-on:", "run-on:"), "utf-8")
    assert "run-on" in complaints("vendor.github-workflows", wrong)
    form = tmp_path / "bug.yml"
    form.write_text(FORMS[0].read_text("utf-8").replace("type: textarea", "type: textfield"), "utf-8")
    assert "textfield" in complaints("vendor.github-issue-forms", form)


def test_every_python_that_is_promised_is_tried(jobs: dict[str, Any]) -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))["project"]
    promised = re.findall(r"Python :: (3\.\d+)$", "\n".join(project["classifiers"]), re.M)
    assert jobs["python"]["strategy"]["matrix"]["python"] == promised
    assert project["requires-python"] == f">={promised[0]}"


def test_every_postgresql_that_is_promised_is_tried(jobs: dict[str, Any]) -> None:
    (oldest,) = re.findall(r"PostgreSQL (\d+) and later\. The tests", (CHECKOUT / "README.md").read_text("utf-8"), re.M)
    tried = jobs["postgresql"]["strategy"]["matrix"]["postgresql"]
    assert tried == [str(each) for each in range(int(oldest), NEWEST + 1)]


def test_it_does_all_that_make_test_does(jobs: dict[str, Any]) -> None:
    (parts,) = re.findall(r"^test: ([a-z0-9 ]+) ##", MAKEFILE, re.M)
    assert set(parts.split()) <= targets(jobs)
    assert targets(jobs) <= set(re.findall(r"^([a-z0-9-]+):", MAKEFILE, re.M))


def test_it_installs_what_is_locked_and_nothing_else(jobs: dict[str, Any]) -> None:
    """Packages come by `make`, which takes the versions of constraints.txt; a Python package in another way is not locked."""
    assert [line for line in commands(jobs) if re.search(r"\b(pip|pipx|uv|conda|npm|curl|wget)\b", line)] == []


def test_it_may_read_and_keeps_no_token(jobs: dict[str, Any]) -> None:
    loaded: dict[str, Any] = YAML(typ="safe").load(WORKFLOW)
    assert loaded["permissions"] == {"contents": "read"}
    used = [step for job in jobs.values() for step in job["steps"] if "uses" in step]
    assert {step["uses"].split("/")[0] for step in used} == {"actions"}
    checkouts = [step for step in used if step["uses"].startswith("actions/checkout@")]
    assert len(checkouts) == len(jobs)
    assert all(step["with"] == {"persist-credentials": False} for step in checkouts)


def test_it_says_that_it_has_not_been_run() -> None:
    assert "This file has not been run" in WORKFLOW.read_text("utf-8").split("\nname:")[0]
