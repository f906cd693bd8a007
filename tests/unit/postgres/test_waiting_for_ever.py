"""Nobody waits for ever for a server that has gone: each session says what it is for, each error is known."""

import ast
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from zdtui.watch.probe_session import LOST

CHECKOUT = Path(__file__).parents[3]
SOURCES = sorted((CHECKOUT / "zdtui").rglob("*.py"))
CONNECT = "zdtui.postgres.sessions.connect"


def openings(path: Path) -> Iterator[ast.Call]:
    """The calls of our `connect` in that module."""
    tree = ast.parse(path.read_text("utf-8"))
    ours = path == CHECKOUT / "zdtui/postgres/sessions/connect.py" or any(
        isinstance(node, ast.ImportFrom)
        and node.module == CONNECT
        and any(each.name == "connect" for each in node.names)
        for node in ast.walk(tree)
    )
    for node in ast.walk(tree):
        if ours and isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "connect":
            yield node


def test_each_session_says_whether_it_only_asks() -> None:
    """Where it does not, somebody else must notice that the server has gone; forgetting to think of it is the fault."""
    found = {f"{path.relative_to(CHECKOUT)}:{call.lineno}": call for path in SOURCES for call in openings(path)}
    assert len(found) > 15, "they are no longer found"
    silent = [at for at, call in found.items() if "only_asks" not in {each.arg for each in call.keywords}]
    assert silent == []


@pytest.mark.parametrize(
    "raised",
    [
        each
        for each in vars(asyncpg.exceptions).values()
        if isinstance(each, type) and issubclass(each, Exception) and not issubclass(each, Warning)
    ],
)
def test_whatever_asyncpg_raises_loses_a_watching_session_and_is_no_fault_of_ours(raised: type[Exception]) -> None:
    assert issubclass(raised, LOST)
