"""`zdtui trace PLAN --dsn ...`: what PostgreSQL really does with each step, on a copy of the schema."""

import asyncio
from typing import TYPE_CHECKING

import click

from zdtui.cli.options import allow_files_outside, plan_argument, which_database
from zdtui.cli.say import say

if TYPE_CHECKING:
    from zdtui.plan.model import Plan


@click.command()
@plan_argument()
@allow_files_outside
@which_database
@click.option("--output", metavar="FILE", help="Where to keep the trace; default: beside the plan, as NAME.trace.json.")
def command(plan: str, dsn: str, output: str | None, files_outside: bool) -> None:
    """Run PLAN on a scratch server that holds the target's schema and no row of it, and keep what it did.

    The target is only read, and for a moment. The console shows what was traced as traced. Exit 1 when a rollback does
    not bring the schema back, or a statement could not be run.
    """
    from zdtui.cli.reachable import reachable
    from zdtui.hazards.find import findings_of_plan
    from zdtui.plan.load import load_plan
    from zdtui.plan.shipped import find_plan
    from zdtui.proposals.found import must_be_ones_own
    from zdtui.trace.report import trace_lines
    from zdtui.trace.run import schema_of, trace_plan

    loaded = load_plan(find_plan(plan), files_outside=files_outside)
    must_be_ones_own(loaded.path)
    target = reachable(dsn)
    trace = asyncio.run(trace_plan(loaded, target, lambda step: say(f"tracing {step}", err=True)))
    schema = asyncio.run(schema_of(target))
    findings = findings_of_plan(loaded, version=int(trace.scratch_version.split(".")[0]), schema=schema)
    for line in trace_lines(trace, findings):
        say(line)
    say(f"kept in {_keep(loaded, trace.model_dump_json(indent=1), output)}", err=True)
    failed = any(step.rollback_exact is False or any(each.error for each in step.statements) for step in trace.steps)
    raise click.exceptions.Exit(1 if failed else 0)


def _keep(plan: "Plan", text: str, output: str | None) -> str:
    from zdtui.errors import ZdtuiError
    from zdtui.hazards.trace_file import trace_path
    from zdtui.regular_file import FileError, put_in_place

    path = output or str(trace_path(plan.path))
    try:
        put_in_place(path, text + "\n")
    except FileError as error:
        raise ZdtuiError(f"the trace cannot be kept: {error}; say where with --output") from None
    return path
