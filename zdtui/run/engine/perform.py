"""Carrying one step out, forward or back, by the kind of its action. Every ending is journaled here or below."""

from datetime import UTC, datetime
from typing import assert_never

import psycopg

from zdtui.plan.model import (
    BackfillAction,
    CheckAction,
    CompareAction,
    CopyAction,
    ManualAction,
    SqlAction,
    SqlRollback,
    UnusedAction,
    WaitAction,
)
from zdtui.postgres.stored import find_stored
from zdtui.run.execute.soak import soak_until
from zdtui.run.execute.statements import perform_statements
from zdtui.run.execute.transaction import perform_transaction
from zdtui.run.execute.verify import verify_all
from zdtui.run.execute.work import Work, refused
from zdtui.run.locks.blocking_cost import BlockingCost
from zdtui.run.model import events as e
from zdtui.run.model.outcome import Done, Failed, Outcome
from zdtui.run.model.state import StepStatus
from zdtui.run.preflight.touched import of_statements
from zdtui.run.preflight.whole_table import not_on_this_server
from zdtui.sql.statement import Statement


async def perform(work: Work) -> Outcome:
    """Carry the step out. On Done the journal holds its StepSucceeded or StepRolledBack."""
    try:
        return await (_forward(work) if work.direction is e.Direction.FORWARD else _back(work))
    except psycopg.Error as error:
        return refused(error, work)


async def _forward(work: Work) -> Outcome:
    match work.step.action:
        case SqlAction() as text:
            statements = text.statements
            elsewhere = await _rows_elsewhere(work, statements)
            return await _statements(work, statements) if elsewhere is None else elsewhere
        case BackfillAction() | CopyAction() as action:
            outcome = await _batches(work, action)
            return await _verify_and_succeed(work) if isinstance(outcome, Done) else outcome
        case CompareAction() as action:
            outcome = await _comparison(work, action)
            return await _verify_and_succeed(work) if isinstance(outcome, Done) else outcome
        case CheckAction(query=query):
            outcome = await verify_all(work, (query,), "check", applied=False)
            return await _verify_and_succeed(work) if isinstance(outcome, Done) else outcome
        case ManualAction():
            return await _verify_and_succeed(work)
        case WaitAction() as action:
            return await _soak(work, action)
        case UnusedAction() as action:
            outcome = await _unused(work, action)
            return await _verify_and_succeed(work) if isinstance(outcome, Done) else outcome
        case _ as never:
            assert_never(never)


# What works in batches is some thirty modules: the first step that needs them loads them, not the first frame.


async def _batches(work: Work, action: BackfillAction | CopyAction) -> Outcome:
    from zdtui.run.bulk.backfill import perform_batches

    return await perform_batches(work, action)


async def _comparison(work: Work, action: CompareAction) -> Outcome:
    from zdtui.run.bulk.compare import perform_compare

    return await perform_compare(work, action)


async def _unused(work: Work, action: UnusedAction) -> Outcome:
    from zdtui.run.execute.unused import perform_unused

    return await perform_unused(work, action)


async def perform_retry(work: Work) -> Outcome:
    """Try every rejected row of the step again."""
    from zdtui.run.bulk.retry_rejected import retry_rejected

    return await retry_rejected(work)


async def _rows_elsewhere(work: Work, statements: tuple[Statement, ...]) -> Failed | None:
    """Why nothing of it is sent: a table's rows are on other servers, where our locks and limits do not reach."""
    names = list(dict.fromkeys(touch.name for touch in of_statements(work.step.id, statements)))
    for each in await find_stored(work.connection, names):
        if reason := not_on_this_server(each):
            return Failed(reason)
    return None


async def _statements(work: Work, statements: tuple[Statement, ...]) -> Outcome:
    """The statements that are not done yet, then verify. What is applied is never run again."""
    if _is_applied(work, statements):
        return await _verify_and_succeed(work)
    if runs_in_one_transaction(statements):
        outcome = await perform_transaction(work, statements)
        over = work.state.status is StepStatus.DONE
    else:
        outcome = await perform_statements(work, statements)
        over = False
    if not isinstance(outcome, Done) or over:
        return outcome
    if work.state.status is not StepStatus.APPLIED and work.step.verify:
        cost = work.host.blocking_cost
        await work.recorder.before(
            e.StepApplied(
                step=work.step.id,
                rows=None,
                seconds=work.seconds,
                victims=cost.victims,
                victim_seconds=cost.seconds,
            )
        )
    return await _verify_and_succeed(work)


def runs_in_one_transaction(statements: tuple[Statement, ...]) -> bool:
    """Whether all of it happens or none: true unless PostgreSQL refuses one of them in a transaction block."""
    return all(statement.transactional for statement in statements)


def _is_applied(work: Work, statements: tuple[Statement, ...]) -> bool:
    if runs_in_one_transaction(statements):
        return work.state.applied
    return work.state.statements_done >= len(statements)


async def _verify_and_succeed(work: Work) -> Outcome:
    outcome = await verify_all(work, work.step.verify, "verify", applied=True)
    if not isinstance(outcome, Done):
        return outcome
    told = work.state.status is StepStatus.APPLIED
    cost = BlockingCost() if told else work.host.blocking_cost
    await work.recorder.before(
        e.StepSucceeded(
            step=work.step.id,
            rows=work.state.rows,
            seconds=work.state.seconds or work.seconds,
            note=work.remark,
            victims=cost.victims,
            victim_seconds=cost.seconds,
        )
    )
    return outcome


async def _soak(work: Work, action: WaitAction) -> Outcome:
    """Until the wait, counted from the step's first start in the journal, is over."""
    began = work.state.started_at or datetime.now(UTC)
    return await soak_until(work, began + action.duration) or await _verify_and_succeed(work)


async def _back(work: Work) -> Outcome:
    """Undo the step; what left nothing behind needs no SQL, only the word that it is open again."""
    rollback = work.step.rollback
    statements = rollback.statements if isinstance(rollback, SqlRollback) and work.state.applied else ()
    if elsewhere := await _rows_elsewhere(work, statements):
        return elsewhere
    if runs_in_one_transaction(statements):
        return await perform_transaction(work, statements)
    outcome = await perform_statements(work, statements)
    return await perform_transaction(work, ()) if isinstance(outcome, Done) else outcome
