"""The other linter, really run: its findings on our statements, and what becomes of them."""

from pathlib import Path

import pytest

from zdtui.hazards import squawk as module
from zdtui.hazards.hazard import Finding, Hazard, Place, Severity
from zdtui.hazards.squawk import Said, Script, squawk
from zdtui.hazards.squawk_merge import merged
from zdtui.sql.effects import Effects
from zdtui.sql.operation import Operation
from zdtui.sql.split import split


def script(text: str) -> Script:
    return Script(text, tuple((each.offset, each.offset + len(each.text)) for each in split(text)))


def rules(text: str, version: int = 18) -> list[list[str]]:
    """For each statement what squawk says of it."""
    read = script(text)
    answer = squawk((read,), version)
    assert answer.note == ""
    return [[said.rule for said in answer.said if said.span == place] for place in range(len(read.spans))]


def test_each_thing_it_says_is_told_of_its_statement() -> None:
    said = rules("SELECT 1;\n\nCREATE INDEX i\n  ON t (a); ALTER TABLE t RENAME COLUMN a TO b;")
    assert said[0] == []
    assert "require-concurrent-index-creation" in said[1]
    assert "renaming-column" in said[2]
    assert "renaming-column" not in said[1]


def test_its_columns_are_bytes_and_ours_characters() -> None:
    said = rules('SELECT \'é日本𝒳\'; ALTER TABLE "日本𝒳" DROP COLUMN "é"; SELECT 2;')
    assert [("ban-drop-column" in each) for each in said] == [False, True, False]


def test_what_it_cannot_read_does_not_hide_the_rest() -> None:
    said = rules("ALTER TABLE t RENAME COLUMN a TO b;\nUPDATE t SET a = ;\nALTER TABLE t DROP COLUMN c;")
    assert "renaming-column" in said[0]
    assert said[1] == ["syntax-error"] * len(said[1])
    assert said[1]
    assert "ban-drop-column" in said[2]


def test_many_texts_are_told_apart() -> None:
    answer = squawk((script("SELECT 1"), script("ALTER TABLE t DROP COLUMN c"), script("SELECT 2")), 16)
    assert {said.script for said in answer.said} == {1}


def test_its_own_comment_silences_it() -> None:
    assert "ban-drop-column" not in rules("-- squawk-ignore ban-drop-column\nALTER TABLE t DROP COLUMN c;")[0]


def test_nothing_to_look_at_runs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "find_squawk", lambda: Path("/nowhere/squawk"))
    assert squawk((Script("-- only a comment", ()),), 18).note == ""


def test_its_absence_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "find_squawk", lambda: None)
    assert "is not installed" in squawk((script("SELECT 1"),), 18).note


@pytest.mark.parametrize(
    "program", ["#!/bin/sh\necho 'no such thing' >&2\nexit 2\n", '#!/bin/sh\necho \'{"not": "a list"}\'\n', "\0\0"]
)
def test_its_failure_is_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, program: str) -> None:
    broken = tmp_path / "squawk"
    broken.write_text(program)
    broken.chmod(0o755)
    monkeypatch.setattr(module, "find_squawk", lambda: broken)
    answer = squawk((script("SELECT 1"),), 18)
    assert answer.said == ()
    assert answer.note.startswith("squawk did not run: ")
    assert "\n" not in answer.note


def test_keys_of_a_later_version_do_not_matter(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    later = tmp_path / "squawk"
    later.write_text(
        '#!/bin/sh\necho \'[{"file": "0.sql", "line": 7, "rule_name": "new-rule", "x": {}}, 3, {"file": "9.sql"}]\'\n'
    )
    later.chmod(0o755)
    monkeypatch.setattr(module, "find_squawk", lambda: later)
    answer = squawk((script("SELECT 1"),), 18)
    assert answer.said == (Said(0, 0, "new-rule", ""),)


def finding(*hazards: Hazard, known: bool = True) -> Finding:
    return Finding(
        statement=split("ALTER TABLE t RENAME COLUMN a TO b")[0],
        place=Place("m.sql", 1, 1),
        operations=(Operation(kind="ALTER TABLE RENAME COLUMN"),),
        effects=Effects(known=known),
        hazards=hazards,
    )


RENAME = Hazard(rule="column-rename", severity=Severity.STOP, sentence="every query that says a fails at once")
SAME = {"column-rename": ("renaming-column",)}


def test_what_both_say_is_said_once() -> None:
    (found,) = merged((finding(RENAME),), {0: [Said(0, 0, "renaming-column", "x")]}, SAME, in_plan=False)
    assert [hazard.rule for hazard in found.hazards] == ["column-rename"]
    assert found.hazards[0].also == ("renaming-column",)


def test_what_only_squawk_says_keeps_its_name_and_never_stops() -> None:
    said = [Said(0, 0, "ban-drop-column", "Dropping\n a column.", "Do not."), Said(0, 0, "prefer-text-field", "y")]
    (found,) = merged((finding(),), {0: [*said, *said]}, SAME, in_plan=False)
    assert [(each.rule, each.severity, each.source) for each in found.hazards] == [
        ("ban-drop-column", Severity.WARN, "squawk"),
        ("prefer-text-field", Severity.NOTE, "squawk"),
    ]
    assert found.hazards[0].sentence == "Dropping a column."
    assert found.hazards[0].safer is not None


def test_where_our_rule_looked_and_found_nothing_squawks_is_a_note() -> None:
    said = {0: [Said(0, 0, "renaming-column", "x")]}
    assert merged((finding(),), said, SAME, in_plan=False)[0].hazards[0].severity is Severity.NOTE
    assert merged((finding(known=False),), said, SAME, in_plan=False)[0].hazards[0].severity is Severity.WARN


def test_what_the_runner_settles_is_left_out_of_plans_alone() -> None:
    said = {0: [Said(0, 0, "require-lock-timeout", "x")]}
    assert merged((finding(),), said, SAME, in_plan=True)[0].hazards == ()
    assert len(merged((finding(),), said, SAME, in_plan=False)[0].hazards) == 1


def test_a_statement_that_we_understand_is_no_syntax_error() -> None:
    said = {0: [Said(0, 0, "syntax-error", "x")]}
    assert merged((finding(),), said, SAME, in_plan=False)[0].hazards == ()
    assert len(merged((finding(known=False),), said, SAME, in_plan=False)[0].hazards) == 1
