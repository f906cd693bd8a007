"""`zdtui render PLAN`: the migration plan and the rollback plan as Markdown."""

import click

from zdtui.cli.options import allow_files_outside, plan_argument
from zdtui.cli.say import say_whole


@click.command()
@plan_argument()
@allow_files_outside
@click.option("--rollback", "rollback_only", is_flag=True, help="The rollback plan alone.")
def command(plan: str, files_outside: bool, rollback_only: bool) -> None:
    """Print PLAN (a file, or the name of a shipped plan) as Markdown documents to review."""
    from zdtui.plan.load import load_plan
    from zdtui.plan.render import render_plan, render_rollback
    from zdtui.plan.shipped import find_plan

    loaded = load_plan(find_plan(plan), files_outside=files_outside)
    say_whole(render_rollback(loaded) if rollback_only else render_plan(loaded))
