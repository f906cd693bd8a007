"""Identifiers as PostgreSQL reads and writes them (https://www.postgresql.org/docs/current/sql-syntax-lexical.html)."""

import re

PLAIN = re.compile(r"[a-z_][a-z0-9_$]*\Z")
PART = re.compile(r'\s*(?:"((?:[^"]|"")+)"|([^\s".]+))\s*(\.|\Z)')


def identifier_parts(name: str) -> tuple[str, ...]:
    """The parts of a possibly qualified, possibly quoted name, as the catalogs hold them: 'S."a b"' → ('s', 'a b').

    What cannot be read is returned whole, as one part: the server will say what is wrong with it.
    """
    parts: list[str] = []
    place = 0
    while place < len(name):
        found = PART.match(name, place)
        if found is None:
            return (name.strip(),)
        quoted, plain, dot = found.groups()
        parts.append(quoted.replace('""', '"') if quoted is not None else plain.lower())
        place = found.end()
        if not dot:
            break
    return tuple(parts) or (name.strip(),)


def quote_identifier(name: str) -> str:
    """The name as it has to be written in SQL. Quoted when in doubt: quoting a plain word changes nothing."""
    return name if PLAIN.match(name) else '"' + name.replace('"', '""') + '"'
