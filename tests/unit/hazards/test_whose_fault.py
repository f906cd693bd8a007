"""In an ALTER TABLE of several actions each rule looks at what its own action does."""

import pytest

from zdtui.hazards.find import findings_of_sql


def stops(action: str) -> list[str]:
    *_, last = findings_of_sql(f"ALTER TABLE t {action}", "-")
    return [f"{hazard.rule}: {hazard.sentence}" for hazard in last.hazards if hazard.severity == "stop"]


@pytest.mark.parametrize(
    ("action", "rules"),
    [
        ("ADD COLUMN c boolean NOT NULL DEFAULT false, ALTER COLUMN a SET NOT NULL", ["set-not-null"]),
        ("ADD COLUMN c uuid DEFAULT gen_random_uuid(), ADD COLUMN d timestamptz DEFAULT now()", ["new-column-rewrite"]),
        ("ADD COLUMN c int, ADD CONSTRAINT f FOREIGN KEY (c) REFERENCES u (id)", ["constraint-not-valid"]),
        ("ALTER COLUMN a SET NOT NULL, ALTER COLUMN b SET DEFAULT ''", ["set-not-null"]),
        ("ADD COLUMN c int REFERENCES u (id)", []),
        ("ADD COLUMN c timestamptz NOT NULL DEFAULT now()", []),
    ],
)
def test_a_neighbours_work_is_not_its_fault(action: str, rules: list[str]) -> None:
    assert [each.split(":")[0] for each in stops(action)] == rules


def test_the_sentence_names_the_column_that_is_to_blame() -> None:
    (only,) = stops("ADD COLUMN c uuid DEFAULT gen_random_uuid(), ADD COLUMN d timestamptz DEFAULT now()")
    assert "gen_random_uuid()" in only
