"""`zdtui check PLAN`: the plan as the console will understand it, without a database."""

import click


@click.command()
@click.argument("plan")
def command(plan: str) -> None:
    """Read PLAN (a file, or the name of a shipped plan) and print what it means. Exit 0, or 2 with every problem."""
    from zdtui.plan.load import load_plan
    from zdtui.plan.shipped import find_plan
    from zdtui.plan.summary import summary_lines

    for line in summary_lines(load_plan(find_plan(plan))):
        click.echo(line)
