"""Asking for a pause: anyone may stop. It is a shared lock of a read-only session, which the console looks for."""

import asyncio
from datetime import UTC, datetime
from typing import Any

from zdtui.agents.answer import Answer, RefusedError
from zdtui.agents.says import Says
from zdtui.agents.tool import Arguments, Asked, Kind, Tool
from zdtui.agents.tools.runs import one_run
from zdtui.drawable import only_seen
from zdtui.postgres.ask import ask
from zdtui.postgres.journal import PAUSE_KEY
from zdtui.postgres.queries import query
from zdtui.run.journal import store
from zdtui.run.journal.reader import fold
from zdtui.run.model.events import PauseRequested, Recorded, StepDisarmed
from zdtui.run.model.state import RunState

LONGEST_NAME = 63
"""Characters of a session's name, which PostgreSQL cuts there."""
LOOKS_EVERY = 0.5
HELD_FOR = 30.0
"""Seconds that it is asked for: a console looks once a second, later when its server is slow."""


class AskForPause(Arguments):
    """See ASK_FOR_PAUSE."""


async def ask_for_pause(asked: Asked, _: AskForPause) -> Answer:
    """Ask, and wait until the console has heard it."""
    database = asked.place.asked_database()
    run, held = await one_run(asked, None)
    state = fold(list(held.events))
    if state.pause_by is not None:
        return Answer((Says.PAUSED_ALREADY,), _told(run, state))
    async with database.asked() as session:
        if await store.holder(session) is None or state.finished:
            raise RefusedError(Says.NOBODY_TO_ASK)
    name = f"zdtui agents: {asked.caller.agent} for {asked.caller.on_behalf_of}"
    async with database.another(only_seen(name).encode("ascii", "replace").decode()[:LONGEST_NAME]) as session:
        await ask(session, query("ask_for_pause"), [PAUSE_KEY])
        return await _heard(asked, len(held.events))


async def _heard(asked: Asked, before: int) -> Answer:
    """Look at the journal until the console has written down that it was asked."""
    began = datetime.now(UTC)
    while (datetime.now(UTC) - began).total_seconds() < HELD_FOR:
        await asyncio.sleep(LOOKS_EVERY)
        run, held = await one_run(asked, None)
        if any(_is_an_answer(each) for each in held.events[before:]):
            return Answer((Says.PAUSE_ASKED,), _told(run, fold(list(held.events))))
    return Answer((Says.NOT_HEARD,), refused=True)


def _is_an_answer(recorded: Recorded) -> bool:
    return isinstance(recorded.event, PauseRequested | StepDisarmed)


def _told(run: object, state: RunState) -> dict[str, Any]:
    return {"run": run, "paused_by": state.pause_by, "step": state.current}


ASK_FOR_PAUSE = Tool(
    "ask_for_pause",
    Kind.PROPOSES,
    "Ask the console to pause the run at its next safe point; the operator sees who asked, and only they go on.",
    AskForPause,
    ask_for_pause,
)
TOOLS = (ASK_FOR_PAUSE,)
