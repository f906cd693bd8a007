"""Whatever files hold, a check ends with findings, and each report of them can be written."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.sql.test_any_input import mutated
from zdtui.checking.as_github import as_github
from zdtui.checking.as_json import as_json
from zdtui.checking.as_sarif import as_sarif
from zdtui.checking.as_text import as_lines
from zdtui.checking.check import check
from zdtui.checking.inputs import Given, Input
from zdtui.sql.script import statements_of_script
from zdtui.sql.text.secrets import mask_for, masked

COMMENTS = ("-- +goose Down\n", "-- migrate:up\n", "-- zdtui:silence column-rename: x\n", "-- zdtui:silence\n", "")
TEXTS = st.lists(st.tuples(st.sampled_from(COMMENTS), mutated() | st.text(), st.booleans()), min_size=1, max_size=6)


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_a_check_never_raises_and_every_report_of_it_can_be_written(pieces: list[tuple[str, str, bool]]) -> None:
    inputs = tuple(Input(f"{n}.sql", f"{comment}{sql};", is_down=down) for n, (comment, sql, down) in enumerate(pieces))
    checked = check(Given(inputs), with_squawk=False)
    assert json.loads(as_json(checked))["counts"]["statements"] == len(checked.findings)
    json.loads(as_sarif(checked))
    assert as_github(checked).replace("\n", "").isprintable()
    assert all(line.text.isprintable() for line in as_lines(checked))


@given(mutated() | st.text())
@settings(max_examples=100, deadline=None)
def test_every_statement_of_a_file_is_told(sql: str) -> None:
    checked = check(Given((Input("m.sql", sql),)), with_squawk=False)
    texts = [each.text for each in statements_of_script(sql)]
    mask = mask_for(texts)
    told = [mask(text) for text in texts] if mask is not masked else texts
    assert [each.statement.text for each in checked.findings] == told


@given(mutated() | st.text())
@settings(max_examples=30, deadline=None)
def test_squawk_takes_nothing_away_from_ours(sql: str) -> None:
    given_text = Given((Input("m.sql", sql),))
    alone, both = (check(given_text, with_squawk=asked) for asked in (False, True))
    ours = [[each.rule for each in finding.hazards] for finding in alone.findings]
    kept = [[each.rule for each in finding.hazards if each.source == "zdtui"] for finding in both.findings]
    assert kept == ours
