"""A plan as two Markdown documents for review: what will happen, and how each of it is undone. Pure."""

from collections.abc import Iterator
from typing import assert_never

from zdtui.drawable import drawable_text
from zdtui.plan.model import Irreversible, NoRollback, Plan, SqlRollback, Step
from zdtui.plan.secrets import without_secrets
from zdtui.plan.summary import guards_line, limits_line
from zdtui.steps.statements import how_they_run
from zdtui.steps.wording import fence


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
    yield from step.action.review()
    for query in step.verify:
        yield "Success is when this gives true:"
        yield ""
        yield from fence(query)


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
                yield from fence(sql)
            case _ as never:
                assert_never(never)
