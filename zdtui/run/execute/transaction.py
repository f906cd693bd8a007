"""Statements in one transaction: their locks first, without queueing; their success is committed with them.

Crash points: before COMMIT reaches the server nothing of the step remains and the journal does not say it
succeeded; after it, both are there. There is no third case, so nothing is ever guessed.
"""

import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from functools import partial

import psycopg

from zdtui.counted import counted
from zdtui.postgres.commands import set_local
from zdtui.postgres.sessions.authors import authors_path
from zdtui.postgres.sessions.error_text import sentence
from zdtui.postgres.sessions.restoring import path_as_left
from zdtui.postgres.sessions.session import backend_pid
from zdtui.run.execute.leftovers import NotAsMeantError, as_meant, is_looked_after
from zdtui.run.execute.lock_acquisition import LockAcquisition, again, prepare
from zdtui.run.execute.put_back import ourselves_in_transaction
from zdtui.run.execute.there_already import look_at_what_was_there, says_so
from zdtui.run.execute.timeouts import Timeouts, timeouts
from zdtui.run.execute.work import Work, refused
from zdtui.run.journal.store import forget_progress
from zdtui.run.journal.within import Within
from zdtui.run.locks.policy import GiveUp, WaitInQueue, WaitOutsideQueue
from zdtui.run.locks.retry import RETRIED_SQLSTATES, pause_before
from zdtui.run.model import events as e
from zdtui.run.model.activity import Doing
from zdtui.run.model.outcome import Done, Held, Outcome
from zdtui.sql.statement import Statement, StatementClass

NOTHING_REMAINS = "nothing of the step remains"
NO_LOCK = frozenset({"55P03", "40P01", "57014"})
HELD_BACK = 0.05
"""Seconds at most for which the journal of what goes on waits, so that its flushes do not keep our commit waiting."""


async def perform_transaction(work: Work, statements: tuple[Statement, ...]) -> Outcome:
    """Run the statements and the event that says so, all or nothing.

    Held when the locks are not to be had within the step's patience, or 1 + retries attempts were let go of.
    """
    taking = await prepare(work, statements)
    tries = 1 + work.step.limits.retries
    while (held := work.stopped()) is None:
        if not taking.looked:
            work.show(Doing.SENDING, try_number=taking.failed + 1, tries_total=tries)
        work.control.let_go = None
        began = time.monotonic()
        try:
            first = _limits(work, statements[0]) if taking.needed else None
            ended = await with_locks(taking, partial(_once, work, statements, taking, first), first)
        except psycopg.Error as error:
            if not worth_another_try(work, error):
                return refused(error, work)
            taking.failed += 1
            if held := await try_again(work, error, taking.failed, tries, time.monotonic() - began):
                return held
            await again(taking)
            continue
        except NotAsMeantError as error:
            return error.outcome
        if ended is not None:
            return ended
    return held


async def with_locks(
    taking: LockAcquisition, do: Callable[[Within], Awaitable[None]], limits: Timeouts | None
) -> Done | Held | None:
    """One move: open a transaction, take the locks, and do it. None: the locks were not to be had, look again.

    Done: it is committed, with the events that `do` has written to the journal as its last act.

    `limits`: what the first statement runs under, where there is anything to lock.
    """
    work = taking.work
    move = await taking.next_move() if limits is not None else WaitOutsideQueue(0.0)
    if isinstance(move, GiveUp):
        return taking.held(move)
    began = time.monotonic()
    with ExitStack() as until_committed:
        done = False
        async with work.recorder.within(work.connection) as journal, work.connection.transaction():
            if limits is not None and not await taking.carry_out(move, limits):
                raise psycopg.Rollback
            until_committed.enter_context(work.recorder.hold_back(HELD_BACK))
            taking.done()
            await do(journal)
            done = True
    if done:
        return Done()
    if isinstance(move, WaitInQueue):
        taking.let_go(move, time.monotonic() - began)
    return None


def worth_another_try(work: Work, error: psycopg.Error) -> bool:
    """A lock timeout, a deadlock, or an attempt that our watchdog withdrew: nothing of it remains."""
    if work.connection.broken or work.control.stop is not None:
        return False
    withdrawn = work.control.let_go is not None and isinstance(error, psycopg.errors.QueryCanceled)
    return withdrawn or error.sqlstate in RETRIED_SQLSTATES


def _limits(work: Work, statement: Statement) -> Timeouts:
    return timeouts(statement.statement_class, work.step.limits, work.host.queue_ceiling(work.step))


