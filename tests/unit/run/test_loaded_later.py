"""What the first frame does not wait for is loaded soon after; where it cannot be, somebody hears of it at once."""

import pytest

from zdtui.run.engine.loaded_later import load_soon


async def test_what_cannot_be_loaded_is_told_before_a_step_needs_it() -> None:
    with pytest.raises(ModuleNotFoundError, match="was_removed"):
        await load_soon(("zdtui.run.engine.loaded_later", "zdtui.run.engine.was_removed"))
