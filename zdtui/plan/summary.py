"""A plan as the console will understand it, as lines of text. Pure; what `zdtui check` prints."""

from collections.abc import Iterator, Mapping, Sequence
from typing import assert_never

from zdtui.counted import counted
from zdtui.drawable import drawable
from zdtui.plan.model import (
    Environment,
    Guards,
    Irreversible,
    Limits,
    NoRollback,
    Phase,
    Plan,
    SqlRollback,
    Step,
    StepId,
)
from zdtui.plan.secrets import without_secrets
from zdtui.quantities import format_duration
from zdtui.steps.statements import statement_lines
from zdtui.steps.wording import short

POINT_OF_NO_RETURN = "──────── point of no return ────────"


Told = Mapping[StepId, Sequence[str]]
"""What else is to be known of a step, a sentence each."""


def summary_lines(plan: Plan, told: Told | None = None) -> Iterator[str]:
    """Target, limits and guards, then every step by phase: how it runs, what undoes it, and what is `told` of it."""
    return (_clean(line) for line in _lines(without_secrets(plan), told or {}))


def _lines(plan: Plan, told: Told) -> Iterator[str]:
    target = plan.target
    loud = "PRODUCTION" if target.environment is Environment.PRODUCTION else str(target.environment)
    version = f", PostgreSQL {target.minimum_version} or later" if target.minimum_version else ""
    yield f"{plan.name}: {plan.title}"
    yield f"  {counted(len(plan.steps), 'step')} · {loud} · database {target.database or '(any)'}{version}"
    yield f"  defaults: {limits_line(plan.defaults)}"
    yield f"  guards: {guards_line(plan.guards)}"
    if plan.require_rehearsal is not None:
        yield f"  rehearsal: of the last {format_duration(plan.require_rehearsal)}, or a reason"
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
        yield from (f"        {line}" for line in told.get(step.id, ()))


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
    for line in step.action.summary():
        yield f"        {line}"
    if step.limits != defaults:
        yield f"        {limits_line(step.limits)}"
    for line in _undo(step):
        yield f"        {line}"
    for query in step.verify:
        yield f"        verify: {short(query)}"


def _undo(step: Step) -> Iterator[str]:
    match step.rollback:
        case SqlRollback() as text:
            first, *rest = statement_lines(text)
            yield f"undo: {first}"
            yield from rest
        case NoRollback(reason=reason):
            yield f"undo: nothing to undo: {short(reason)}"
        case Irreversible(consequence=consequence):
            yield f"undo: IRREVERSIBLE: {short(consequence)}"
        case _ as never:
            assert_never(never)


def _clean(line: str) -> str:
    return drawable(line)
