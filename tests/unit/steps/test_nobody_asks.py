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
MAY_ASK = {
    "zdtui/steps/": NAMES,
    "zdtui/run/engine/perform.py": NAMES,
    "zdtui/run/bulk/": frozenset({"BackfillAction", "CopyAction"}),
}
"""Who may ask for which kinds: the kinds themselves; what binds each to what carries it out; and what carries a backfill
and a copy out, which is given nothing but these two."""
SOURCES = sorted(path for room in ("zdtui", "screens") for path in (CHECKOUT / room).rglob("*.py"))


def names_in(node: ast.AST) -> frozenset[str]:
    """The kinds that are named in a piece of code."""
    return frozenset(getattr(each, "id", getattr(each, "attr", "")) for each in ast.walk(node))


def not_asked_for_by(path: str) -> frozenset[str]:
    """The kinds for which the module must not ask."""
    allowed = (names for start, names in MAY_ASK.items() if path.startswith(start))
    return NAMES - frozenset().union(*allowed)


def is_word_of_kind(node: ast.AST) -> bool:
    """Whether it is `action.kind`, the word of the plan's format: it may be shown, but not looked at."""
    match node:
        case ast.Attribute(attr="kind", value=ast.Attribute(attr="action") | ast.Name(id="action")):
            return True
        case _:
            return False


def asks(node: ast.AST, names: frozenset[str]) -> bool:
    """Whether a piece of code asks if an action is of one of these kinds, or of which kind it is."""
    match node:
        case ast.Call(func=ast.Name(id="isinstance" | "issubclass"), args=[_, kinds]):
            return bool(names_in(kinds) & names)
        case ast.MatchClass(cls=kind):
            return bool(names_in(kind) & names)
        case ast.Compare():
            return bool(names_in(node) & names) or any(is_word_of_kind(each) for each in ast.walk(node))
        case ast.Call(args=given):
            return any(is_word_of_kind(each) for each in given)
        case ast.Subscript(slice=given):
            return is_word_of_kind(given)
        case ast.Match(subject=subject):
            return is_word_of_kind(subject)
        case ast.Dict(keys=keys):
            return any(names_in(key) & names for key in keys if key is not None)
        case _:
            return False


def questions(text: str, names: frozenset[str] = NAMES) -> list[int]:
    """The lines where that is asked."""
    return sorted({getattr(node, "lineno", 0) for node in ast.walk(ast.parse(text)) if asks(node, names)})


def test_nobody_asks_of_which_kind_a_step_is() -> None:
    names = {path: path.relative_to(CHECKOUT).as_posix() for path in SOURCES}
    found = [
        f"{name}:{line}"
        for path, name in names.items()
        if (kinds := not_asked_for_by(name))
        for line in questions(path.read_text("utf-8"), kinds)
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


def test_what_carries_batches_out_asks_for_nothing_else() -> None:
    kinds = not_asked_for_by("zdtui/run/bulk/backfill.py")
    assert questions("isinstance(action, CompareAction | WaitAction)", kinds)
    assert not questions("isinstance(action, CopyAction)", kinds)


@pytest.mark.parametrize(
    "text",
    ["WaitAction(duration=day)", "step.action.soak is None", "operation.kind == 'DROP'", "f'{step.action.kind}'"],
)
def test_what_asks_nothing_is_left_alone(text: str) -> None:
    assert not questions(text)
