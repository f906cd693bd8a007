"""How often Python looks for garbage while much is read: what a check makes stays until it is told."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

SELDOM = 200_000
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
