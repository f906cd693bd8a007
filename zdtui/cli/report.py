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
    """Print the log of RUN (the beginning of its id as `zdtui status` shows it, or `last`) as Markdown.

    Ends with exit code 2 when its journal is not whole; the report says so too.
    """
    from zdtui.cli.run import reachable
    from zdtui.errors import JournalError
    from zdtui.run.journal.reader import fold, read_journal
    from zdtui.run.journal.report import report

    found = asyncio.run(read_journal(reachable(dsn), None if run == "last" else run))
    say_whole(report(fold(found.events), found.events, found.damage))
    if found.damage is not None:
        raise JournalError(found.damage.sentence)
