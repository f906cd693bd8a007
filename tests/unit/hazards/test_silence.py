"""Silencing by a comment before the statement."""

from zdtui.hazards.hazard import Finding, Hazard, Place, Severity
from zdtui.hazards.silence import Silence, silenced, silences
from zdtui.sql.effects import Effects
from zdtui.sql.operation import Operation
from zdtui.sql.split import split

SAME = {"column-rename": ("renaming-column",)}
RENAME = Hazard(rule="column-rename", severity=Severity.STOP, sentence="every query that says a fails at once")


def reasons(text: str) -> tuple[list[str | None], tuple[str, ...]]:
    """For each statement of the text why its hazard is silenced, and the notes."""
    findings = tuple(
        Finding(
            statement=each,
            place=Place("m.sql", each.line, 1),
            operations=(Operation(kind="ALTER TABLE RENAME COLUMN"),),
            effects=Effects(),
            hazards=(RENAME,),
        )
        for each in split(text)
    )
    done, notes = silenced(text, findings, SAME)
    return [finding.hazards[0].silenced for finding in done], notes


def test_a_comment_with_a_reason_silences_the_next_statement_alone() -> None:
    assert reasons("-- zdtui:silence column-rename: nobody reads it\nSELECT 1; SELECT 2") == (
        ["nobody reads it", None],
        (),
    )


def test_without_a_reason_nothing_is_silenced_and_that_is_said() -> None:
    for comment in ("-- zdtui:silence column-rename", "-- zdtui:silence column-rename: "):
        found, notes = reasons(f"{comment}\nSELECT 1")
        assert found == [None]
        assert len(notes) == 1
        assert "say why" in notes[0]


def test_another_rule_is_not_silenced() -> None:
    assert reasons("-- zdtui:silence column-drop: gone for weeks\nSELECT 1")[0] == [None]


def test_squawks_own_comment_counts_for_ours_that_says_the_same() -> None:
    assert reasons("-- squawk-ignore ban-drop-column, renaming-column\nSELECT 1")[0] == [
        "squawk-ignore renaming-column"
    ]
    assert reasons("-- squawk-ignore ban-drop-column\nSELECT 1")[0] == [None]


def test_a_string_and_the_end_of_a_line_are_no_such_comment() -> None:
    assert reasons("SELECT '\n-- zdtui:silence column-rename: x\n'; SELECT 2")[0] == [None, None]
    assert reasons("SELECT 1; -- zdtui:silence column-rename: x\nSELECT 2")[0] == [None, None]


def test_what_is_no_rule_is_told() -> None:
    assert silences("-- zdtui:silence every thing!") == (Silence("every thing!", ""),)
