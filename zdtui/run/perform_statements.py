"""Statements that cannot run in a transaction, one after another, each journaled before it is sent and after.

Crash points: between "sent" and "finished" a statement is in doubt, and is settled by looking (`zdtui.run.settle`),
never by guessing. Those before it are known to be done and are not run again.
"""

import time

import psycopg

from zdtui.errors import JournalError
from zdtui.postgres.indexes import invalid_leftover
from zdtui.run import events as e
from zdtui.run.limits import timeouts
from zdtui.run.outcome import Done, Failed, Held, LinkLost, Outcome
from zdtui.run.perform_transaction import try_again
from zdtui.run.retry import RETRIED_SQLSTATES
from zdtui.run.snapshot import Doing
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
    for number in range(1, tries + 1):
        if held := work.stopped():
            return held
        work.show(Doing.SENDING, try_number=number, tries_total=tries)
        began = time.monotonic()
        try:
            return await _once(work, statement, index, total)
        except psycopg.Error as error:
            outcome = await _left_behind(work, statement, refused(error, work))
            if not isinstance(outcome, Failed) or error.sqlstate not in RETRIED_SQLSTATES:
                return outcome
            if held := await try_again(work, error, number, tries, time.monotonic() - began):
                return held
        except JournalError as error:
            return LinkLost(str(error))
    raise AssertionError("the last try returns")


async def _once(work: Work, statement: Statement, index: int, total: int) -> Outcome:
    await _set_session(work, statement)
    pid = work.connection.info.backend_pid
    await work.recorder.before(
        e.StatementSent(step=work.step.id, index=index, sql=statement.text, pid=pid, transactional=False)
    )
    work.sending(statement.text, index, total)
    began = time.monotonic()
    cursor = await work.connection.execute(statement.text.encode())
    rows = cursor.rowcount if statement.statement_class is StatementClass.DML and cursor.rowcount >= 0 else None
    await work.recorder.before(
        e.StatementFinished(
            step=work.step.id, index=index, rows=rows, seconds=time.monotonic() - began, transactional=False
        )
    )
    return Done()


async def _set_session(work: Work, statement: Statement) -> None:
    for name, value in timeouts(statement.statement_class, work.step.limits).settings():
        await work.connection.execute("SELECT pg_catalog.set_config(%s, %s, false)", [name, value])


async def _left_behind(work: Work, statement: Statement, outcome: Outcome) -> Outcome:
    """A CONCURRENTLY build that did not end well leaves an invalid index: name it, and hold until it is removed."""
    if isinstance(outcome, LinkLost) or statement.statement_class is not StatementClass.CONCURRENTLY:
        return outcome
    name = await invalid_leftover(work.connection, statement)
    if name is None:
        return outcome
    why = outcome.detail if isinstance(outcome, Held) else outcome.message if isinstance(outcome, Failed) else ""
    return Held(e.HoldKind.INVALID_INDEX, f"{name} was left invalid: {why}")
