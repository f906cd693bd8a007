"""Identifiers as PostgreSQL reads and writes them (https://www.postgresql.org/docs/current/sql-syntax-lexical.html)."""

import re
import string
from functools import lru_cache

from zdtui.sql.text.keywords import NOT_PLAIN_NAMES

PLAIN = re.compile(r"[a-z_][a-z0-9_]*\Z")
PART = re.compile(r'\s*(?:"((?:[^"]|"")+)"|([A-Za-z_\x80-\U0010ffff][A-Za-z0-9_$\x80-\U0010ffff]*))\s*')
LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
"""PostgreSQL folds ASCII only, in any encoding of more than one byte."""


def identifier_parts(name: str) -> tuple[str, ...]:
    """The parts of a possibly qualified, possibly quoted name, as the catalogs hold them: 'S."a b"' → ('s', 'a b').

    What cannot be read is returned whole, as one part: the server will say what is wrong with it.
    """
    return read_name(name) or (name.strip(),)


def read_name(name: str) -> tuple[str, ...] | None:
    """The same; None when the text is not a name."""
    parts: list[str] = []
    place = 0
    while found := PART.match(name, place):
        quoted, plain = found.groups()
        parts.append(quoted.replace('""', '"') if quoted is not None else plain.translate(LOWER))
        if found.end() == len(name):
            return tuple(parts)
        if name[found.end()] != ".":
            return None
        place = found.end() + 1
    return None


def column_of(expression: str, table: str) -> str | None:
    """The bare name of the column of `table` that the expression is, and nothing else; None when it is more."""
    match read_name(expression):
        case (name,):
            return name
        case (owner, name) if owner == identifier_parts(table)[-1]:
            return name
        case _:
            return None


@lru_cache(maxsize=1 << 12)
def quote_identifier(name: str) -> str:
    """The name as it has to be written in SQL: in quotes unless it is plain and no keyword, as quote_ident() does."""
    if PLAIN.match(name) and name not in NOT_PLAIN_NAMES:
        return name
    return '"' + name.replace('"', '""') + '"'


def string_value(literal: str) -> str:
    """What is between the quotes or the dollar quotes of a string; the backslashes of an E'' are left as they are."""
    if literal.startswith("$") and "$" in literal[1:]:
        quote = literal[: literal.index("$", 1) + 1]
        return literal.removeprefix(quote).removesuffix(quote)
    return literal[literal.find("'") + 1 :].removesuffix("'").replace("''", "'")
