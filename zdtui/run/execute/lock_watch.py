"""Who holds up the statement that is with the server right now, and who waits behind it: asked often while one is."""

import time
from collections.abc import Callable, Sequence

import psycopg

from zdtui.postgres.sessions.link import within
from zdtui.postgres.table_locks.lock_facts import Victim
from zdtui.postgres.table_locks.victims import find_victims
from zdtui.postgres.table_locks.waiting import Blocker, waiting_for
from zdtui.run.journal.store import Connection
from zdtui.run.locks.blocking_cost import BlockingCost, add

ANSWER_TIMEOUT = 5.0
"""Seconds for one look: after that the session that looks is cut, and another takes its place."""
SOON, LATER = 0.015, 0.1
"""Seconds between two looks while it may matter, and else: two cheap questions about one backend."""

SEES_FOR = 1.0
"""Seconds for which a look counts; a session that is lost looks at nothing."""


def look_again_in(statement_seconds: float, somebody_waits: bool = False) -> float:
    """Seconds until the next look: often while a statement is young, and while it or somebody behind it waits."""
    return SOON if statement_seconds < 1.0 or somebody_waits else LATER


class LockWatch:
    """Keeps `blockers`, `blocked_for` and `blocking_cost` true for as long as somebody looks."""

    def __init__(self, connection: Connection, pids: Callable[[], Sequence[int]], changed: Callable[[], None]) -> None:
        self._connection = connection
        self._pids = pids
        self._changed = changed
        self._since: float | None = None
        self._one_wait_since: float | None = None
        self._pids_before: frozenset[int] = frozenset()
        self.blockers: tuple[str, ...] = ()
        """Each as 'pid application state age'."""
        self.last_blockers: tuple[str, ...] = ()
        """Of the last wait, also when it is over: what an attempt that failed was held up by."""
        self.blocking_cost = BlockingCost()
        """What our session has cost others since this watch began."""
        self._looked_at: float | None = None

    @property
    def blocked_for(self) -> float:
        """Seconds the statement has been waiting; 0 when it is not."""
        return 0.0 if self._since is None else time.monotonic() - self._since

    @property
    def held_up_for(self) -> float:
        """Seconds it has waited for one lock: for the same sessions, or for those of them that are left."""
        return 0.0 if self._one_wait_since is None else time.monotonic() - self._one_wait_since

    @property
    def is_waiting(self) -> bool:
        """Whether the statement waited for a lock when last looked."""
        return self._since is not None

    @property
    def sees(self) -> bool:
        """Whether it has looked, and lately: what it last saw is no answer to who waits behind us now."""
        return self._looked_at is not None and time.monotonic() - self._looked_at < SEES_FOR

    @property
    def cost(self) -> BlockingCost | None:
        """What our session has cost others; None: it never saw."""
        return None if self._looked_at is None else self.blocking_cost

    def use(self, connection: Connection) -> None:
        """Ask on this session from now on: the one before is silent."""
        self._connection = connection

    async def _ask(self, pids: Sequence[int]) -> tuple[list[tuple[Blocker, ...] | None], dict[int, Victim]]:
        waits = [await waiting_for(self._connection, pid) for pid in pids]
        return waits, {victim.pid: victim for pid in pids for victim in await find_victims(self._connection, pid)}

    async def look(self) -> bool:
        """Look once; True when a statement of ours waits for a lock."""
        pids = tuple(self._pids())
        try:
            waits, victims = await within(self._connection, self._ask(pids), ANSWER_TIMEOUT)
        except (psycopg.Error, TimeoutError):
            return self.is_waiting
        self._looked_at = time.monotonic()
        blocking_cost = add(self.blocking_cost, [victim for pid, victim in victims.items() if pid not in pids])
        waiting = [found for found in waits if found is not None]
        blockers = tuple(str(blocker) for found in waiting for blocker in found)
        self._follow_one_wait(frozenset(blocker.pid for found in waiting for blocker in found))
        if not waiting:
            self._since = None
        elif self._since is None:
            self._since = time.monotonic()
        if blockers:
            self.last_blockers = blockers
        if blockers != self.blockers or blocking_cost != self.blocking_cost:
            self.blockers, self.blocking_cost = blockers, blocking_cost
            self._changed()
        return bool(waiting)

    def _follow_one_wait(self, pids: frozenset[int]) -> None:
        if not pids:
            self._one_wait_since = None
        elif self._one_wait_since is None or not pids & self._pids_before:
            self._one_wait_since = time.monotonic()
        self._pids_before = pids
