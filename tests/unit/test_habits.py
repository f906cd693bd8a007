"""What editors, commits and the lock file are held to."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.dependencies import CHECKOUT, locked, name_of

SUBJECT = CHECKOUT / ".ci/commit_subject.py"
SNAPSHOTS = CHECKOUT / "tests/console/snapshots"
KEPT = {".py", ".sql", ".yml", ".yaml", ".toml", ".sh"}
"""Files that people write here line by line."""


def hooks() -> list[dict[str, Any]]:
    """Every hook of pre-commit, with where it is from."""
    loaded = YAML(typ="safe").load(CHECKOUT / ".pre-commit-config.yaml")
    return [{**hook, "repo": repo["repo"]} for repo in loaded["repos"] for hook in repo["hooks"]]


def tracked() -> list[Path]:
    """What git holds, or would take."""
    words = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(words, cwd=CHECKOUT, capture_output=True, check=False).stdout
    paths = [CHECKOUT / each.decode() for each in listed.split(b"\0") if each]
    if not paths:
        pytest.skip("this is no checkout of git")
    return [path for path in paths if path.is_file()]


def judged(message: str, tmp_path: Path) -> tuple[int, str]:
    """The exit code and the sentence of the commit-msg hook."""
    file = tmp_path / "COMMIT_EDITMSG"
    file.write_text(message, "utf-8")
    done = subprocess.run([sys.executable, SUBJECT, file], capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


@pytest.mark.parametrize("hook", hooks(), ids=lambda hook: str(hook["id"]))
def test_a_hook_runs_what_make_installed_and_fetches_nothing(hook: dict[str, Any]) -> None:
    assert (hook["repo"], hook["language"]) == ("local", "system")
    program, *words = hook["entry"].split()
    folder, _, name = program.rpartition("/")
    assert folder == ".venv/bin"
    assert {"lint-imports": "import-linter"}.get(name, name) in {*locked(), "python"}
    assert [each for each in words if each.endswith(".py") and not (CHECKOUT / each).exists()] == []


def test_the_hooks_are_the_cheap_parts_of_make_test() -> None:
    makefile = (CHECKOUT / "Makefile").read_text("utf-8")
    told = {re.sub(r" --force-exclude| \.$", "", each["entry"].removeprefix(".venv/bin/")) for each in hooks()}
    cheap = set(re.findall(r"^\t\$\(BIN\)/((?:ruff|mypy|lint-imports)[^\n]*)", makefile, re.M))
    assert {re.sub(r" \.$", "", each) for each in cheap} == told - {"python .ci/commit_subject.py"}


@pytest.mark.parametrize(
    "message",
    [
        "A step that waits says for whom",
        "x" * 72,
        "A subject\n\nand why " + "long " * 40,
        "# a comment of git's\n\nA subject\n# On branch main\n",
        "A subject\n# ------------------------ >8 ------------------------\ndiff --git " + "a" * 80,
        "ä" * 72,
    ],
)
def test_a_message_that_may_stay(message: str, tmp_path: Path) -> None:
    assert judged(message, tmp_path) == (0, "")


def test_a_subject_that_is_cut_elsewhere_is_refused(tmp_path: Path) -> None:
    code, told = judged("x" * 72 + "yz", tmp_path)
    assert code == 1
    assert "74 characters" in told
    assert told.rstrip().endswith("|yz")


def test_a_body_that_begins_in_the_second_line_is_refused(tmp_path: Path) -> None:
    code, told = judged("A subject\nand more of it\n", tmp_path)
    assert code == 1
    assert "second line" in told


def test_contributing_says_how_the_hooks_are_installed() -> None:
    told = (CHECKOUT / "CONTRIBUTING.md").read_text("utf-8")
    assert "pre-commit install" in told
    assert "72 characters" in told


def test_files_are_as_the_editor_is_told_to_keep_them() -> None:
    wrong = []
    for path in tracked():
        if path.suffix not in KEPT and path.name != "Makefile":
            continue
        text = path.read_bytes().decode("utf-8")
        if "\r" in text or (text and not text.endswith("\n")) or re.search(r"[ \t]+$", text, re.M):
            wrong.append(path.relative_to(CHECKOUT).as_posix())
    assert wrong == []


def test_what_an_editor_must_not_trim_is_named() -> None:
    """A drawn screen ends its lines with spaces."""
    rules = (CHECKOUT / ".editorconfig").read_text("utf-8")
    section = rules.split(f"[{SNAPSHOTS.relative_to(CHECKOUT).as_posix()}/**]")[1]
    assert section.strip() == "trim_trailing_whitespace = false"


def test_what_builds_the_wheel_is_the_only_thing_that_is_not_locked() -> None:
    """Everything else that pyproject.toml names is in constraints.txt, in each of its groups that CI installs."""
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))
    asked = [
        *project["project"]["dependencies"],
        *(each for extra in project["project"]["optional-dependencies"].values() for each in extra),
        *project["dependency-groups"]["dev"],
    ]
    names = {name_of(re.split(r"[^A-Za-z0-9._-]", each)[0]) for each in asked}
    assert names <= set(locked())
