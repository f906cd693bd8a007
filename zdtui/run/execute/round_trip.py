"""How long a statement is on its way to the server and back, which is no part of what it does there.

Batches aim at what the application may feel. Over a link of 20 ms a batch that aims at 6 ms could otherwise never be
short enough, and would shrink to a page.
"""

import time
from collections.abc import Iterable
from typing import Any

import psycopg

from zdtui.postgres.commands import set_parameters
from zdtui.run.execute.work import Work

LEAST = 0.05
"""The share of the whole that is taken to be work at the server, however long the journey seems."""


async def set_for_session(
    work: Work, connection: psycopg.AsyncConnection[Any], settings: Iterable[tuple[str, str]]
) -> None:
    """Set them in two journeys, and note the quicker one: the server has next to nothing to do for it."""
    all_of_them = list(settings)
    for some in (all_of_them[::2], all_of_them[1::2]):
        began = time.monotonic()
        await set_parameters(connection, some)
        took = time.monotonic() - began
        work.journey = took if work.journey is None else min(work.journey, took)


def at_the_server(work: Work, seconds: float, journeys: int) -> float:
    """What is left of so many seconds without their journeys."""
    return max(seconds * LEAST, seconds - journeys * (work.journey or 0.0))
