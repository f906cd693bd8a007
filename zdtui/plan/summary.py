"""A plan as the console will understand it, as lines of text. Pure; what `zdtui check` prints."""

from collections.abc import Iterator
from typing import assert_never

from zdtui.counted import counted
from zdtui.drawable import drawable
from zdtui.plan.model import (
    Action,
    BackfillAction,
    BatchTuning,
    CheckAction,
    CompareAction,
    CopyAction,
    Environment,
    Guards,
    Irreversible,
    Limits,
    ManualAction,
    NoRollback,
    Phase,
    Plan,
    SqlAction,
    SqlRollback,
    Step,
    WaitAction,
    Walk,
)
from zdtui.plan.secrets import without_secrets
from zdtui.quantities import format_duration

POINT_OF_NO_RETURN = "──────── point of no return ────────"


def summary_lines(plan: Plan) -> Iterator[str]:
    """Target, limits and guards, then every step by phase with how it runs and what undoes it."""
    return (_clean(line) for line in _lines(without_secrets(plan)))


def _lines(plan: Plan) -> Iterator[str]:
    target = plan.target
    loud = "PRODUCTION" if target.environment is Environment.PRODUCTION else str(target.environment)
    version = f", PostgreSQL {target.minimum_version} or later" if target.minimum_version else ""
    yield f"{plan.name}: {plan.title}"
    yield f"  {counted(len(plan.steps), 'step')} · {loud} · database {target.database or '(any)'}{version}"
    yield f"  defaults: {limits_line(plan.defaults)}"
    yield f"  guards: {guards_line(plan.guards)}"
    phase: Phase | None = None
    crossed = False
    for number, step in enumerate(plan.steps, 1):
        if step.is_point_of_no_return and not crossed:
            crossed = True
            yield f"  {POINT_OF_NO_RETURN}"
        if step.phase is not phase:
            phase = step.phase
            yield f"  {phase.upper()}"
        yield from _step(number, step, plan.defaults)


def limits_line(limits: Limits) -> str:
    """Limits in words: a timeout of nothing is none at all, as PostgreSQL takes it."""
    lock, statement = (
        format_duration(each) if each else "none" for each in (limits.lock_timeout, limits.statement_timeout)
    )
    return f"lock_timeout {lock}, statement_timeout {statement}, tried again {counted(limits.retries, 'time')}"


def guards_line(guards: Guards) -> str:
    """Guards in words; those that are off are left out."""
    lag, oldest = guards.replication_lag, guards.oldest_transaction
    parts = [
        None if lag is None else f"replay lag {format_duration(lag)}",
        None if guards.blocked_sessions is None else f"{counted(guards.blocked_sessions, 'session')} blocked by us",
        None if oldest is None else f"oldest transaction {format_duration(oldest)}",
    ]
    return ", ".join(part for part in parts if part) or "none"


def _step(number: int, step: Step, defaults: Limits) -> Iterator[str]:
    yield f"  {number:>3} {step.id:<28} {step.title}"
    for line in action_lines(step.action):
        yield f"        {line}"
    if step.limits != defaults:
        yield f"        {limits_line(step.limits)}"
    for line in _undo(step):
        yield f"        {line}"
    for query in step.verify:
        yield f"        verify: {_short(query)}"


def action_lines(action: Action) -> Iterator[str]:
    """What the action is, statement by statement, with the class each is run as."""
    match action:
        case SqlAction() as text:
            yield from _statements(text)
        case BackfillAction() as backfill:
            where = f" where {_short(backfill.where)}" if backfill.where else ""
            pages = "page, or by " if backfill.may_go_by_page else ""
            yield f"backfill {backfill.table} by {pages}{_key(backfill.key)}{where}"
            yield from (f"- {column} = {_short(expression)}" for column, expression in backfill.assignments)
            yield _tuning(backfill.tuning)
        case CopyAction() as copy:
            where = f" where {_short(copy.where)}" if copy.where else ""
            yield f"copy {copy.source} into {copy.into} by {_key(copy.key)}{where}"
            yield from (f"- {column} = {_short(expression)}" for column, expression in copy.columns)
            yield from (f"- only if {name}: {_short(predicate)}" for name, predicate in copy.valid)
            yield from (f"- {column} once all rows are there" for column in copy.second_pass)
            yield _tuning(copy.tuning)
        case CompareAction() as compare:
            where = f" where {_short(compare.where)}" if compare.where else ""
            yield f"compare {compare.into} with {compare.source} by {_key(compare.key)}{where}"
            yield from (f"- {column} = {_short(expression)}" for column, expression in compare.columns)
            yield _tuning(compare.tuning)
        case CheckAction(query=query):
            yield f"check: {_short(query)}"
        case ManualAction(instructions=instructions):
            yield f"by hand: {_short(instructions)}"
        case WaitAction(duration=duration):
            yield f"wait {format_duration(duration)}"
        case _ as never:
            assert_never(never)


def how_they_run(text: SqlAction | SqlRollback) -> str:
    """'3 statements in one transaction', or each on its own when PostgreSQL or the plan refuses one of them there."""
    statements = text.statements
    together = all(statement.transactional for statement in statements)
    how = "in one transaction" if together else "each on its own, outside a transaction"
    return f"{counted(len(statements), 'statement')} {how}"


def _statements(text: SqlAction | SqlRollback) -> Iterator[str]:
    yield how_they_run(text)
    for statement in text.statements:
        yield f"- {statement.kind} ({statement.statement_class}): {_short(statement.text)}"


def _undo(step: Step) -> Iterator[str]:
    match step.rollback:
        case SqlRollback() as text:
            first, *rest = _statements(text)
            yield f"undo: {first}"
            yield from rest
        case NoRollback(reason=reason):
            yield f"undo: nothing to undo: {_short(reason)}"
        case Irreversible(consequence=consequence):
            yield f"undo: IRREVERSIBLE: {_short(consequence)}"
        case _ as never:
            assert_never(never)


def _key(key: tuple[str, ...]) -> str:
    return ", ".join(key) or "primary key"


def _tuning(tuning: BatchTuning) -> str:
    pause = f", a rest of {format_duration(tuning.batch_pause)}" if tuning.batch_pause else ""
    lag = tuning.max_replication_lag
    slower = "" if lag is None else f", slower over a replay lag of {format_duration(lag)}"
    workers = f", {counted(tuning.workers, 'worker')}" if tuning.workers > 1 else ""
    walk = ", by key alone" if tuning.walk is Walk.KEY else ""
    rejected = f", up to {counted(tuning.max_rejected, 'row')} rejected" if tuning.max_rejected else ""
    every = tuning.vacuum_after_rows
    vacuum = "" if every is None else f", VACUUM after every {counted(every, 'changed row')}"
    return (
        f"batches of {format_duration(tuning.batch_duration)}, from {counted(tuning.batch_rows, 'row')} up to "
        f"{tuning.max_batch_rows}{pause}{slower}{workers}{walk}{rejected}{vacuum}"
    )


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 90 else f"{flat[:89]}…"


def _clean(line: str) -> str:
    return drawable(line)
