"""A `match` over something of ours names every case there is and ends in `assert_never`.

So whoever adds a class to a union, or a member to an enum, is told by the type checker of every place that has to know
it. A `case _` swallows the newcomer without a word: a step of a new kind was "0 statements: no hazards" that way.
"""

import ast
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
SOURCES = sorted(path for room in ("zdtui", "screens") for path in (CHECKOUT / room).rglob("*.py"))
OURS = frozenset(
    node.name
    for path in SOURCES
    for node in ast.walk(ast.parse(path.read_text("utf-8")))
    if isinstance(node, ast.ClassDef)
)
"""The classes of the house: unions are made of them, and enums are among them."""


def named_by(pattern: ast.pattern) -> frozenset[str]:
    """The classes and enums of ours that a pattern names: `e.StepHeld()`, `StepStatus.HELD`."""
    names = set()
    for node in ast.walk(pattern):
        if isinstance(node, ast.MatchClass):
            names.add(node.cls.attr if isinstance(node.cls, ast.Attribute) else getattr(node.cls, "id", ""))
        if isinstance(node, ast.MatchValue) and isinstance(node.value, ast.Attribute):
            owner = node.value.value
            names.add(owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", ""))
    return frozenset(names & OURS)


def takes_anything(case: ast.match_case) -> bool:
    """`case _`, `case other` and the like."""
    pattern: ast.pattern | None = case.pattern
    while isinstance(pattern, ast.MatchAs):
        pattern = pattern.pattern
    return pattern is None and case.guard is None


def ends_in_assert_never(case: ast.match_case) -> bool:
    """Whether the case is `case _ as never: assert_never(never)`, whatever the name."""
    (statement, *more) = case.body
    if more or not isinstance(statement, ast.Expr) or not isinstance(statement.value, ast.Call):
        return False
    return ast.unparse(statement.value.func) == "assert_never"


def open_matches(text: str, where: str) -> list[str]:
    """Every match over something of ours that would not tell of a newcomer."""
    return [
        f"{where}:{node.lineno}: match {ast.unparse(node.subject)}"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Match)
        and any(named_by(case.pattern) for case in node.cases)
        and not (takes_anything(node.cases[-1]) and ends_in_assert_never(node.cases[-1]))
    ]


def test_every_match_over_a_closed_union_ends_in_assert_never() -> None:
    found = [
        each
        for path in SOURCES
        for each in open_matches(path.read_text("utf-8"), path.relative_to(CHECKOUT).as_posix())
    ]
    assert found == []


NEVER = "\n    case _ as never:\n        assert_never(never)"


@pytest.mark.parametrize(
    ("text", "is_open"),
    [
        ("match a:\n    case SqlAction():\n        b", True),
        ("match a:\n    case SqlAction():\n        b\n    case _:\n        c", True),
        ("match a:\n    case e.StepHeld():\n        b\n    case other:\n        c", True),
        ("match a:\n    case StepStatus.DONE:\n        b\n    case _:\n        c", True),
        (f"match a:\n    case SqlAction() | WaitAction():\n        b{NEVER}", False),
        (f"match a:\n    case StepStatus.DONE:\n        b{NEVER}", False),
        ("match a:\n    case str():\n        b\n    case _:\n        c", False),
    ],
)
def test_an_open_match_is_really_found(text: str, is_open: bool) -> None:
    assert bool(open_matches(text, "x.py")) is is_open
