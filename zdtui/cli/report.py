"""`zdtui report RUN`: the migration log as Markdown."""

import asyncio

import click

from zdtui.cli.say import say_whole


@click.command()
@click.argument("run")
@click.option(
    "--dsn", default="", help="Connection string or URI; what it leaves out is libpq's: PG*, service, .pgpass."
)
def command(run: str, dsn: str) -> None:
    """Print the log of RUN (the beginning of its id as `zdtui status` shows it, or `last`) as Markdown."""
    from zdtui.cli.run import reachable
    from zdtui.run.reading import fold, read_run
    from zdtui.run.report import report

    found = asyncio.run(read_run(reachable(dsn), None if run == "last" else run))
    say_whole(report(fold(found), found))
