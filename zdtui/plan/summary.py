"""A plan as the console will understand it, as lines of text. Pure; what `zdtui check` prints."""

from collections.abc import Iterator
from typing import assert_never

from zdtui.plan.model import (
    Action,
    BackfillAction,
    CheckAction,
    CopyAction,
    Environment,
    Guards,
    ManualAction,
    NoRollback,
    Phase,
    Plan,
    SqlAction,
    SqlRollback,
    Step,
    WaitAction,
)
from zdtui.plan.problems import printable
from zdtui.plan.quantities import format_duration
from zdtui.sql.split import split

POINT_OF_NO_RETURN = "──────── point of no return ────────"


def summary_lines(plan: Plan) -> Iterator[str]:
    """Target, limits and guards, then every step by phase with how it runs and what undoes it."""
    return (_clean(line) for line in _lines(plan))


def _lines(plan: Plan) -> Iterator[str]:
    target = plan.target
    loud = "PRODUCTION" if target.environment is Environment.PRODUCTION else str(target.environment)
    version = f", PostgreSQL {target.minimum_version} or later" if target.minimum_version else ""
    yield f"{plan.name}: {plan.title}"
    yield f"  {len(plan.steps)} steps · {loud} · database {target.database or '(any)'}{version}"
    yield f"  guards: {_guards(plan.guards)}"
    phase: Phase | None = None
    crossed = False
    for number, step in enumerate(plan.steps, 1):
        if step.is_point_of_no_return and not crossed:
            crossed = True
            yield f"  {POINT_OF_NO_RETURN}"
        if step.phase is not phase:
            phase = step.phase
            yield f"  {phase.upper()}"
        yield from _step(number, step)


def _guards(guards: Guards) -> str:
    lag, oldest = guards.replication_lag, guards.oldest_transaction
    parts = [
        None if lag is None else f"replay lag {format_duration(lag)}",
        None if guards.blocked_sessions is None else f"{guards.blocked_sessions} sessions blocked by us",
        None if oldest is None else f"oldest transaction {format_duration(oldest)}",
    ]
    return ", ".join(part for part in parts if part) or "none"


def _step(number: int, step: Step) -> Iterator[str]:
    yield f"  {number:>3} {step.id:<28} {step.title}"
    for line in action_lines(step.action):
        yield f"        {line}"
    limits = step.limits
    if isinstance(step.action, SqlAction | BackfillAction | CopyAction):
        yield (
            f"        lock_timeout {format_duration(limits.lock_timeout)}, tried again {limits.retries} times, "
            f"statement_timeout {format_duration(limits.statement_timeout)}"
        )
    yield f"        undo: {_undo(step)}"
    if step.verify:
        yield f"        verify: {len(step.verify)} {'query' if len(step.verify) == 1 else 'queries'}"


def action_lines(action: Action) -> Iterator[str]:
    """What the action is, statement by statement, with the class each is run as."""
    match action:
        case SqlAction(sql=sql):
            statements = split(sql)
            together = all(statement.transactional for statement in statements)
            how = "in one transaction" if together else "each on its own, outside a transaction"
            yield f"{len(statements)} {'statement' if len(statements) == 1 else 'statements'} {how}"
            for statement in statements:
                yield f"- {statement.kind} ({statement.statement_class}): {_short(statement.text)}"
        case BackfillAction():
            where = f" where {action.where}" if action.where else ""
            yield f"backfill {action.table}: {', '.join(column for column, _ in action.assignments)}{where}"
        case CopyAction():
            yield f"copy {action.source} into {action.into}: {', '.join(column for column, _ in action.columns)}"
        case CheckAction(query=query):
            yield f"check: {_short(query)}"
        case ManualAction(instructions=instructions):
            yield f"by hand: {_short(instructions)}"
        case WaitAction(duration=duration):
            yield f"wait {format_duration(duration)}"
        case _ as never:
            assert_never(never)


def _undo(step: Step) -> str:
    match step.rollback:
        case SqlRollback(sql=sql):
            return "; ".join(_short(statement.text) for statement in split(sql))
        case NoRollback(reason=reason):
            return f"nothing to undo: {_short(reason)}"
        case irreversible:
            return f"IRREVERSIBLE: {_short(irreversible.consequence)}"


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 90 else f"{flat[:89]}…"


def _clean(line: str) -> str:
    return printable(line)
