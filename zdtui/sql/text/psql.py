r"""What only psql knows in a script: its own commands (`\set`, `\i`, `\gset`) and the rows after a COPY. Pure."""

import re
from typing import NamedTuple

from zdtui.sql.text.tokens import TokenKind, tokens

TO_SEMICOLON = r'(?:[^;\n"]|"[^"\n]*+")'
ROWS_FOLLOW = re.compile(
    rf"^(?:copy\b{TO_SEMICOLON}*?\bfrom\s+stdin\b{TO_SEMICOLON}*+;|\\copy\b[^\n]*\bfrom\s+stdin\b)[^\n]*\n",
    re.IGNORECASE | re.MULTILINE,
)
END_OF_ROWS = re.compile(r"^\\\.[ \t]*\r?$", re.MULTILINE)
NOT_A_LINE_BREAK = re.compile(r"[^\n]+")
COMMAND = re.compile(r"""\\(?P<name>\w+|!)(?:'(?:[^'\\\n]|\\.|'')*+'?|"[^"\n]*+"?|[^\n\\'"]|\\(?![\\\n]))*+""")
"""It goes on to the end of its line, or to two backslashes outside of quotes; an open quote ends with the line."""
SEND = frozenset({"g", "gx", "gset", "gexec", "gdesc", "crosstabview", "watch", "parse", "bind", "bind_named"})
"""Commands that end the statement before them, as a semicolon does."""
RUN_MORE = frozenset({"i", "ir", "include", "include_relative", "copy", "gexec", "c", "connect", "lo_import", "!"})
"""Commands that run what does not stand in the script, or what follows them in another database."""


class Command(NamedTuple):
    """A command of psql, and where it begins."""

    text: str
    offset: int
    runs_more: bool
    """Whether it runs what is not in the script: what it does nobody can read here."""


class Sent(NamedTuple):
    """A script as psql sends it: blanks stand where its own commands and the rows were, so that every place stays."""

    text: str
    commands: tuple[Command, ...] = ()
    """Those that were taken out, in order."""


def as_sent(script: str) -> Sent:
    """What of it is sent to the server as SQL. A script without a backslash is sent as it is."""
    if "\\" not in script:
        return Sent(script)
    text = _without_rows(script)
    pieces: list[str] = []
    commands: list[Command] = []
    place = 0
    while (start := next_backslash(text, place)) is not None:
        found = COMMAND.match(text, start)
        ends = text.startswith("\\;", start)
        if found is not None:
            name = found["name"]
            commands.append(Command(found[0].rstrip(), start, name in RUN_MORE))
            ends = name in SEND
        past = found.end() if found is not None else min(start + 2, len(text))
        pieces += [text[place:start], ";" if ends else " ", _blank(text[start + 1 : past])]
        place = past
    return Sent("".join((*pieces, text[place:])), tuple(commands))


def _without_rows(text: str) -> str:
    pieces, place = [], 0
    while (begins := ROWS_FOLLOW.search(text, place)) and (ends := END_OF_ROWS.search(text, begins.end())):
        pieces += [text[place : begins.end()], _blank(text[begins.end() : ends.end()])]
        place = ends.end()
    return "".join((*pieces, text[place:]))


def next_backslash(text: str, place: int = 0) -> int | None:
    """The next one outside of strings, names and comments: the server knows none there."""
    found = (each.start for each in tokens(text, place) if each.kind is TokenKind.SYMBOL and each.text == "\\")
    return next(found, None)


def _blank(text: str) -> str:
    return NOT_A_LINE_BREAK.sub(lambda found: " " * len(found[0]), text)
