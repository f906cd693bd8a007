"""The text of `pg_dump -s`, taken apart into the objects it tells of. Pure.

Each object begins with a comment that names it; one inside of a string, as a function's body may have it, is none. What
stands before the first and after the last is the session's: its settings, and a random key. Between two objects pg_dump
sets where the next one is to lie. Neither is part of an object (places are asked of the catalog). Everything else is
kept as written, so that whatever pg_dump writes is compared, whether it is known here or not.
"""

import re
from collections.abc import Iterator

from zdtui.fingerprint.fingerprint import Key
from zdtui.sql.text.tokens import has_open_end

HEAD = re.compile(
    r"^--\n-- Name: (?P<name>.*); Type: (?P<kind>[^;\n]+); Schema: (?P<schema>.*?); Owner: (?P<owner>.*?)"
    r"(?:; Tablespace: .*)?\n--\n",
    re.MULTILINE,
)
END = "--\n-- PostgreSQL database dump complete\n--\n"
PLACES = re.compile(r"SET (?:default_tablespace|default_table_access_method) = .*;\Z")
GRANTOR = re.compile(r"SET SESSION AUTHORIZATION (.*);\Z")
GRANTOR_ENDS = "RESET SESSION AUTHORIZATION;"
SECRETIVE = frozenset({"USER MAPPING", "SUBSCRIPTION", "SERVER"})
"""Kinds whose text holds passwords: what is another in them is told without it."""


def facts_of_dump(text: str) -> dict[Key, str]:
    """Each object with its text. Two of one name (which pg_dump does not write) would be told together."""
    facts: dict[Key, str] = {}
    objects, ends, _ = text.rpartition(END)
    for key, body in _entries(objects if ends else text):
        facts[key] = f"{facts[key]}\n{body}" if key in facts else body
    return facts


def _entries(text: str) -> Iterator[tuple[Key, str]]:
    head = HEAD.search(text)
    while head is not None:
        following = HEAD.search(text, head.end())
        while following is not None and has_open_end(text[head.end() : following.start()]) is not None:
            following = HEAD.search(text, following.end())
        yield _key(head), _body(head["kind"], text[head.end() : len(text) if following is None else following.start()])
        head = following


def _key(head: re.Match[str]) -> Key:
    name = head["name"] if head["schema"] == "-" else f"{head['schema']}.{head['name']}"
    return head["kind"], f"{name} of {head['owner']}" if head["kind"] == "DEFAULT ACL" else name


def _body(kind: str, body: str) -> str:
    lines = body.split("\n")
    while lines and (not lines[-1] or PLACES.match(lines[-1])):
        lines.pop()
    while lines and not lines[0]:
        lines.pop(0)
    return "\n".join(_grants(lines) if kind in ("ACL", "DEFAULT ACL") else lines)


def _grants(lines: list[str]) -> list[str]:
    """Sorted, each with who granted it: who was granted something first is nobody's concern."""
    grantor = ""
    told = []
    for line in lines:
        if found := GRANTOR.match(line):
            grantor = f" -- granted by {found[1]}"
        elif line == GRANTOR_ENDS:
            grantor = ""
        elif line:
            told.append(f"{line}{grantor}")
    return sorted(told)
