"""Statements that cannot run in one transaction, one after another, each journaled before it is sent and after.

Crash points: between "sent" and "finished" a statement is in doubt, and is settled by looking (`zdtui.run.settle`),
never by guessing. Those before it are known to be done and are not run again. One that needs a strong lock and may run
in a transaction gets one of its own, with its locks and its "finished": it is done or it is not.
"""

import time
from functools import partial

import psycopg

from zdtui.postgres.authors import authors_path
from zdtui.postgres.indexes import invalid_leftover
from zdtui.postgres.restoring import keep_path
from zdtui.postgres.session import backend_pid
from zdtui.postgres.session_settings import OUR_PATH
from zdtui.run import events as e
from zdtui.run.limits import Timeouts, timeouts
from zdtui.run.outcome import Done, Failed, Held, LinkLost, Outcome
from zdtui.run.perform_transaction import try_again, with_locks, worth_another_try
from zdtui.run.put_back import ourselves_after_statement, ourselves_in_transaction
from zdtui.run.snapshot import Doing
from zdtui.run.taking import Taking, again, prepare
from zdtui.run.within import Within
from zdtui.run.work import Work, refused
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
    while (held := work.stopped()) is None:
        if not taking.looked:
            work.show(Doing.SENDING, try_number=taking.failed + 1, tries_total=tries)
        work.control.let_go = None
        began = time.monotonic()
        try:
            ended = await _once(work, statement, index, total, taking)
        except psycopg.Error as error:
            again_worth_it = worth_another_try(work, error)
            outcome = await _left_behind(work, statement, refused(error, work))
            if not again_worth_it or _is_left(outcome):
                return outcome
            taking.failed += 1
            if held := await try_again(work, error, taking.failed, tries, time.monotonic() - began):
                return held
            again(taking)
        else:
            if ended is not None:
                return ended
    return held


def _is_left(outcome: Outcome) -> bool:
    """Whether something is left behind that has to go before another try."""
    return isinstance(outcome, Held) and outcome.why is e.HoldKind.INVALID_INDEX


async def _once(work: Work, statement: Statement, index: int, total: int, taking: Taking) -> Outcome | None:
    """Done or Held; None when its locks were not to be had, so that nothing was sent."""
    limits = timeouts(statement.statement_class, work.step.limits, work.queue_ceiling())
    if not taking.needed:
        await _set_session(work, limits)
        return await _send(work, statement, index, total)
    outcome = await with_locks(taking, partial(_send_in_transaction, work, statement, index, total), limits)
    await work.connection.execute(f"SET search_path = {OUR_PATH}".encode())
    return outcome


async def _send(work: Work, statement: Statement, index: int, total: int) -> Done:
    await work.recorder.before(_sent(work, statement, index, transactional=False))
    try:
        finished = await _execute(work, statement, index, total)
    finally:
        await ourselves_after_statement(work)
    work.recorder.note(finished)
    return Done()


async def _send_in_transaction(work: Work, statement: Statement, index: int, total: int, journal: Within) -> None:
    """That it is done is committed with it: this one is never in doubt."""
    work.recorder.note(_sent(work, statement, index, transactional=True))
    executed = await _execute(work, statement, index, total)
    await keep_path(work.connection, pin=False)
    await ourselves_in_transaction(work)
    await journal.write(executed)


def _sent(work: Work, statement: Statement, index: int, transactional: bool) -> e.StatementSent:
    pid = backend_pid(work.connection)
    return e.StatementSent(step=work.step.id, index=index, sql=statement.text, pid=pid, transactional=transactional)


async def _execute(work: Work, statement: Statement, index: int, total: int) -> e.StatementFinished:
    """Of a step outside a transaction every statement that is finished counts for itself."""
    work.sending(statement.text, index, total)
    work.show(Doing.SENDING, outwaits=statement.statement_class is StatementClass.CONCURRENTLY)
    began = time.monotonic()
    cursor = await work.connection.execute(statement.text.encode())
    rows = cursor.rowcount if statement.statement_class is StatementClass.DML and cursor.rowcount >= 0 else None
    seconds = time.monotonic() - began
    return e.StatementFinished(step=work.step.id, index=index, rows=rows, seconds=seconds, transactional=False)


async def _set_session(work: Work, limits: Timeouts) -> None:
    """The statement's limits, and the author's search_path as the statements before it left it."""
    said = [*(f"SET {name} = {value}" for name, value in limits.settings()), authors_path(work.connection, local=False)]
    await work.connection.execute("; ".join(said).encode())


async def _left_behind(work: Work, statement: Statement, outcome: Outcome) -> Outcome:
    """A CONCURRENTLY build that did not end well leaves an invalid index: name it, and hold until it is removed."""
    if isinstance(outcome, LinkLost) or statement.statement_class is not StatementClass.CONCURRENTLY:
        return outcome
    name = await invalid_leftover(work.connection, statement)
    if name is None:
        return outcome
    why = outcome.detail if isinstance(outcome, Held) else outcome.message if isinstance(outcome, Failed) else ""
    return Held(e.HoldKind.INVALID_INDEX, f"{name} was left invalid: {why}")
