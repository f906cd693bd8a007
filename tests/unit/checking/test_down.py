"""Which part of a file goes back, and what that makes of its hazards."""

import pytest

from zdtui.checking.check import check
from zdtui.checking.down import up_and_down
from zdtui.checking.inputs import Given, Input
from zdtui.hazards.hazard import Part, Severity

GOOSE = "-- +goose Up\nCREATE TABLE t (a int);\n-- +goose Down\nDROP TABLE t;\n"


@pytest.mark.parametrize("mark", ["-- +goose ", "-- +migrate ", "-- migrate:", "--migrate: "])
def test_a_section_divides_a_file_and_every_place_stays(mark: str) -> None:
    text = f"{mark}up\nSELECT 1;\n{mark}down\nSELECT 2;\n"
    up, down = up_and_down(text, all_down=False)
    assert len(up) == len(down) == len(text)
    assert up.split() == [*f"{mark}up".split(), "SELECT", "1;"]
    assert down.index("SELECT 2") == text.index("SELECT 2")
    assert "SELECT 1" not in down


def test_a_file_without_sections_is_all_one_way() -> None:
    assert up_and_down("SELECT\n1", all_down=False) == ("SELECT\n1", "      \n ")
    assert up_and_down("SELECT\n1", all_down=True) == ("      \n ", "SELECT\n1")


def test_what_goes_back_is_a_rollback_and_stops_nothing() -> None:
    text = "ALTER TABLE t RENAME COLUMN a TO b;\n-- migrate:down\nALTER TABLE t RENAME COLUMN b TO a;\n"
    checked = check(Given((Input("m.sql", text),)), with_squawk=False)
    up, down = checked.findings
    assert (up.place.part, down.place.part) == (Part.ACTION, Part.ROLLBACK)
    assert [each.severity for each in up.hazards if each.rule == "column-rename"] == [Severity.STOP]
    assert [each.severity for each in down.hazards if each.rule == "column-rename"] == [Severity.WARN]
    assert down.place.line == 3


def test_going_back_does_not_change_what_the_next_file_finds() -> None:
    """The table stays, for the next file: only an unknown or a new one could be treated otherwise."""
    after = Input("2.sql", "CREATE INDEX i ON t (a);")
    checked = check(Given((Input("1.sql", GOOSE), after)), with_squawk=False)
    assert [hazard.rule for hazard in checked.findings[-1].hazards] == ["create-index-blocks-writes"]


def test_in_its_own_file_a_new_table_is_nobodys() -> None:
    checked = check(Given((Input("1.sql", "CREATE TABLE t (a bigint); CREATE INDEX i ON t (a);"),)))
    assert {each.severity for each in checked.hazards} <= {Severity.NOTE}
