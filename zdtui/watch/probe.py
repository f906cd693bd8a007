"""What every sampler looks like: it asks its questions and makes one frozen sample of the rows."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import asyncpg

from zdtui.watch.samples import Unseen

Row = Mapping[str, Any]
Rows = Sequence[Row]
Sample = TypeVar("Sample", covariant=True)
NOT_THIS_QUESTION = (
    asyncpg.QueryCanceledError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
)
"""What ails the session or the server, not the question that met it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a sampler may use while it takes a sample."""

    ask: Callable[..., Awaitable[Rows]]
    """Runs the question of that name in zdtui/postgres/queries with these parameters."""
    ours: frozenset[int]
    """Pids of the conductor, the journal and the watchers."""
    now: float
    """time.monotonic() at the start."""

    async def attempt(self, name: str, *parameters: object) -> Rows | Unseen:
        """The rows, or why the server refuses to say: one figure that may not be read leaves the others alone."""
        try:
            return await self.ask(name, *parameters)
        except NOT_THIS_QUESTION:
            raise
        except asyncpg.PostgresError as error:
            return Unseen(" ".join(str(error).split()) or type(error).__name__)


class Probe(Protocol[Sample]):
    """What samples one thing."""

    async def take(self, asked: Asked) -> Sample:
        """One sample. Raises what the connection raises."""
        ...
