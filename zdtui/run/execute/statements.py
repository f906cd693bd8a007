"""Statements that cannot run in one transaction, one after another, each journaled before it is sent and after.

Crash points: between "sent" and "finished" a statement is in doubt, and is settled by looking
(`zdtui.run.decisions.recovery`), never by guessing. Those before it are known to be done and are not run again. One
that may run in a transaction and needs a strong lock, or changes rows, gets one of its own, with its locks and its
"finished": it is done or it is not. A CALL or DO of a step with `transaction: off` may have committed a part of its
work when it fails: it is in doubt then, too.
"""

import time
from dataclasses import dataclass
from functools import partial

import psycopg

from zdtui.postgres.commands import set_local, set_session
from zdtui.postgres.sessions.authors import authors_path
from zdtui.postgres.sessions.error_text import sentence
from zdtui.postgres.sessions.restoring import keep_path
from zdtui.postgres.sessions.session import backend_pid
from zdtui.postgres.table_locks.at_work import left_at_work
from zdtui.run.execute.leftovers import Before, NotAsMeantError, as_meant, left_behind, look_after, look_before
from zdtui.run.execute.lock_acquisition import LockAcquisition, again, prepare
from zdtui.run.execute.put_back import our_path_after_commit, ourselves_after_statement, ourselves_in_transaction
from zdtui.run.execute.there_already import look_at_what_was_there
from zdtui.run.execute.timeouts import Timeouts, timeouts
from zdtui.run.execute.transaction import try_again, with_locks, worth_another_try
from zdtui.run.execute.work import Work, refused
from zdtui.run.journal.within import Within
from zdtui.run.model import events as e
from zdtui.run.model.activity import Doing
from zdtui.run.model.outcome import Done, Doubtful, Held, LinkLost, Outcome, told_of
from zdtui.sql.split import may_have_committed
from zdtui.sql.statement import Statement, StatementClass


async def perform_statements(work: Work, statements: tuple[Statement, ...]) -> Outcome:
    """Run those statements that are not known to be done, each on its own."""
    state = work.state
    known = state.statements_done if work.direction is e.Direction.FORWARD else state.statements_undone
    for index in range(known, len(statements)):
        outcome = await _with_tries(work, statements[index], index, len(statements))
        if not isinstance(outcome, Done):
            return outcome
    return Done()


async def _with_tries(work: Work, statement: Statement, index: int, total: int) -> Outcome:
    tries = 1 + work.step.limits.retries
    taking = await prepare(work, (statement,) if statement.transactional else ())
    before = await look_before(work.connection, statement)
    while (held := work.stopped()) is None:
        if not taking.looked:
            work.show(Doing.SENDING, try_number=taking.failed + 1, tries_total=tries)
        work.control.let_go = None
        began = time.monotonic()
        try:
            ended = await _once(work, _One(statement, index, total, before), taking)
        except psycopg.Error as error:
            if may_have_committed(statement):
                return _in_part(refused(error, work), statement, index)
            again_worth_it = worth_another_try(work, error)
            outcome = await left_behind(work.connection, statement, refused(error, work), before)
            if not again_worth_it or _is_left(outcome):
                return outcome
            taking.failed += 1
            if held := await try_again(work, error, taking.failed, tries, time.monotonic() - began):
                return held
            await again(taking)
        except NotAsMeantError as error:
            return error.outcome
        else:
            if ended is not None:
                return ended
    return held


def _in_part(outcome: Outcome, statement: Statement, index: int) -> Outcome:
    """Never tried again by itself: a person looks what stands, and says whether it is done."""
    if isinstance(outcome, LinkLost):
        return outcome
    return Doubtful(index, f"{told_of(outcome)}; what the {statement.kind} had committed by then stays")


def _is_left(outcome: Outcome) -> bool:
    """Whether something is left behind that has to go before another try."""
    return isinstance(outcome, Held) and outcome.why is e.HoldKind.INVALID_INDEX


@dataclass(frozen=True, slots=True)
class _One:
    """A statement, its place among `total`, and what was there before it."""

    statement: Statement
    index: int
    total: int
    before: Before

    @property
    def outwaits(self) -> bool:
        """Whether it is a CONCURRENTLY one."""
        return self.statement.statement_class is StatementClass.CONCURRENTLY

    @property
    def changes_rows(self) -> bool:
        """Whether it is DML that a transaction takes: sent again by mistake it would change them twice."""
        return self.statement.transactional and self.statement.statement_class is StatementClass.DML


async def _once(work: Work, one: _One, taking: LockAcquisition) -> Outcome | None:
    """How it ended; None when its locks were not to be had, so that nothing was sent."""
    limits = timeouts(one.statement.statement_class, work.step.limits, work.host.queue_ceiling(work.step))
    work.lock_limit = limits.lock.total_seconds()
    if taking.needed:
        outcome = await with_locks(taking, partial(_send_in_transaction, work, one, None), limits)
    elif one.changes_rows:
        outcome = await with_locks(taking, partial(_send_in_transaction, work, one, limits), None)
    else:
        await _set_session(work, limits)
        return await _send(work, one)
    await our_path_after_commit(work)
    return outcome


async def _send(work: Work, one: _One) -> Outcome:
    await work.recorder.before(_sent(work, one, transactional=False))
    try:
        async with left_at_work(work.connection, one.outwaits):
            finished = await _execute(work, one)
    finally:
        await ourselves_after_statement(work)
    try:
        wrong = await look_after(work.connection, one.statement, one.index, one.before)
        if wrong is None:
            await look_at_what_was_there(work, one.statement, one.index, (one.statement,))
    except NotAsMeantError as error:
        return error.outcome
    except psycopg.Error as error:
        return LinkLost(f"what {one.statement.kind} left could not be looked up: {sentence(error)}")
    if wrong is not None:
        return wrong
    work.recorder.note(finished)
    return Done()


async def _send_in_transaction(work: Work, one: _One, limits: Timeouts | None, journal: Within) -> None:
    """That it is done is committed with it: this one is never in doubt. `limits`: those not in force already."""
    if limits is not None:
        said = f"{set_local(limits.settings())}; {authors_path(work.connection)}"
        await work.connection.execute(said.encode())
    work.recorder.note(_sent(work, one, transactional=True))
    finished = await _execute(work, one)
    await keep_path(work.connection, pin=False)
    await ourselves_in_transaction(work)
    await as_meant(work.connection, one.statement, one.index, one.before)
    await look_at_what_was_there(work, one.statement, one.index, (one.statement,))
    await journal.write(finished)


def _sent(work: Work, one: _One, transactional: bool) -> e.StatementSent:
    pid = backend_pid(work.connection)
    return e.StatementSent(
        step=work.step.id, index=one.index, sql=one.statement.text, pid=pid, transactional=transactional
    )


async def _execute(work: Work, one: _One) -> e.StatementFinished:
    """Of a step outside a transaction every statement that is finished counts for itself."""
    work.sending(one.statement.text, one.index, one.total, outwaits=one.outwaits)
    began = time.monotonic()
    try:
        cursor = await work.connection.execute(one.statement.text.encode())
    finally:
        work.answered()
    is_dml = one.statement.statement_class is StatementClass.DML
    rows = cursor.rowcount if is_dml and cursor.rowcount >= 0 else None
    seconds = time.monotonic() - began
    return e.StatementFinished(step=work.step.id, index=one.index, rows=rows, seconds=seconds, transactional=False)


async def _set_session(work: Work, limits: Timeouts) -> None:
    said = f"{set_session(limits.settings())}; {authors_path(work.connection, local=False)}"
    await work.connection.execute(said.encode())
