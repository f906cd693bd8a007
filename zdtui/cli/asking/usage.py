"""`zdtui usage`: who still uses a column or a table."""

import asyncio

import click

from zdtui.cli.options import which_database
from zdtui.cli.say import say, say_ours


@click.command()
@click.argument("what", metavar="COLUMN|TABLE")
@which_database
@click.option("--json", "as_json", is_flag=True, help="One JSON document; `zdtui schema usage` prints its schema.")
@click.option("--whole", is_flag=True, help="Show each statement whole; else its beginning.")
def command(what: str, dsn: str, as_json: bool, whole: bool) -> None:
    """Say who uses users.name, or the table public.users.

    Reads the statements that pg_stat_statements has counted in this database since its last reset, and what depends on
    the column or table in the catalogs, in a session that changes nothing. What cannot be read counts as use.

    Ends with 0 when nothing uses it, with 1 when something does or when not everything was seen, and with 2 when it
    could not look.
    """
    from zdtui.cli.reachable import reachable
    from zdtui.run.journal.documents.written import written
    from zdtui.usage.ask import subjects, usage_now
    from zdtui.usage.document import usage_document
    from zdtui.usage.told import SHOWN, lines
    from zdtui.usage.usage import Verdict

    subjects(what)
    usage = asyncio.run(usage_now(reachable(dsn), what))
    if as_json:
        say_ours(written(usage_document(usage)))
    else:
        longest = max((len(each.text) for each in (*usage.statements, *usage.unread)), default=0)
        for line in lines(usage, longest + 1 if whole else SHOWN):
            say(line)
    raise click.exceptions.Exit(0 if usage.verdict is Verdict.UNUSED else 1)
