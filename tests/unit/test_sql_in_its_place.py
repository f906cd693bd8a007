"""SQL of ours lies in zdtui/postgres, where a DBA finds all of it; rooms that use the server name what they ask."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
ROOMS = ("zdtui/run", "zdtui/watch", "screens")
SHOWN = CHECKOUT / "zdtui" / "run" / "decisions"
"""Pure, which a contract of import-linter holds: it can send nothing, and what it writes is for a person to read."""
COMMAND = re.compile(
    r"""\s*(?:
        SELECT\s+\S | INSERT\s+INTO\s | UPDATE\s+\S+\s+SET\b | DELETE\s+FROM\s | MERGE\s+INTO\s | VALUES\s*\(
      | SET\s+(?:LOCAL|SESSION|TRANSACTION|CONSTRAINTS)\s | SET\s+\S+\s*(?:=|\bTO\b) | RESET\s+[a-z{] | SHOW\s+\w+$
      | VACUUM\s*\( | ANALYZE\s+\{ | BEGIN\s+\S | LOCK\s+TABLE\s+\S | TRUNCATE\s+\S | CALL\s | DO\s+\$ | NOTIFY\s
      | LISTEN\s | DISCARD\s | WITH\s.*\bAS\s*\( | EXPLAIN\s | COPY\s.*\b(?:STDIN|STDOUT)
      | (?:CREATE|ALTER|DROP)\b.*\bIF\s+(?:NOT\s+)?EXISTS\b
    )""",
    re.VERBOSE | re.DOTALL,
)
"""A text that could be sent. BEGIN, COMMIT, SAVEPOINT and their like by themselves ask for nothing."""


def texts(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """The strings of a module but its documentation; what an f-string fills in is `{}`."""
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    said |= {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts = (str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
            yield node.lineno, "".join(parts)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node.lineno, node.value


def modules() -> list[Path]:
    """Those in which no SQL may be."""
    found = (path for room in ROOMS for path in sorted((CHECKOUT / room).rglob("*.py")))
    return [path for path in found if not path.is_relative_to(SHOWN)]


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(CHECKOUT).as_posix())
def test_no_sql_outside_of_its_place(path: Path) -> None:
    found = [f"{line}: {text[:60]}" for line, text in texts(ast.parse(path.read_text("utf-8"))) if COMMAND.match(text)]
    assert not found, "put it into zdtui/postgres: a file of SQL, or where statements are made of names and expressions"


@pytest.mark.parametrize(
    "text",
    ["SELECT 1", "SET LOCAL a = 1", "SET a = 1", "DELETE FROM t", "UPDATE t SET a = 1", "RESET {}", "VACUUM (FULL) t"],
)
def test_sql_is_recognised(text: str) -> None:
    assert COMMAND.match(text)
