"""Each kind of hazard that the linters of this trade know, by a statement of our own: what we say of it, without squawk."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from zdtui.hazards.example import schema_of
from zdtui.hazards.find import findings_of_sql

HERE = Path(__file__).parent
SCHEMA = (HERE / "known_kinds_schema.sql").read_text()
HEAD = re.compile(r"-- (?P<name>.*?)(?: \[(?P<version>\d+)\])?: (?P<say>\S+)")
SILENCE = -1
NO_LIMIT = "no lock timeout"
"""The kind that is told of every file without a limit, safe forms too, and so looked at in its own row alone."""
LEAST_AND_MOST = {
    "none": (SILENCE, SILENCE),
    "none/note": (SILENCE, 0),
    "note/none": (SILENCE, 0),
    "note": (0, 0),
    "note+": (0, 2),
    "note/warn": (0, 1),
    "warn/note": (0, 1),
    "warn/none": (SILENCE, 1),
    "warn": (1, 1),
    "warn+": (1, 2),
    "warn/stop": (1, 2),
    "stop/warn": (1, 2),
    "stop": (2, 2),
}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of hazard, or a safe form beside one."""

    name: str
    version: int
    say: str
    given: str
    sql: str


def _kinds() -> list[Kind]:
    """The kinds of known_kinds.sql: a line of head, lines of further schema after --+, and the statements."""
    found = []
    for piece in re.split(r"^(?=-- )", (HERE / "known_kinds.sql").read_text(), flags=re.MULTILINE)[1:]:
        first, *lines = piece.splitlines()
        head = HEAD.fullmatch(first)
        assert head is not None, first
        given = " ".join(line[4:] for line in lines if line.startswith("--+ "))
        sql = "\n".join(line for line in lines if not line.startswith("--+ "))
        found.append(Kind(head["name"], int(head["version"] or 18), head["say"], given, sql))
    return found


KINDS = _kinds()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.name}-{kind.version}")
def test_a_kind_of_hazard_that_others_know_is_ours_and_a_safe_form_is_let_be(kind: Kind) -> None:
    findings = findings_of_sql(kind.sql, "kind.sql", version=kind.version, schema=schema_of(f"{SCHEMA};{kind.given}"))
    told_of_every_file = "" if kind.name == NO_LIMIT else "no-lock-timeout"
    found = [hazard for finding in findings for hazard in finding.hazards if hazard.rule != told_of_every_file]
    said = max((hazard.severity.rank for hazard in found), default=SILENCE)
    least, most = LEAST_AND_MOST[kind.say]
    told = "\n".join(f"{hazard.severity} {hazard.rule}: {hazard.sentence}" for hazard in found) or "nothing"
    assert least <= said <= most, f"{kind.say} is right of\n{kind.sql}\nwhat we say is:\n{told}"
