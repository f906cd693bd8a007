"""What a fault is, and the list of all kinds. Each kind is one function, found by this list."""

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.campaign.world import World

Strike = Callable[[World], str | None]
"""Does it, mends what a person or time would mend, and says what was done; None when there was nothing to strike."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of fault."""

    name: str
    strike: Strike
    needs_root: bool = False
    costly: bool = False
    """It takes seconds to prepare, or to put the servers back."""


KINDS: dict[str, Kind] = {}


def kind(name: str, *, needs_root: bool = False, costly: bool = False) -> Callable[[Strike], Strike]:
    """Put a function into the list."""

    def put(strike: Strike) -> Strike:
        KINDS[name] = Kind(name, strike, needs_root, costly)
        return strike

    return put
