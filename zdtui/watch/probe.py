"""What every sampler looks like: it asks its questions and makes one frozen sample of the rows."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from zdtui.watch.samples import Pane

Row = Mapping[str, Any]
Rows = Sequence[Row]
Sample = TypeVar("Sample", covariant=True)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a sampler may use while it takes a sample."""

    ask: Callable[..., Awaitable[Rows]]
    """Runs the question of that name in zdtui/postgres/queries with these parameters."""
    ours: frozenset[int]
    """Pids of the conductor, the journal and the watchers."""
    now: float
    """time.monotonic() at the start."""


class Probe(Protocol[Sample]):
    """One pane's sampler."""

    @property
    def pane(self) -> Pane:
        """Which reading it fills."""
        ...

    async def take(self, asked: Asked) -> Sample:
        """One sample. Raises what the connection raises."""
        ...
