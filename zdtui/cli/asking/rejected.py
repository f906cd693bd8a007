"""`zdtui rejected RUN`: the rows that a backfill or copy could not take."""

import asyncio

import click

from zdtui.cli.options import which_database
from zdtui.cli.say import say, say_ours


@click.command()
@click.argument("run")
@which_database
@click.option("--step", default="", help="Of this step only.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line: step, table, key, reason, at.")
def command(run: str, dsn: str, step: str, as_json: bool) -> None:
    """List the rejected rows of RUN (the beginning of its id as `zdtui status` shows it, or `last`), with the reasons.

    Put them right in the database, then press T in the console on the step: each is tried again.
    """
    from zdtui.cli.reachable import reachable
    from zdtui.run.journal.rejected_rows import as_json_lines, as_text_lines, read_rejected

    found = asyncio.run(read_rejected(reachable(dsn), None if run == "last" else run, step))
    for line in as_json_lines(found) if as_json else as_text_lines(found):
        (say_ours if as_json else say)(line)
