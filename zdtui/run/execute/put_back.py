"""Ourselves again after a statement of the author's, and the session as it was opened after a step.

The lock on the run is looked at where it is, on the server, before anything is journaled: a step may have let go of
it (pg_advisory_unlock_all, DISCARD ALL). It is taken again at once if it is free; if not, the journal refuses the rest.
"""

import contextlib
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import psycopg

from zdtui.postgres.commands import set_session
from zdtui.postgres.journal import LOCK_KEY, journal_sql
from zdtui.postgres.sessions.restoring import as_ourselves, keep_path, restore
from zdtui.postgres.sessions.settings import OUR_PATH
from zdtui.run.execute.work import Work

MOST_CANCELS = 3
"""Times that a question of ours is asked in all, where somebody cancels it."""

Answer = TypeVar("Answer")

KEEP_LOCK = journal_sql("keep_lock").decode().replace("$1", str(LOCK_KEY))


async def ourselves_in_transaction(work: Work) -> None:
    """Inside the author's transaction, before it is journaled: by our role and search_path. Raises psycopg.Error."""
    await _keep_lock(work, f"{as_ourselves(work.connection)}; ")


async def ourselves_after_statement(work: Work) -> None:
    """After a statement outside a transaction. A session that is gone has nothing to put back."""
    with contextlib.suppress(psycopg.Error):
        await _whoever_cancels(lambda: keep_path(work.connection, pin=True))
        await _whoever_cancels(lambda: _keep_lock(work))


async def our_path_after_commit(work: Work) -> None:
    """After a statement that was committed with its "finished": an error of this is none of the statement's, which
    would be sent again for it.
    """
    with contextlib.suppress(psycopg.Error):
        await _whoever_cancels(lambda: work.connection.execute(set_session([("search_path", OUR_PATH)]).encode()))


async def put_back(work: Work) -> bool:
    """The session as it was opened; False when the run's lock is another's by now. Raises psycopg.Error."""
    rows = await _whoever_cancels(lambda: restore(work.connection, LOCK_KEY, KEEP_LOCK))
    return _noted(work, rows[0])


async def _whoever_cancels(ask: Callable[[], Awaitable[Answer]]) -> Answer:
    """A cancel meant for the author's statement, by whomever, that comes late and meets a question of ours.

    The session is whole: the question is asked again. Nothing that is asked so does harm when it is done twice.
    """
    for _ in range(MOST_CANCELS - 1):
        with contextlib.suppress(psycopg.errors.QueryCanceled):
            return await ask()
    return await ask()


async def _keep_lock(work: Work, first: str = "") -> bool:
    """`first`: what is done before it, in the same journey."""
    cursor = await work.connection.execute(f"{first}{KEEP_LOCK}".encode())
    while cursor.nextset():
        pass
    return _noted(work, await cursor.fetchone())


def _noted(work: Work, row: tuple[Any, ...] | None) -> bool:
    was, held = row if row is not None else (False, False)
    work.lock_let_go = work.lock_let_go or not was
    return bool(held)
