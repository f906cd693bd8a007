"""What the first frame does not wait for: loaded by the first step that needs it, or soon after the engine has begun.

A console works for days, and what is installed may be replaced meanwhile: nothing is left to be read from there then.
"""

import contextlib
import importlib

LATER = (
    "zdtui.run.engine.perform",
    "zdtui.run.preflight.run_preflight",
    "zdtui.run.preflight.appraise",
    "zdtui.run.locks.lock_set",
    "zdtui.run.bulk.backfill",
    "zdtui.run.bulk.compare",
    "zdtui.run.bulk.retry_rejected",
)
"""Imported in the functions that use them, and nowhere else."""


def load_the_rest() -> None:
    """After it nothing of the engine is missing. Who needs one that fails to load hears of it."""
    for module in LATER:
        with contextlib.suppress(Exception):
            importlib.import_module(module)
