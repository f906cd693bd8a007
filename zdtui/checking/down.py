"""Down migrations: what only runs when somebody decides to go back is told, and stops nothing. Pure."""

import re
from dataclasses import replace

from zdtui.hazards.hazard import Finding, Hazard, Part, Severity

SECTION = re.compile(
    r"^[ \t]*--[ \t]*(?:\+goose[ \t]+|\+migrate[ \t]+|migrate:[ \t]*)(?P<way>up|down)\b[^\n]*",
    re.IGNORECASE | re.MULTILINE,
)
"""The comments that divide one file: `-- +goose Down`, `-- +migrate Down` (sql-migrate), `-- migrate:down` (dbmate)."""
NOT_A_LINE_BREAK = re.compile(r"[^\n]+")


def up_and_down(text: str, *, all_down: bool) -> tuple[str, str]:
    """The text twice: with its down part blank, and with its up part blank; every place in it stays.

    A line like a section's comment within a string counts: a tool that divides by lines cuts there too.
    """
    cuts = [(found.start(), found["way"].lower() == "down") for found in SECTION.finditer(text)]
    ups, downs = [], []
    for (start, is_down), (end, _) in zip([(0, all_down), *cuts], [*cuts, (len(text), False)], strict=True):
        piece = text[start:end]
        ups.append(_blank(piece) if is_down else piece)
        downs.append(piece if is_down else _blank(piece))
    return "".join(ups), "".join(downs)


def _blank(text: str) -> str:
    return NOT_A_LINE_BREAK.sub(lambda found: " " * len(found[0]), text)


def as_down(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings of a down part: as a rollback, in which a stop is a warning."""
    return tuple(_as_down(each) for each in findings)


def _as_down(finding: Finding) -> Finding:
    place = replace(finding.place, part=Part.ROLLBACK)
    return replace(finding, place=place, hazards=tuple(_not_a_stop(each) for each in finding.hazards))


def _not_a_stop(hazard: Hazard) -> Hazard:
    return replace(hazard, severity=Severity.WARN) if hazard.severity is Severity.STOP else hazard
