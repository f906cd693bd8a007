"""Whatever the text: nothing is raised, the process lives, each statement has its text and place and is of a kind."""

import subprocess
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.sql.known_statements import STATEMENTS
from zdtui.sql.by_words.read import read as read_words
from zdtui.sql.kinds import KINDS
from zdtui.sql.operation import UNKNOWN
from zdtui.sql.split import split
from zdtui.sql.text.nesting import DEEPEST, deepest
from zdtui.sql.text.pieces import Source
from zdtui.sql.text.tokens import tokens

SEEDS = [sql for _, sql in STATEMENTS]
PIECES = sorted({token.text for sql in SEEDS for token in tokens(sql)})
ODD = ["é", "\0", "\ud800", "(", ")", "'", "$$", "/*", "--", ";", ",", ".", '"', "[", "]", "𝕏", "\n"]


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A real statement with tokens lost, swapped, put in or cut off."""
    found = [token.text for token in tokens(draw(st.sampled_from(SEEDS)))]
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(0, len(found) - 1)))
        match draw(st.integers(0, 4)):
            case 0:
                del found[at : at + 1]
            case 1:
                found.insert(at, draw(st.sampled_from(PIECES)))
            case 2:
                found.insert(at, draw(st.sampled_from(ODD)))
            case 3:
                found = found[: at + 1]
            case _:
                found[at:at] = [token.text for token in tokens(draw(st.sampled_from(SEEDS)))]
    return draw(st.sampled_from([" ", "\n", ""])).join(found)


@given(mutated() | st.text())
@settings(max_examples=400, deadline=None)
def test_every_statement_has_its_text_its_place_and_a_kind(sql: str) -> None:
    for statement in split(sql):
        assert sql[statement.offset : statement.offset + len(statement.text)] == statement.text
        assert statement.line == sql.count("\n", 0, statement.offset) + 1
        found = statement.operations
        assert found
        assert {each.kind for each in found} <= KINDS


@given(mutated() | st.text())
@settings(max_examples=200, deadline=None)
def test_the_words_are_read_of_any_text(sql: str) -> None:
    assert read_words(Source(sql)) != ()


@given(mutated())
@settings(max_examples=200, deadline=None)
def test_pieces_are_the_author_s_own_text(sql: str) -> None:
    for statement in split(sql):
        for each in statement.operations:
            is_body = each.kind in ("DO", "CREATE FUNCTION", "CREATE PROCEDURE")  # a string's content, not its spelling
            for piece in (each.type, each.where, None if is_body else each.expression):
                assert piece is None or piece in statement.text or each.type in ("btree", piece)


NESTED = {
    "operators": lambda n: "UPDATE t SET a = " + "b || " * n + "c",
    "ands": lambda n: "DELETE FROM t WHERE " + "a AND " * n + "b",
    "parentheses": lambda n: "SELECT " + "(" * n + "1" + ")" * n,
    "nots": lambda n: "DELETE FROM t WHERE " + "NOT " * n + "b",
    "cases": lambda n: "UPDATE t SET a = " + "CASE WHEN a THEN " * n + "1" + " END" * n,
    "functions": lambda n: "SELECT " + "f(1, " * n + "1" + ")" * n,
    "queries": lambda n: "SELECT " + "(SELECT " * n + "1" + ")" * n,
    "unions": lambda n: "SELECT 1, 2" + " UNION SELECT 1, 2" * n,
    "joins": lambda n: "SELECT 1 FROM a" + " JOIN b ON true" * n,
    "casts": lambda n: "SELECT 1" + "::int" * n,
    "arrays": lambda n: "SELECT " + "ARRAY[" * n + "1" + "]" * n,
    "withs": lambda n: "WITH a AS (" * n + "SELECT 1" + ") SELECT 1" * n,
}
CHILD = """
import sys, threading
from zdtui.sql.split import split
def read():
    for statement in split(sys.stdin.read()):
        print(statement.operations[0].kind)
threading.stack_size(2 * 1024 * 1024)
thread = threading.Thread(target=read)
thread.start()
thread.join()
"""


@pytest.mark.parametrize("shape", NESTED)
def test_depth_kills_no_process(shape: str) -> None:
    """Just under the limit, where the grammar is asked, and far beyond it; on the smallest stack a thread gets."""
    under = next(n for n in range(DEEPEST, 0, -25) if deepest(tokens(NESTED[shape](n))) <= DEEPEST)
    sql = ";\n".join(NESTED[shape](depth) for depth in (10, 47, under, 5_000, 30_000))
    ran = subprocess.run([sys.executable, "-c", CHILD], input=sql, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr[-500:]
    assert len(set(ran.stdout.split("\n")) - {""}) == 1
    assert UNKNOWN not in ran.stdout.split("\n")


@pytest.mark.parametrize("rows", [5_000])
def test_long_lists_are_no_depth_and_quick(rows: int) -> None:
    sql = "INSERT INTO t (a, b) VALUES " + ", ".join("(1, 'x;(')" for _ in range(rows))
    (statement,) = split(sql)
    began = time.process_time()
    (found,) = statement.operations
    assert time.process_time() - began < 2
    assert (found.kind, found.columns) == ("INSERT", ("a", "b"))
    (statement,) = split("SELECT 1 FROM t WHERE a IN (" + ",".join(["1"] * rows) + ")")
    assert [each.name.name for each in statement.operations[0].mentions] == ["t"]


def test_ten_thousand_statements_take_no_time_to_speak_of() -> None:
    sql = ";\n".join((SEEDS * (10_000 // len(SEEDS) + 1))[:10_000])
    began = time.process_time()
    count = sum(len(statement.operations) > 0 for statement in split(sql))
    assert count > 9_000
    assert time.process_time() - began < 5
