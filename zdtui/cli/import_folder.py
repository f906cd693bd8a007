"""`zdtui import DIR`: another tool's folder of migrations as a plan."""

import sys
from pathlib import Path

import click

from zdtui.cli.hand_over import hand_over
from zdtui.cli.options import output_file
from zdtui.cli.say import say
from zdtui.counted import counted


@click.command()
@click.argument("directory", metavar="DIR")
@output_file
@click.option("--from", "first", metavar="VERSION", help="The first version to import; those before are taken as done.")
@click.option("--database", metavar="NAME", help="The database's name: some tools make the key of their lock of it.")
@click.option("--tool", metavar="NAME", help="The tool, where the folder does not tell.")
@click.option(
    "--with",
    "program",
    metavar="COMMAND",
    help="How Alembic or Django is started in DIR, such as alembic or 'python manage.py': it runs the project's code.",
)
def command(
    directory: str, output: str | None, first: str | None, database: str | None, tool: str | None, program: str | None
) -> None:
    """Make a plan of DIR, a folder of golang-migrate, dbmate, goose, Flyway, Liquibase (formatted SQL), sqitch, diesel,
    sqlx, Prisma, Drizzle or Atlas: a step a migration, its way down as the rollback, the tool's own history kept.
    Alembic and Django are let write their migrations out as SQL, with --with alone: that runs the project's code.
    Of Rails the log of a run or structure.sql is read; of pgroll the operations, as steps in the phases of a plan.

    Exit 1 when a migration could not be read, so that a person has to run it with the tool.
    """
    from zdtui.importing.plan import plan_of
    from zdtui.importing.tools import read_folder
    from zdtui.plan.load import parse_plan

    folder = read_folder(directory, tool, program)
    imported = plan_of(folder, Path(output or directory).resolve().name.removesuffix(".yaml"), first, database)
    parse_plan(imported.text, output or "imported.yaml")
    lines = [f"{folder.tool}: {counted(imported.steps, 'step')}{hand_over(imported.text, output)}"]
    lines += [f"  not read: {each}" for each in imported.unread]
    lines += [f"  no way down: {each}" for each in imported.without_way_back]
    lines += [f"  way down proposed: {each}" for each in imported.proposed]
    lines += [f"  note: {each}" for each in imported.remarks]
    say("\n".join(lines), err=True)
    if imported.unread:
        sys.exit(1)
