"""What of a file of SQL the server's own grammar cannot read: mistakes, and places that a tool fills in first. Pure."""

from collections.abc import Iterable
from typing import NamedTuple

from zdtui.checking.checked import Unread
from zdtui.counted import counted
from zdtui.drawable import drawable
from zdtui.hazards.hazard import Finding
from zdtui.plan.problems import Problems
from zdtui.sql.newer import kinds_newer_than
from zdtui.sql.syntax import GRAMMAR_VERSION, NotUnderstood, not_understood
from zdtui.sql.text.placeholders import Placeholder, placeholder_before


class NotRead(NamedTuple):
    """What could not be read of one file."""

    mistakes: Unread | None = None
    note: str = ""
    """Of what could not be read because a tool fills it in first."""


def not_read(path: str, text: str, findings: Iterable[Finding], version: int | None) -> NotRead:
    """All of it at once. A server newer than the grammar may know better: for one, nothing is a mistake."""
    problems = Problems(path, text)
    templates: list[tuple[Finding, Placeholder]] = []
    newer = version is not None and version > GRAMMAR_VERSION
    for finding in findings:
        statement = finding.statement
        if problems.full or statement.is_understood or _is_of_psql(finding):
            continue
        if (found := not_understood(statement.text)) is None:
            continue
        if (filled := placeholder_before(statement.text, found.offset)) is not None:
            templates.append((finding, filled))
        elif not newer:
            line = statement.line + statement.text.count("\n", 0, found.offset)
            broken = statement.text.rfind("\n", 0, found.offset)
            column = found.offset - broken if broken >= 0 else finding.place.column + found.offset
            problems.add(line, column, _sentence(finding, found))
    mistakes = Unread.because(path, problems.error()) if problems.found else None
    return NotRead(mistakes, _note(path, templates))


def _is_of_psql(finding: Finding) -> bool:
    """A command of its own: it is no SQL, and is told as a statement that nobody knows."""
    return finding.statement.text.startswith("\\")


def _sentence(finding: Finding, found: NotUnderstood) -> str:
    if (newer := kinds_newer_than(finding.operations, GRAMMAR_VERSION)) is not None:
        since, what = newer
        return f"{what} came with PostgreSQL {since}; if the server is that new, say --postgres-version {since}"
    return (
        f"PostgreSQL {GRAMMAR_VERSION} cannot read this: {found.message}; if the server is newer, say "
        f"--postgres-version {GRAMMAR_VERSION + 1}"
    )


def _note(path: str, templates: list[tuple[Finding, Placeholder]]) -> str:
    """One sentence for the file: where the first is, and how many there are."""
    if not templates:
        return ""
    finding, filled = templates[0]
    line = finding.statement.line + finding.statement.text.count("\n", 0, filled.offset)
    many = counted(len(templates), "statement")
    return (
        f"{drawable(path)}:{line}: a tool fills in `{drawable(filled.text)}` before this is SQL, so PostgreSQL's "
        f"grammar cannot read {many} of the file. What they do is unknown, or told by their words alone; check the "
        "file as the tool sends it"
    )
