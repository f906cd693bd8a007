"""Following runs: a short look a second at where each run's journal ends, while anybody follows one."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from zdtui.agents.answer import RefusedError
from zdtui.agents.database import Database
from zdtui.agents.resources import STATUS
from zdtui.agents.tools.runs import may_be_read
from zdtui.postgres.journal import journal_sql

LOOKS_EVERY = 1.0
"""Seconds. A run writes its own events as they happen; nobody reads faster than this."""
MOST_FOLLOWED = 50


@dataclass(slots=True)
class Following:
    """What is followed, and where it was seen to end. `moved` is told the address of each that has gone on.

    It is told of each once when it is first seen, so that nothing is lost between reading a run and following it.
    """

    database: Database
    moved: Callable[[str], Awaitable[None]]
    _followed: Counter[str] = field(default_factory=Counter)
    _seen: dict[str, int] = field(default_factory=dict)
    _wanted: asyncio.Event = field(default_factory=asyncio.Event)

    def follow(self, uri: str) -> bool:
        """Begin to follow it. False for what cannot be followed, or when too much is."""
        if STATUS.fullmatch(uri) is None or len(self._followed) >= MOST_FOLLOWED:
            return False
        self._followed[uri] += 1
        self._wanted.set()
        return True

    def leave(self, uri: str) -> None:
        """Follow it no longer."""
        self._followed[uri] -= 1
        self._followed = +self._followed
        if not self._followed:
            self._wanted.clear()
            self._seen.clear()

    async def run(self) -> None:
        """Look for as long as the task lives; when the server cannot be asked, look again."""
        while True:
            await self._wanted.wait()
            try:
                await self._look()
            except RefusedError:
                self._seen.clear()
            await asyncio.sleep(LOOKS_EVERY)

    async def _look(self) -> None:
        async with self.database.one_moment() as session:
            await may_be_read(self.database, session)
            rows = await (await session.execute(journal_sql("heads"))).fetchall()
        ends = {str(run): int(sequence) for run, sequence in rows}
        for uri in list(self._followed):
            found = STATUS.fullmatch(uri)
            runs = [] if found is None else [run for run in ends if run.startswith(found[1])]
            if len(runs) != 1:
                continue
            before, self._seen[uri] = self._seen.get(uri), ends[runs[0]]
            if before != ends[runs[0]]:
                await self.moved(uri)
