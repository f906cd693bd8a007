"""`zdtui status`: what stands where, from the journal alone."""

import asyncio

import click

from zdtui.cli.say import say


@click.command()
@click.option(
    "--dsn", default="", help="Connection string or URI; what it leaves out is libpq's: PG*, service, .pgpass."
)
@click.option("--all", "every", is_flag=True, help="Every run, not only those that are not finished and the newest.")
def command(dsn: str, every: bool) -> None:
    """Say where each run in the database stands. Reads the journal and writes nothing.

    Ends with exit code 2 when the journal of a run that is shown is not whole.
    """
    from zdtui.cli.run import reachable
    from zdtui.errors import JournalError
    from zdtui.run.journal.reader import fold, read_journals
    from zdtui.run.journal.status import damage_line, status_lines

    found = [(each, fold(each.events)) for each in asyncio.run(read_journals(reachable(dsn)))]
    shown = [(each, state) for place, (each, state) in enumerate(found) if every or place == 0 or not state.finished]
    for each, state in shown:
        for line in status_lines(state):
            say(line)
        if each.damage is not None:
            say(damage_line(each.run, each.damage))
    broken = [each for each, _ in shown if each.damage is not None]
    if broken:
        raise JournalError(f"{broken[0].damage.sentence if broken[0].damage else ''} (run {str(broken[0].run)[:8]})")
