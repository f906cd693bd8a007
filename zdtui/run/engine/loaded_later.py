"""What the first frame does not wait for: loaded by the first step that needs it, or soon after the engine has begun.

A console works for days, and what is installed may be replaced meanwhile: nothing is left to be read from there then.
"""

import asyncio
import importlib
from collections.abc import Sequence

LATER = (
    "zdtui.run.engine.perform",
    "zdtui.run.preflight.run_preflight",
    "zdtui.run.preflight.appraise",
    "zdtui.run.locks.lock_set",
    "zdtui.run.bulk.backfill",
    "zdtui.run.bulk.compare",
    "zdtui.run.bulk.retry_rejected",
    "zdtui.run.execute.unused",
)
"""Imported in the functions that use them, and nowhere else."""
LOAD_AFTER = 0.5
"""Seconds until what the first frame did not wait for is loaded."""


def load_the_rest(modules: Sequence[str] = LATER) -> None:
    """After it nothing of the engine is missing. Raises whatever the first one raises that cannot be loaded."""
    for module in modules:
        importlib.import_module(module)


async def load_soon(modules: Sequence[str] = LATER) -> None:
    """Load it a moment after the engine has begun, beside its loop.

    Raises what `load_the_rest` raises: it is told now, and not when a step that was confirmed needs it.
    """
    await asyncio.sleep(LOAD_AFTER)
    await asyncio.to_thread(load_the_rest, modules)
