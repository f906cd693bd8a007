"""What a check found, in each of the forms it is told in."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

import zdtui.checking
from zdtui.checking.as_github import as_github
from zdtui.checking.as_json import as_json
from zdtui.checking.as_sarif import as_sarif
from zdtui.checking.as_text import as_lines
from zdtui.checking.checked import Checked, Unread
from zdtui.checking.without_secrets import whole_json
from zdtui.errors import Problem
from zdtui.hazards.hazard import Finding, Hazard, Place, PlannedStep, Safer, Severity
from zdtui.plan.model import StepId
from zdtui.sql.effects import Effects, Lock
from zdtui.sql.lock_modes import LockMode
from zdtui.sql.operation import Operation
from zdtui.sql.split import split
from zdtui.sql.text.name import Name

DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.text(st.characters(max_codepoint=127)),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(max_codepoint=127)), inner),
)
SCHEMA = json.loads((Path(zdtui.checking.__file__).parent / "check.schema.json").read_text("utf-8"))
STEP = PlannedStep(id="add-new", title="Add the new column", phase="expand", yaml="sql: ALTER TABLE orders ADD b text")
RENAME = Hazard(
    rule="column-rename",
    severity=Severity.STOP,
    sentence="every query that says customer fails from the moment this commits until the application is deployed",
    safer=Safer(
        sentence="add the new column and write both", sql="ALTER TABLE orders ADD COLUMN b text;", steps=(STEP,)
    ),
    also=("renaming-column",),
)
THEIRS = Hazard(rule="prefer-text-field", severity=Severity.NOTE, sentence="Use text.", source="squawk")
SILENT = Hazard(rule="strong-lock", severity=Severity.WARN, sentence="It waits.", silenced="at night, 100 % idle")


def finding(
    *hazards: Hazard, text: str = "ALTER TABLE orders\n  RENAME COLUMN customer TO b", path: str = "m.sql"
) -> Finding:
    return Finding(
        statement=split(text)[0],
        place=Place(path, 3, 5, StepId("rename")),
        operations=(Operation(kind="ALTER TABLE RENAME COLUMN"),),
        effects=Effects(locks=(Lock(Name("shop", "Orders"), LockMode.ACCESS_EXCLUSIVE),)),
        hazards=hazards,
    )


CHECKED = Checked(
    version=16,
    findings=(finding(), finding(RENAME, THEIRS), finding(SILENT)),
    notes=("squawk did not run: it is not there",),
    paths=("m.sql",),
)
HOSTILE = "a\x1b]0;title\x07\x9b31mb\u202ec\r\nd::error::%,:"


def hostile() -> Checked:
    """A check of a text whose author means harm to a terminal."""
    hazard = replace(
        RENAME, sentence=HOSTILE, silenced=None, safer=Safer(sentence=HOSTILE, sql=HOSTILE), weight=HOSTILE
    )
    found = finding(hazard, replace(hazard, silenced=HOSTILE), text=f"SELECT '{HOSTILE}'", path=HOSTILE)
    return Checked(version=18, findings=(found,), unread=(Unread(HOSTILE, HOSTILE),), notes=(HOSTILE,))


@pytest.mark.parametrize("checked", [CHECKED, hostile(), Checked(version=18)], ids=["usual", "hostile", "empty"])
def test_the_json_is_what_its_schema_says(checked: Checked) -> None:
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(as_json(checked)))


def test_the_schema_describes_every_key_that_is_written() -> None:
    document = json.loads(as_json(CHECKED))
    assert set(document) == set(SCHEMA["properties"])
    statement = document["statements"][1]
    assert set(statement) == set(SCHEMA["$defs"]["statement"]["properties"])
    assert set(statement["position"]) == set(SCHEMA["$defs"]["statement"]["properties"]["position"]["properties"])
    assert set(statement["hazards"][0]) == set(SCHEMA["$defs"]["hazard"]["properties"])


def test_the_json_tells_locks_places_and_hazards() -> None:
    statement = json.loads(as_json(CHECKED))["statements"][1]
    assert statement["text"] == "ALTER TABLE orders\n  RENAME COLUMN customer TO b"
    assert statement["locks"] == [{"relation": 'shop."Orders"', "mode": "ACCESS EXCLUSIVE"}]
    assert statement["position"]["line"] == 3
    assert statement["position"]["step"] == "rename"
    assert statement["hazards"][0]["safer"]["sql"] == "ALTER TABLE orders ADD COLUMN b text;"
    assert json.loads(as_json(CHECKED))["counts"] == {
        "statements": 3, "unknown": 0, "stop": 1, "warn": 0, "note": 1, "silenced": 1,
    }  # fmt: skip


def test_the_exit_code_is_for_stops_that_nobody_silenced_and_for_what_cannot_be_read() -> None:
    assert CHECKED.exit_code == 1
    assert replace(CHECKED, findings=(finding(THEIRS, replace(RENAME, silenced="because")),)).exit_code == 0
    assert replace(CHECKED, unread=(Unread("m.sql", "m.sql is no text"),)).exit_code == 2


def sarif(checked: Checked) -> Any:
    return json.loads(as_sarif(checked))["runs"][0]


def test_sarif_has_a_result_for_each_hazard_and_each_knows_its_rule() -> None:
    run = sarif(CHECKED)
    assert [result["ruleId"] for result in run["results"]] == [
        "column-rename",
        "squawk/prefer-text-field",
        "strong-lock",
    ]
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        region = result["locations"][0]["physicalLocation"]["region"]
        assert (region["startLine"], region["startColumn"]) == (3, 5)
    assert [result["level"] for result in run["results"]] == ["error", "note", "warning"]
    assert run["results"][2]["suppressions"] == [{"kind": "inSource", "justification": "at night, 100 % idle"}]
    assert "suppressions" not in run["results"][0]


def test_sarif_says_what_could_not_be_read() -> None:
    run = sarif(
        replace(CHECKED, unread=(Unread("a b.sql", "a b.sql:2:1: is no text", (Problem(2, 1, "is no text"),)),))
    )
    invocation = run["invocations"][0]
    assert invocation["executionSuccessful"] is False
    location = invocation["toolConfigurationNotifications"][0]["locations"][0]["physicalLocation"]
    assert location == {"artifactLocation": {"uri": "a%20b.sql"}, "region": {"startLine": 2, "startColumn": 1}}


def test_a_result_keeps_its_fingerprint_when_the_statement_moves() -> None:
    moved = replace(finding(RENAME), place=Place("m.sql", 99, 1))
    one, other = (sarif(Checked(version=18, findings=(each,)))["results"][0] for each in (finding(RENAME), moved))
    assert one["partialFingerprints"] == other["partialFingerprints"]


def test_github_gets_an_annotation_for_each_hazard_that_is_not_silenced() -> None:
    lines = as_github(CHECKED).splitlines()
    assert lines[0].startswith("::error file=m.sql,line=3,endLine=4,col=5,title=zdtui column-rename::every query")
    assert lines[0].endswith("%0AALTER TABLE orders ADD COLUMN b text;")
    assert lines[1] == "::notice file=m.sql,line=3,endLine=4,col=5,title=squawk prefer-text-field::Use text."
    assert lines[-1] == "zdtui: 3 statements, 1 stop, 1 note, 1 silenced"


def test_text_has_a_head_for_each_statement_with_hazards_and_fits_eighty_columns() -> None:
    lines = [line.text for line in as_lines(CHECKED)]
    assert lines[0] == "m.sql:3:5: rename action: ALTER TABLE orders RENAME COLUMN customer TO b"
    assert lines[1] == '  ACCESS EXCLUSIVE on shop."Orders" · stop column-rename and 1 more'
    assert any(line.startswith("  stop column-rename: every query") for line in lines)
    assert "      ALTER TABLE orders ADD COLUMN b text;" in lines
    assert "  note prefer-text-field (squawk): Use text." in lines
    assert "    because: at night, 100 % idle" in lines
    assert lines[-1] == "3 statements: 1 stop, 1 note, 1 silenced"
    assert max(map(len, lines)) <= 80


def test_only_the_first_line_of_a_hazard_has_its_colour() -> None:
    coloured = [(line.text.split()[0], line.severity) for line in as_lines(CHECKED) if line.severity]
    assert coloured == [("stop", Severity.STOP), ("note", Severity.NOTE)]


def test_nothing_that_a_terminal_acts_on_comes_through() -> None:
    written = {
        "text": "".join(line.text for line in as_lines(hostile())),
        "github": as_github(hostile()).replace("\n", ""),
        "json": as_json(hostile()).replace("\n", ""),
        "sarif": as_sarif(hostile()).replace("\n", ""),
    }
    assert {name for name, text in written.items() if not text.isprintable()} == set()


def test_no_line_of_the_input_becomes_a_command_for_github() -> None:
    assert [line for line in as_github(hostile()).splitlines() if line.startswith(("d", " d"))] == []


@given(st.dictionaries(st.text(st.characters(max_codepoint=127)), DOCUMENTS))
def test_json_is_what_the_standard_library_makes(document: dict[str, object]) -> None:
    """Whichever of the two writers has it: the one for ASCII, or the one that escapes."""
    assert whole_json(document) == json.dumps(document, indent=2).replace("\x7f", "\\u007f")


def test_half_a_character_is_written_too() -> None:
    assert whole_json({"text": "\udcff"}) == json.dumps({"text": "\udcff"}, indent=2)
