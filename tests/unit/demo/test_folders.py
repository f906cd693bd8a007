"""A folder that a sweep takes for a leftover, between its making and its being held, is let go."""

import shutil
import tempfile
from typing import Any

import pytest

from zdtui.demo.folders import claim_folder


def test_another_one_is_made_when_a_sweep_was_quicker(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    def swept_at_first(*args: Any, **fields: Any) -> str:
        made.append(str(real(*args, **fields)))
        if len(made) == 1:
            shutil.rmtree(made[0])
        return made[-1]

    real = tempfile.mkdtemp
    monkeypatch.setattr(tempfile, "mkdtemp", swept_at_first)
    folder = claim_folder("zdtui-swept")
    try:
        assert str(folder.path) == made[1]
        assert folder.path.is_dir()
    finally:
        folder.remove()
