"""How often Python looks for garbage while much is made that stays: by a check, and while the console loads."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

SELDOM = 1_000_000
"""Objects made between two searches for cycles: a check makes millions of objects and hardly a cycle."""


@contextmanager
def fewer_collections() -> Iterator[None]:
    """While this lasts, cycles are seldom searched for; afterwards as often as before."""
    before = gc.get_threshold()
    gc.set_threshold(SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def spare_what_is_there() -> None:
    """What is there now stays until the process ends: no later search for cycles goes through it."""
    gc.freeze()
