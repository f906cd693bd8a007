"""What is worked out of a plan's steps once and kept: a question asked of each step must not read all of them. Pure."""

from collections.abc import Callable
from typing import TypeVar

Of = TypeVar("Of")
Made = TypeVar("Made")
MOST_KEPT = 8
"""Plans that are held in mind at a time."""


def once(make: Callable[[Of], Made]) -> Callable[[Of], Made]:
    """The function, called once for each plan or tuple, known by being the same one: comparing would read it whole."""
    kept: dict[int, tuple[Of, Made]] = {}

    def ask(items: Of) -> Made:
        found = kept.get(id(items))
        if found is None or found[0] is not items:
            if len(kept) >= MOST_KEPT:
                kept.clear()
            found = kept[id(items)] = (items, make(items))
        return found[1]

    return ask
