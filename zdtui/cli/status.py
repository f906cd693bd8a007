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
    """Say where each run in the database stands. Reads the journal and writes nothing."""
    from zdtui.cli.run import reachable
    from zdtui.run.reading import fold, read_runs
    from zdtui.run.status import status_lines

    states = [fold(events) for events in asyncio.run(read_runs(reachable(dsn)))]
    shown = [state for place, state in enumerate(states) if every or place == 0 or not state.finished]
    for state in shown:
        for line in status_lines(state):
            say(line)
