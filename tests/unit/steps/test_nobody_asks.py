"""Nobody asks of which kind a step is: what holds for a step is asked of the step (`zdtui/steps/kind.py`).

A question like `isinstance(step.action, WaitAction)` goes on with every other kind as if it were nothing, so that a new
kind is forgotten there without a word.
"""

import ast
from pathlib import Path

import pytest

from zdtui.steps.action import KINDS

CHECKOUT = Path(__file__).parents[3]
NAMES = frozenset(kind.__name__ for kind in KINDS)
MAY_ASK = ("zdtui/steps/", "zdtui/run/engine/perform.py", "zdtui/run/bulk/")
"""The kinds themselves, what binds each to what carries it out, and what carries batches out."""
SOURCES = sorted(
    path
    for room in ("zdtui", "screens")
    for path in (CHECKOUT / room).rglob("*.py")
    if not path.relative_to(CHECKOUT).as_posix().startswith(MAY_ASK)
)


def names_in(node: ast.AST) -> frozenset[str]:
    """The kinds that are named in a piece of code."""
    named = {getattr(each, "id", getattr(each, "attr", "")) for each in ast.walk(node)}
    return frozenset(named & NAMES)


def is_word_of_kind(node: ast.AST) -> bool:
    """Whether it is `action.kind`, the word of the plan's format: it may be shown, but not looked at."""
    match node:
        case ast.Attribute(attr="kind", value=ast.Attribute(attr="action") | ast.Name(id="action")):
            return True
        case _:
            return False


def asks(node: ast.AST) -> bool:
    """Whether a piece of code asks of which kind an action is."""
    match node:
        case ast.Call(func=ast.Name(id="isinstance" | "issubclass"), args=[_, kinds]):
            return bool(names_in(kinds))
        case ast.MatchClass(cls=kind):
            return bool(names_in(kind))
        case ast.Compare():
            return bool(names_in(node)) or any(is_word_of_kind(each) for each in ast.walk(node))
        case ast.Call(args=given):
            return any(is_word_of_kind(each) for each in given)
        case ast.Subscript(slice=given):
            return is_word_of_kind(given)
        case ast.Match(subject=subject):
            return is_word_of_kind(subject)
        case ast.Dict(keys=keys):
            return any(names_in(key) for key in keys if key is not None)
        case _:
            return False


def questions(text: str) -> list[int]:
    """The lines where that is asked."""
    return sorted({getattr(node, "lineno", 0) for node in ast.walk(ast.parse(text)) if asks(node)})


def test_nobody_asks_of_which_kind_a_step_is() -> None:
    found = [
        f"{path.relative_to(CHECKOUT).as_posix()}:{line}"
        for path in SOURCES
        for line in questions(path.read_text("utf-8"))
    ]
    assert found == [], "ask the step instead: a verb of zdtui/steps/kind.py, answered by every kind"


@pytest.mark.parametrize(
    "text",
    [
        "isinstance(step.action, WaitAction)",
        "isinstance(action, SqlAction | SqlRollback)",
        "match step.action:\n    case m.CopyAction(source=source):\n        pass",
        "type(step.action) is ManualAction",
        "step.action.kind == 'manual'",
        "NAMES.get(action.kind)",
        "NAMES[step.action.kind]",
        "match step.action.kind:\n    case 'wait':\n        pass",
        "{BackfillAction: 1}[type(action)]",
    ],
)
def test_a_question_is_really_found(text: str) -> None:
    assert questions(text)


@pytest.mark.parametrize(
    "text",
    ["WaitAction(duration=day)", "step.action.soak is None", "operation.kind == 'DROP'", "f'{step.action.kind}'"],
)
def test_what_asks_nothing_is_left_alone(text: str) -> None:
    assert not questions(text)
