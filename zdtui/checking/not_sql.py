"""What of a file of SQL the server's own grammar cannot read: a problem with line and column each. Pure."""

import re
from collections.abc import Iterable

from zdtui.checking.checked import Unread
from zdtui.hazards.hazard import Finding
from zdtui.plan.problems import Problems
from zdtui.sql.syntax import GRAMMAR_VERSION, not_understood

COPY = re.compile(r"^copy\b[^;\n]*\bfrom\s+stdin\b[^;\n]*;[^\n]*\n", re.IGNORECASE | re.MULTILINE)
END_OF_ROWS = re.compile(r"^\\\.[ \t]*\r?$", re.MULTILINE)
NOT_A_LINE_BREAK = re.compile(r"[^\n]+")


def without_rows(text: str) -> str:
    """The text with the rows of a dump, which psql sends and no grammar reads, blank; every place in it stays."""
    pieces, place = [], 0
    while (begins := COPY.search(text, place)) and (ends := END_OF_ROWS.search(text, begins.end())):
        rows = NOT_A_LINE_BREAK.sub(lambda found: " " * len(found[0]), text[begins.end() : ends.end()])
        pieces += [text[place : begins.end()], rows]
        place = ends.end()
    return "".join((*pieces, text[place:]))


def unreadable(path: str, text: str, findings: Iterable[Finding], version: int | None) -> Unread | None:
    """All of it at once; None where there is none, and for a server newer than the grammar. psql's own commands are no
    statements, and are left to psql."""
    if version is not None and version > GRAMMAR_VERSION:
        return None
    problems = Problems(path, text)
    for finding in findings:
        statement = finding.statement
        if problems.full or "\\" in statement.text or (found := not_understood(statement.text)) is None:
            continue
        line = statement.line + statement.text.count("\n", 0, found.offset)
        broken = statement.text.rfind("\n", 0, found.offset)
        column = found.offset - broken if broken >= 0 else finding.place.column + found.offset
        sentence = f"PostgreSQL {GRAMMAR_VERSION} cannot read this: {found.message}"
        problems.add(line, column, f"{sentence}; if it is for a newer server, say so by --postgres-version")
    return Unread.because(path, problems.error()) if problems.found else None
