"""Sessions that are read-only, because that was the default of the role or database when they were opened.

A session keeps that default when the person who set it has taken it back: only a new session writes again. Whether it
would is asked of one, so that nobody has to open the console anew.
"""

import time
from dataclasses import dataclass, replace

import psycopg

from zdtui.errors import TargetError
from zdtui.postgres.journal_schema import standing
from zdtui.postgres.sessions.connect import Target, connect
from zdtui.run.engine.sessions import Sessions
from zdtui.run.journal.layout import JournalFacts

TRY_EVERY = 3.0
"""Seconds between two tries."""
WRITES_AGAIN = "our sessions are read-only from the time they were opened, and new ones are not: opening new ones"


@dataclass
class ReadOnly:
    """Whether our sessions are so, and when it was last asked whether new ones would be."""

    opened_so: bool = False
    not_before: float = 0.0

    async def look(self, sessions: Sessions, facts: JournalFacts, *, idle: bool) -> JournalFacts:
        """The facts, with what the working session may do too, where it is idle and can be asked. Raises psycopg.Error.

        One session of ours may have been opened while the default was so, and the others before or after it.
        """
        if idle and not facts.standing.read_only:
            working = await standing(sessions.working)
            facts = replace(facts, standing=replace(facts.standing, read_only=working.read_only))
        self.opened_so = facts.standing.read_only
        return facts

    async def new_sessions_write(self, target: Target) -> bool:
        """Whether our sessions are read-only and a new one is not. The server is asked every few seconds."""
        if not self.opened_so or time.monotonic() < self.not_before:
            return False
        self.not_before = time.monotonic() + TRY_EVERY
        try:
            session = await connect(target, application_name="zdtui journal", only_asks=True)
            async with session:
                return not (await standing(session)).read_only
        except (psycopg.Error, TargetError):
            return False
