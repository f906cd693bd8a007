"""Ourselves again after a statement of the author's, and the session as it was opened after a step.

The lock on the run is looked at where it is, on the server, before anything is journaled: a step may have let go of
it (pg_advisory_unlock_all, DISCARD ALL). It is taken again at once if it is free; if not, the journal refuses the rest.
"""

import contextlib
from typing import Any

import psycopg

from zdtui.postgres.journal import LOCK_KEY, journal_sql
from zdtui.postgres.restoring import as_ourselves, keep_path, restore
from zdtui.run.work import Work

KEEP_LOCK = journal_sql("keep_lock").decode().replace("$1", str(LOCK_KEY))


async def ourselves_in_transaction(work: Work) -> None:
    """Inside the author's transaction, before it is journaled: by our role and search_path. Raises psycopg.Error."""
    cursor = await work.connection.execute(f"{as_ourselves(work.connection)}; {KEEP_LOCK}".encode())
    await _noted(work, cursor)


async def ourselves_after_statement(work: Work) -> None:
    """After a statement outside a transaction. A session that is gone has nothing to put back."""
    with contextlib.suppress(psycopg.Error):
        await keep_path(work.connection, pin=True)
        await _noted(work, await work.connection.execute(KEEP_LOCK.encode()))


async def put_back(work: Work) -> bool:
    """The session as it was opened; False when the run's lock is another's by now. Raises psycopg.Error."""
    await restore(work.connection, LOCK_KEY)
    return await _noted(work, await work.connection.execute(KEEP_LOCK.encode()))


async def _noted(work: Work, cursor: psycopg.AsyncCursor[Any]) -> bool:
    while cursor.nextset():
        pass
    row = await cursor.fetchone()
    was, held = row if row is not None else (False, False)
    work.lock_let_go = work.lock_let_go or not was
    return bool(held)
