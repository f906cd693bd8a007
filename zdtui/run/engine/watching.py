"""A watcher for a conductor: it asks for what the state needs, on sessions of its own, on the same server."""

from collections.abc import Callable

from zdtui.errors import TargetError
from zdtui.owned_tasks import Fault
from zdtui.postgres.sessions.connect import asyncpg_parameters
from zdtui.run.decisions.decide import next_step
from zdtui.run.engine.state import EngineState
from zdtui.sql.text.name import Name
from zdtui.watch.samples import Samples
from zdtui.watch.watcher import Watcher


def watcher_of(
    state: Callable[[], EngineState | None], changed: Callable[[Samples], None], told: Callable[[Fault], object]
) -> Watcher:
    """The watcher, not started yet. `state` may not be there yet; `changed` is told of each new reading.

    `told` hears of every part of it that fails.
    """

    async def parameters() -> dict[str, object]:
        """asyncpg's settings, taken from the conductor's session: one source of truth."""
        at = state()
        if at is None or at.sessions is None:
            raise TargetError("the conductor has no connection yet")
        return asyncpg_parameters(at.sessions.journal, at.target)

    def own_pids() -> frozenset[int]:
        at = state()
        return frozenset() if at is None or at.sessions is None else at.sessions.pids

    def relations_ahead() -> tuple[Name, ...]:
        """What the next step would lock: the watcher weighs it."""
        at = state()
        if at is None or at.appraisal is None:
            return ()
        following = next_step(at.plan, at.recorder.state)
        return () if following is None else at.appraisal.relations_of(following.id)

    return Watcher(parameters=parameters, own_pids=own_pids, on_change=changed, relations=relations_ahead, told=told)