async def _once(
    work: Work, statements: tuple[Statement, ...], taking: LockAcquisition, current: Timeouts | None, journal: Within
) -> None:
    """`current`: the limits that are in force already."""
    rows: int | None = None
    lock_seconds = taking.seconds if taking.needed else 0.0
    for index, statement in enumerate(statements):
        wanted = _limits(work, statement)
        if wanted != current:
            await _set_local(work, wanted, first=current is None)
            current = wanted
        work.lock_limit = wanted.lock.total_seconds()
        count = await _send(work, statement, index, len(statements))
        rows = _add(rows, count)
    if work.skipped or any(is_looked_after(statement) or says_so(statement) for statement in statements):
        async with path_as_left(work.connection):
            await ourselves_in_transaction(work)
            for index, (statement, before) in enumerate(zip(statements, taking.before, strict=True)):
                await as_meant(work.connection, statement, index, before)
                await look_at_what_was_there(work, statement, index, statements)
    await journal_outcome(work, journal, rows, lock_seconds)


async def _send(work: Work, statement: Statement, index: int, total: int) -> int | None:
    work.sending(statement.text, index, total)
    work.recorder.note(
        e.StatementSent(step=work.step.id, index=index, sql=statement.text, pid=backend_pid(work.connection))
    )
    began = time.monotonic()
    try:
        cursor = await work.connection.execute(statement.text.encode())
    finally:
        work.answered()
    rows = cursor.rowcount if statement.statement_class is StatementClass.DML and cursor.rowcount >= 0 else None
    work.recorder.note(e.StatementFinished(step=work.step.id, index=index, rows=rows, seconds=time.monotonic() - began))
    return rows


async def journal_outcome(work: Work, journal: Within, rows: int | None, lock_seconds: float = 0.0) -> None:
    """Write what the transaction amounts to, inside it; it becomes true for us once the transaction is committed.

    By our own role and search_path, whatever the author's statements have set.
    """
    await ourselves_in_transaction(work)
    if work.direction is e.Direction.BACK:
        await forget_progress(work.connection, work.recorder.run, work.step.id)
    await journal.write(_meaning(work, rows, lock_seconds))


def _meaning(work: Work, rows: int | None, lock_seconds: float) -> e.Event:
    blocking_cost, seconds = work.host.blocking_cost, work.seconds
    if work.direction is e.Direction.BACK:
        return e.StepRolledBack(
            step=work.step.id, seconds=seconds, victims=blocking_cost.victims, victim_seconds=blocking_cost.seconds
        )
    if work.step.verify:
        return e.StepApplied(
            step=work.step.id,
            rows=rows,
            seconds=seconds,
            lock_seconds=lock_seconds,
            victims=blocking_cost.victims,
            victim_seconds=blocking_cost.seconds,
        )
    return e.StepSucceeded(
        step=work.step.id,
        rows=rows,
        seconds=seconds,
        note="; ".join(work.remarks.values()),
        lock_seconds=lock_seconds,
        victims=blocking_cost.victims,
        victim_seconds=blocking_cost.seconds,
    )


async def _set_local(work: Work, wanted: Timeouts, first: bool) -> None:
    """Limits, and before the first statement the author's search_path: a later one is as those before it left it."""
    path = [authors_path(work.connection)] if first else []
    text = "; ".join([set_local(wanted.settings()), *path])
    await work.connection.execute(text.encode())


async def try_again(
    work: Work, error: psycopg.Error, number: int, tries: int, waited: float, remains: str = NOTHING_REMAINS
) -> Held | None:
    """Journal a failed try and rest (None: try again). Held when no try is left or a stop was asked for."""
    last = number == tries
    pause = None if last else pause_before(number + 1, work.host.random.random())
    blockers, cost = work.host.last_blockers, work.cost_of_this_try()
    work.recorder.note(
        e.AttemptFailed(
            step=work.step.id,
            try_number=number,
            sqlstate=error.sqlstate or "",
            message=work.control.let_go or sentence(error),
            waited=waited,
            retry_in=pause,
            blockers=blockers,
            victims=cost.victims,
            victim_seconds=cost.seconds,
        )
    )
    by = f", held up by {', '.join(blockers)}" if blockers else ""
    if pause is None:
        why = "no lock" if error.sqlstate in NO_LOCK else f"no success ({error.sqlstate} {sentence(error)})"
        return Held(e.HoldKind.LOCK, f"{why} in {counted(number, 'try', 'tries')}{by}; {remains}")
    work.show(Doing.WAITING_TO_RETRY, retry_at=time.monotonic() + pause, reason=f"try {number} of {tries}{by}")
    await work.control.sleep(pause)
    return work.stopped()


def _add(total: int | None, count: int | None) -> int | None:
    return total if count is None else (total or 0) + count
