"""What the operator may do beside the steps: signal another backend, remove an invalid index. Confirmed, journaled."""

import contextlib

import psycopg

from zdtui.postgres.commands import command
from zdtui.postgres.sessions.authors import authors_path
from zdtui.postgres.sessions.restoring import keep_path
from zdtui.postgres.sessions.signal import signal_backend
from zdtui.postgres.table_locks.at_work import left_at_work
from zdtui.run.execute.work import Work, refused
from zdtui.run.journal.store import Connection
from zdtui.run.model import effects as f
from zdtui.run.model import events as e
from zdtui.run.model.outcome import Done, Outcome


async def signal(connection: Connection, effect: f.Signal, own_pids: frozenset[int]) -> e.BackendSignalled:
    """Cancel or terminate the backend, if it is still the same one; the event says whether the signal was delivered."""
    delivered = effect.backend.pid not in own_pids and await signal_backend(connection, effect.backend, effect.action)
    return e.BackendSignalled(action=effect.action, pid=effect.backend.pid, who=effect.who, delivered=delivered)


async def drop_index(work: Work, effect: f.DropInvalidIndex) -> Outcome:
    """Run the confirmed DROP INDEX CONCURRENTLY without a short lock_timeout, as any such statement of a step."""
    connection = work.connection
    path = authors_path(connection, local=False)
    try:
        async with left_at_work(connection, True):
            await connection.execute(command("no_limits_for_session") + f"; {path}".encode())
            work.sending(effect.sql, 0, 1, outwaits=True)
            try:
                await connection.execute(effect.sql.encode())
            finally:
                work.answered()
                with contextlib.suppress(psycopg.Error):
                    await keep_path(connection, pin=True)
    except psycopg.Error as error:
        return refused(error, work)
    work.recorder.note(e.IndexCleanedUp(step=effect.step, index_name=effect.index_name, sql=effect.sql))
    return Done()
