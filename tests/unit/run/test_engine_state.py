"""The engine's state: every field has one module that sets it, so that one knows where to look."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

from zdtui.run.decisions.view import RunView
from zdtui.run.engine import state
from zdtui.run.engine.state import EngineState

ENGINE = Path(state.__file__).parent


def assigned(path: Path) -> Iterator[str]:
    """The fields of the engine's state that this module sets."""
    own = path == Path(state.__file__)
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Assign):
            targets = [each for target in node.targets for each in getattr(target, "elts", [target])]
        elif isinstance(node, ast.AugAssign | ast.AnnAssign):
            targets = [node.target]
        else:
            continue
        for target in targets:
            if isinstance(target, ast.Attribute):
                owner = ast.unparse(target.value)
                if owner.split(".")[-1] == "state" or (own and owner == "self"):
                    yield target.attr


def test_each_field_has_one_module_that_sets_it() -> None:
    setters = defaultdict(set)
    for path in ENGINE.parent.rglob("*.py"):
        for name in assigned(path):
            setters[name].add(path.stem)
    assert {name: by for name, by in setters.items() if len(by) > 1} == {}
    known = {each.name for each in fields(EngineState)}
    assert {name for name, by in setters.items() if by != {"state"}} <= known
    assert {"working", "sessions", "board", "console_role", "connection_state", "leaving"} <= set(setters)


def test_a_fact_has_the_same_name_in_the_engine_and_in_the_view() -> None:
    """What the view has under another name than the state would be a fact with two names."""
    of_state = {each.name for each in fields(EngineState)} | set(dir(EngineState))
    of_parts = {
        "run",
        "identity",
        "conductor_backend",
        "activity",
        "blockers",
        "blocked_for",
        "findings",
        "hazards_note",
        "evidence",
    }
    of_parts |= {"rehearsal", "missing_standbys", "damage", "write_refused", "now", "wall"}
    assert {each.name for each in fields(RunView)} - of_state == of_parts
