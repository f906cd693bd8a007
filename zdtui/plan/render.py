"""A plan as two Markdown documents for review: what will happen, and how each of it is undone. Pure."""

from collections.abc import Iterator
from typing import assert_never

from zdtui.drawable import drawable_text
from zdtui.plan.model import (
    BackfillAction,
    CheckAction,
    CompareAction,
    CopyAction,
    Irreversible,
    ManualAction,
    NoRollback,
    Plan,
    SqlAction,
    SqlRollback,
    Step,
    WaitAction,
)
from zdtui.plan.secrets import without_secrets
from zdtui.plan.summary import guards_line, how_they_run, limits_line
from zdtui.quantities import format_duration


def render_plan(plan: Plan) -> str:
    """The migration plan and, after it, the rollback plan in the order in which it would run."""
    plan = without_secrets(plan)
    return drawable_text("\n".join([*_plan(plan), *_rollback(plan)])) + "\n"


def render_rollback(plan: Plan) -> str:
    """The rollback plan alone."""
    return drawable_text("\n".join(_rollback(without_secrets(plan)))) + "\n"


def _plan(plan: Plan) -> Iterator[str]:
    target = plan.target
    yield f"# Migration plan: {plan.title}"
    yield ""
    version = f", PostgreSQL {target.minimum_version} or later" if target.minimum_version else ""
    yield f"- plan: `{plan.name}`, digest `{plan.digest[:12]}`"
    yield f"- target: database {target.database or '(any)'} in {target.environment}{version}"
    yield f"- defaults: {limits_line(plan.defaults)}"
    yield f"- guards: {guards_line(plan.guards)}"
    yield ""
    if plan.description:
        yield plan.description.strip()
        yield ""
    crossed = False
    for number, step in enumerate(plan.steps, 1):
        if step.is_point_of_no_return and not crossed:
            crossed = True
            yield "---"
            yield ""
            yield "**Point of no return.** What follows cannot be taken back, or not without loss."
            yield ""
        yield from _step(number, step)
        if step.limits != plan.defaults:
            yield f"Its limits: {limits_line(step.limits)}."
            yield ""


def _step(number: int, step: Step) -> Iterator[str]:
    yield f"## {number}. {step.title} (`{step.id}`, {step.phase})"
    yield ""
    if step.notes:
        yield step.notes.strip()
        yield ""
    yield from (f"- <{link}>" for link in step.links)
    if step.links:
        yield ""
    for rule, reason in step.silence:
        yield f"Hazard `{rule}` is acknowledged: {reason}"
        yield ""
    yield from _action(step)
    for query in step.verify:
        yield "Success is when this gives true:"
        yield ""
        yield from _fence(query)


def _action(step: Step) -> Iterator[str]:
    match step.action:
        case SqlAction(sql=sql, file=file) as text:
            yield f"{how_they_run(text)}{f', from `{file}`' if file else ''}:"
            yield ""
            yield from _fence(sql)
        case BackfillAction() as backfill:
            sets = ", ".join(f"{column} = {expression}" for column, expression in backfill.assignments)
            where = f" WHERE {backfill.where}" if backfill.where else ""
            yield "In small batches, each committed with its checkpoint:"
            yield ""
            yield from _fence(f"UPDATE {backfill.table} SET {sets}{where}")
        case CopyAction() as copy:
            columns = ", ".join(column for column, _ in copy.columns)
            expressions = ", ".join(expression for _, expression in copy.columns)
            where = f" WHERE {copy.where}" if copy.where else ""
            yield "In small batches, each committed with its checkpoint:"
            yield ""
            overriding = "" if copy.overriding is None else f" OVERRIDING {copy.overriding.upper()} VALUE"
            sql = f"INSERT INTO {copy.into} ({columns}){overriding}\nSELECT {expressions} FROM {copy.source}{where}"
            yield from _fence(f"{sql}\nON CONFLICT (the key of {copy.into}) DO NOTHING")
            if copy.second_pass:
                yield f"- {', '.join(f'`{column}`' for column in copy.second_pass)} once all rows are there"
            yield from (f"- rows must satisfy *{name}*: `{predicate}`" for name, predicate in copy.valid)
            yield ""
        case CompareAction() as compare:
            yield f"Every row of `{compare.into}` is compared with `{compare.source}`, in chunks by key:"
            yield ""
            yield from (f"- `{column}` must be `{expression}`" for column, expression in compare.columns)
            yield ""
        case CheckAction(query=query):
            yield "This must give true:"
            yield ""
            yield from _fence(query)
        case ManualAction(instructions=instructions):
            yield f"By hand: {instructions.strip()}"
            yield ""
        case WaitAction(duration=duration):
            yield f"Wait {format_duration(duration)}."
            yield ""
        case _ as never:
            assert_never(never)


def _rollback(plan: Plan) -> Iterator[str]:
    yield f"# Rollback plan: {plan.title}"
    yield ""
    yield "From the last step that was begun, upwards through this list to the one to stop before."
    yield ""
    for step in reversed(plan.steps):
        yield f"## Undo {step.id}"
        yield ""
        match step.rollback:
            case NoRollback(reason=reason):
                yield f"Nothing to undo: {reason.strip()}"
                yield ""
            case Irreversible(consequence=consequence):
                yield f"**Irreversible.** {consequence.strip()}"
                yield ""
            case SqlRollback(sql=sql) as rollback:
                yield f"{how_they_run(rollback)}:"
                yield ""
                yield from _fence(sql)
            case _ as never:
                assert_never(never)


def _fence(sql: str) -> Iterator[str]:
    fence = "```"
    while fence in sql:
        fence += "`"
    yield f"{fence}sql"
    yield sql.strip()
    yield fence
    yield ""
