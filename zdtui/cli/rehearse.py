"""`zdtui rehearse PLAN --dsn staging`: each step forward, back and forward, and the evidence of it beside the plan."""

import asyncio
from typing import TYPE_CHECKING

import click

from zdtui.cli.options import allow_files_outside, said_as, which_database
from zdtui.cli.rehearsing.folder import plan_or_folder
from zdtui.cli.say import say

if TYPE_CHECKING:
    from zdtui.evidence.model import Evidence
    from zdtui.plan.model import Plan
    from zdtui.postgres.target.target import Target
    from zdtui.rehearse.rehearsal import Wishes


@click.command()
@which_database
@plan_or_folder
@click.option("--no-console", is_flag=True, help="Print a line a move instead of opening the console: for CI.")
@click.option("--scratch", is_flag=True, help="On a server made for this, with the target's schema and no row of it.")
@click.option("--rows", type=click.IntRange(min=1), metavar="N", help="With --scratch: at most N made-up rows a table.")
@click.option(
    "--load",
    metavar="FILE|auto",
    help="Let an application work beside it: a script for pgbench, or readers and writers made from the plan's tables.",
)
@click.option("--pass-manual", is_flag=True, help="Take what is done by hand for done, without asking.")
@click.option(
    "--no-contract", is_flag=True, help="Leave out the steps from the first one on that cannot be taken back."
)
@click.option(
    "--environment",
    type=click.Choice(["development", "staging"]),
    help="What this server is, where the plan says production.",
)
@click.option("--beside-standbys", is_flag=True, help="The server's standbys may fall behind.")
@click.option("--output", metavar="FILE", help="Where to keep the evidence; default: beside the plan.")
@click.option(
    "--compare",
    "run",
    metavar="RUN",
    help="Rehearse nothing: set that run of the database, or `last`, beside the evidence.",
)
@allow_files_outside
def command(
    plan: str,
    dsn: str,
    no_console: bool,
    scratch: bool,
    rows: int | None,
    load: str | None,
    pass_manual: bool,
    no_contract: bool,
    environment: str | None,
    beside_standbys: bool,
    output: str | None,
    run: str | None,
    files_outside: bool,
) -> None:
    """Rehearse PLAN on a server that is not production: each step forward, back and forward, then all of it.

    The steps are run by the same engine as in production, and confirmed by themselves. The database is put back as it
    was found. Exit 1 when a step fails or its rollback does not bring back what was there, 2 when it is not begun.
    """
    from zdtui.cli.reachable import reachable
    from zdtui.plan.load import load_plan
    from zdtui.plan.model import Environment
    from zdtui.plan.shipped import find_plan
    from zdtui.proposals.found import must_be_ones_own
    from zdtui.rehearse.permission import Asked
    from zdtui.rehearse.rehearsal import Wishes

    if rows is not None and not scratch:
        raise click.UsageError("--rows is for --scratch: no rows are made up anywhere else")
    loaded = load_plan(find_plan(plan), files_outside=files_outside)
    must_be_ones_own(loaded.path)
    target = reachable(dsn)
    if run is not None:
        from zdtui.cli.rehearsing.compared import compare
        from zdtui.evidence.file import evidence_path

        compare(loaded, target, run, output or str(evidence_path(loaded.path)))
        return
    wishes = Wishes(
        called=_called(target.effective().get("dbname", "")),
        asked=Asked(None if environment is None else Environment(environment), beside_standbys),
        scratch=scratch,
        rows=rows,
        load=load,
        last_steps=not no_contract,
    )
    shown = _in_lines if no_console else _in_console
    evidence = shown(loaded, target, wishes, pass_manual)
    raise click.exceptions.Exit(_kept(loaded, evidence, output, all_steps=not no_contract))


def _in_lines(plan: "Plan", target: "Target", wishes: "Wishes", pass_manual: bool) -> "Evidence":
    from zdtui.cli.rehearsing.lines import Lines
    from zdtui.rehearse.rehearsal import rehearse

    lines = Lines(pass_manual=pass_manual)
    lines.can_ask(plan)
    return asyncio.run(rehearse(plan, target, wishes, lines))


def _in_console(plan: "Plan", target: "Target", wishes: "Wishes", pass_manual: bool) -> "Evidence":
    from zdtui.cli.rehearsing.console import rehearsed_in_console

    return rehearsed_in_console(plan, target, wishes, pass_manual=pass_manual)


def _called(database: str) -> str:
    """What the target is called: as the configuration names it, or the database. No address, no user."""
    named = said_as().partition(" --target ")[2]
    return named.strip("'\"") or database or "the target"


def _kept(plan: "Plan", evidence: "Evidence", output: str | None, *, all_steps: bool) -> int:
    """Keep the evidence and its page, say what came of it; the exit code."""
    from zdtui.errors import ZdtuiError
    from zdtui.evidence.file import evidence_path, report_path, write
    from zdtui.evidence.markdown import write_report
    from zdtui.regular_file import FileError
    from zdtui.rehearse.judged import is_proven, lines

    for line in lines(evidence):
        say(line)
    path = output or str(evidence_path(plan.path))
    try:
        write(evidence, path)
        write_report(evidence, str(report_path(plan.path)) if output is None else f"{output.removesuffix('.json')}.md")
    except FileError as error:
        raise ZdtuiError(f"the evidence cannot be kept: {error}; say where with --output") from None
    say(f"kept in {path}", err=True)
    return 0 if is_proven(evidence, all_steps=all_steps) else 1
