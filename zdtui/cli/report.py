"""`zdtui report RUN`: the migration log as Markdown, or as JSON."""

import asyncio

import click

from zdtui.cli.options import which_database
from zdtui.cli.say import say_ours, say_whole


@click.command()
@click.argument("run")
@which_database
@click.option("--json", "as_json", is_flag=True, help="One JSON document; `zdtui schema report` prints its schema.")
def command(run: str, dsn: str, as_json: bool) -> None:
    """Print the log of RUN (the beginning of its id as `zdtui status` shows it, or `last`) as Markdown.

    Ends with exit code 2 when its journal is not whole; the report says so too.
    """
    from zdtui.cli.reachable import reachable
    from zdtui.errors import JournalError
    from zdtui.run.journal.reader import fold, read_journal

    found = asyncio.run(read_journal(reachable(dsn), None if run == "last" else run))
    if as_json:
        from zdtui.run.journal.documents.report import report_document
        from zdtui.run.journal.documents.written import written

        say_ours(written(report_document(found.run, fold(found.events), found.events, found.damage)))
    else:
        from zdtui.run.journal.report import report

        say_whole(report(fold(found.events), found.events, found.damage))
    if found.damage is not None:
        raise JournalError(found.damage.sentence)
