"""The load that an operator asked for: a script for pgbench, one made from the plan's tables, or none."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from zdtui.postgres.target.target import Target
from zdtui.rehearse.load.load import Load
from zdtui.rehearse.load.made import made_load
from zdtui.rehearse.load.pgbench import pgbench_load

AUTO = "auto"


@asynccontextmanager
async def load_beside(wish: str | None, target: Target, tables: Sequence[str]) -> AsyncIterator[Load]:
    """That load, while this lasts. `tables`: those of the plan.

    Raises ZdtuiError, in one sentence, where it cannot be had.
    """
    if wish is None:
        yield Load()
    elif wish == AUTO:
        async with made_load(target, tables) as load:
            yield load
    else:
        async with pgbench_load(wish, target) as load:
            yield load
