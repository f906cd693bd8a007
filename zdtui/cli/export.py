"""`zdtui export PLAN --to TOOL`: the steps of a plan as another tool's migrations."""

from pathlib import Path

import click

from zdtui.cli.options import allow_files_outside, plan_argument
from zdtui.cli.say import say
from zdtui.counted import counted

TOOLS = ("golang-migrate", "dbmate", "flyway", "alembic", "django", "sql")


@click.command()
@plan_argument()
@click.option("--to", "tool", required=True, type=click.Choice(TOOLS), help="The tool whose files are written.")
@click.option(
    "-d", "--directory", metavar="DIR", required=True, help="The folder they are written to; nothing there is replaced."
)
@click.option("--first", type=click.IntRange(1), default=1, help="The number of the first file. Default 1.")
@click.option("--after", metavar="NAME", help="Alembic and Django: the migration before the first.")
@click.option("--app", metavar="NAME", help="Django: the app they belong to.")
@allow_files_outside
def command(
    plan: str, tool: str, directory: str, first: int, after: str | None, app: str | None, files_outside: bool
) -> None:
    """Write the steps of PLAN as the migrations of another tool, in DIR.

    A backfill, a wait and what a person does are files that hold a comment alone, which says what to do before the next
    one. Guards, throttle, lock queues and confirmations are zdtui's: no file has them.
    """
    from zdtui.exporting.export import export_plan, only_said
    from zdtui.exporting.exported import Place
    from zdtui.plan.load import load_plan
    from zdtui.plan.shipped import find_plan
    from zdtui.regular_file import FileError, put_new

    loaded = load_plan(find_plan(plan), files_outside=files_outside)
    files = export_plan(loaded, tool, Place(first, after, app))
    folder = Path(directory)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(f"{directory} cannot be made: {error.strerror or error}") from None
    for each in files:
        put_new(folder / each.name, each.text)
    said = [f"{tool}: {counted(len(files), 'file')} of {counted(len(loaded.steps), 'step')} in {directory}"]
    said += [f"  only said, not done: {each}" for each in only_said(loaded)]
    said.append("  not in the files: guards, throttle, lock timeouts and tries: set lock_timeout where the tool runs")
    say("\n".join(said), err=True)
