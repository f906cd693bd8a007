"""Statements in one transaction, tried again on lock timeout and deadlock; their success is committed with them.

Crash points: before COMMIT reaches the server nothing of the step remains and the journal does not say it
succeeded; after it, both are there. There is no third case, so nothing is ever guessed.
"""

import time

import psycopg

from zdtui.run import events as e
from zdtui.run import journal
from zdtui.run.limits import Timeouts, timeouts
from zdtui.run.outcome import Done, Held, Outcome
from zdtui.run.retry import RETRIED_SQLSTATES, pause_before
from zdtui.run.snapshot import Doing
from zdtui.run.work import Work, refused, sentence
from zdtui.sql.statement import Statement, StatementClass


async def perform_transaction(work: Work, statements: tuple[Statement, ...]) -> Outcome:
    """Run the statements and the event that says so, all or nothing, in at most 1 + retries tries."""
    tries = 1 + work.step.limits.retries
    for number in range(1, tries + 1):
        if held := work.stopped():
            return held
        work.show(Doing.SENDING, try_number=number, tries_total=tries)
        began = time.monotonic()
        try:
            success = await _once(work, statements)
        except psycopg.Error as error:
            outcome = refused(error, work)
            if error.sqlstate not in RETRIED_SQLSTATES or work.connection.broken:
                return outcome
            if held := await try_again(work, error, number, tries, time.monotonic() - began):
                return held
        else:
            work.recorder.committed(success)
            return Done()
    raise AssertionError("the last try returns")


async def _once(work: Work, statements: tuple[Statement, ...]) -> e.Recorded:
    connection = work.connection
    async with connection.transaction():
        current: Timeouts | None = None
        rows: int | None = None
        for index, statement in enumerate(statements):
            wanted = timeouts(statement.statement_class, work.step.limits)
            if wanted != current:
                await _set_local(work, wanted)
                current = wanted
            count = await _send(work, statement, index, len(statements))
            rows = _add(rows, count)
        return await journal_outcome(work, rows)


async def _send(work: Work, statement: Statement, index: int, total: int) -> int | None:
    work.sending(statement.text, index, total)
    work.recorder.note(
        e.StatementSent(step=work.step.id, index=index, sql=statement.text, pid=work.connection.info.backend_pid)
    )
    began = time.monotonic()
    cursor = await work.connection.execute(statement.text.encode())
    rows = cursor.rowcount if statement.statement_class is StatementClass.DML and cursor.rowcount >= 0 else None
    work.recorder.note(e.StatementFinished(step=work.step.id, index=index, rows=rows, seconds=time.monotonic() - began))
    return rows


async def journal_outcome(work: Work, rows: int | None) -> e.Recorded:
    """Write what the transaction amounts to, inside it; it becomes true for us once the transaction is committed."""
    recorded = work.recorder.prepare(_meaning(work, rows))
    if work.direction is e.Direction.BACK:
        await journal.forget_progress(work.connection, work.recorder.run, work.step.id)
    await journal.insert(work.connection, recorded)
    return recorded


def _meaning(work: Work, rows: int | None) -> e.Event:
    if work.direction is e.Direction.BACK:
        return e.StepRolledBack(step=work.step.id, seconds=work.seconds)
    if work.step.verify:
        return e.StepApplied(step=work.step.id, rows=rows, seconds=work.seconds)
    return e.StepSucceeded(step=work.step.id, rows=rows, seconds=work.seconds)


async def _set_local(work: Work, wanted: Timeouts) -> None:
    for name, value in wanted.settings():
        await work.connection.execute("SELECT pg_catalog.set_config(%s, %s, true)", [name, value])


async def try_again(work: Work, error: psycopg.Error, number: int, tries: int, waited: float) -> Held | None:
    """Journal a failed try and rest (None: try again). Held when no try is left or a stop was asked for."""
    last = number == tries
    pause = None if last else pause_before(number + 1, work.random.random())
    blockers = work.blockers()
    work.recorder.note(
        e.AttemptFailed(
            step=work.step.id,
            try_number=number,
            sqlstate=error.sqlstate or "",
            message=sentence(error),
            waited=waited,
            retry_in=pause,
            blockers=blockers,
        )
    )
    by = f", held up by {', '.join(blockers)}" if blockers else ""
    if pause is None:
        return Held(e.HoldKind.LOCK, f"no lock in {number} tries{by}; nothing of the step remains")
    work.show(Doing.WAITING_TO_RETRY, retry_at=time.monotonic() + pause, reason=f"try {number} of {tries}{by}")
    await work.control.sleep(pause)
    return work.stopped()


def _add(total: int | None, count: int | None) -> int | None:
    return total if count is None else (total or 0) + count
