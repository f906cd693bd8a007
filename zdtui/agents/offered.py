"""Every tool there is, and the one way to call one: kept before, judged, done, cleaned, kept after."""

import traceback
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from zdtui.agents.answer import Answer, RefusedError, document_of
from zdtui.agents.calls import Caller, CallJournal
from zdtui.agents.says import Says
from zdtui.agents.tool import Asked, Tool, Workplace
from zdtui.agents.tools import checks, now, pausing, plans, proposals, runs, tables

TOOLS: tuple[Tool, ...] = (
    *plans.TOOLS,
    *checks.TOOLS,
    *tables.TOOLS,
    *runs.TOOLS,
    *now.TOOLS,
    *pausing.TOOLS,
    *proposals.TOOLS,
)
BY_NAME: Mapping[str, Tool] = {each.name: each for each in TOOLS}
MOST_ARGUMENTS_TOLD = 10


@dataclass(slots=True)
class Desk:
    """Where calls arrive: what tools may use, the journal of calls, and who hears what is for a person."""

    place: Workplace
    calls: CallJournal
    on_behalf_of: str
    say: Callable[[str], None]
    secrets: tuple[str | None, ...] = ()

    async def call(self, name: str, arguments: Mapping[str, Any], agent: str) -> tuple[dict[str, Any], bool]:
        """The answer of a tool as it is sent, and whether it is a refusal. Never raises but when it is cancelled."""

        async def work(asked: Asked) -> Answer:
            tool = BY_NAME.get(name)
            if tool is None:
                raise RefusedError(Says.NO_SUCH_TOOL)
            return await tool.call(asked, read_arguments(tool, arguments))

        return await self.done(name, arguments, agent, work)

    async def done(
        self, what: str, arguments: Mapping[str, Any], agent: str, work: Callable[[Asked], Awaitable[Answer]]
    ) -> tuple[dict[str, Any], bool]:
        """The same for anything that is asked: a resource, a prompt."""
        caller = Caller(agent, self.on_behalf_of)
        try:
            number = self.calls.asked(caller, what, arguments)
        except RefusedError as refused:
            return document_of(refused.answer), True
        answer = await self._answer(Asked(self.place, caller), work)
        self._tell()
        try:
            self.calls.ended(caller, number, str(answer.says[0]) if answer.refused else "answered")
        except RefusedError as refused:
            return document_of(refused.answer), True
        return document_of(answer, self.secrets), answer.refused

    async def _answer(self, asked: Asked, work: Callable[[Asked], Awaitable[Answer]]) -> Answer:
        try:
            return await work(asked)
        except RefusedError as refused:
            return refused.answer
        except Exception as error:  # noqa: BLE001 - an agent gets a fixed sentence, a person the place
            last = traceback.extract_tb(error.__traceback__)[-1]
            self.say(f"a tool failed: {type(error).__name__} at {last.filename.rpartition('/')[2]}:{last.lineno}")
            return Answer((Says.FAILED,), refused=True)

    def _tell(self) -> None:
        """What the database said when it could not be asked is for the person who started the server."""
        database = self.place.database
        if database is None:
            return
        said, database.told = database.told, []
        for each in said:
            self.say(each)


def read_arguments(tool: Tool, arguments: Mapping[str, Any]) -> Any:
    """The arguments as the tool takes them. Raises RefusedError that names places and kinds, never a value."""
    try:
        return tool.arguments.model_validate(dict(arguments))
    except ValidationError as error:
        known = tool.arguments.model_fields
        found = error.errors(include_input=False, include_url=False, include_context=False)
        raise RefusedError(
            Says.BAD_ARGUMENTS,
            arguments=[
                {
                    "argument": each["loc"][0] if each["loc"] and each["loc"][0] in known else None,
                    "problem": each["type"],
                }
                for each in found[:MOST_ARGUMENTS_TOLD]
            ],
            takes=list(known),
        ) from None
