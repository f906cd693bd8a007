"""`zdtui status`: what stands where, from the journal alone."""

import asyncio

import click

from zdtui.cli.options import which_database
from zdtui.cli.say import say, say_ours


@click.command()
@which_database
@click.option(
    "--all", "every", is_flag=True, help="Show every run; else the newest one, and those that are not finished."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document; `zdtui schema status` prints its schema.")
@click.option(
    "--exit-code",
    "tells",
    is_flag=True,
    help="End with 0 when each run shown is finished, 3 when one waits for a person between two steps, 4 when one is at"
    " work, 5 when one is held, 6 when one has failed or is in doubt; of several the greatest.",
)
def command(dsn: str, every: bool, as_json: bool, tells: bool) -> None:
    """Say where each run in the database stands. Reads the journal and writes nothing.

    Ends with exit code 2 when the journal of a run that is shown is not whole.
    """
    from zdtui.cli.reachable import reachable
    from zdtui.errors import JournalError
    from zdtui.run.journal.reader import fold, read_standing
    from zdtui.run.journal.standing import exit_code, standing, worth_telling
    from zdtui.run.journal.status import damage_line, status_lines

    journals, held_by = asyncio.run(read_standing(reachable(dsn)))
    found = [(each, fold(each.events)) for each in journals]
    shown = list(worth_telling(found, every=every))
    if as_json:
        from zdtui.run.journal.documents.status import status_document
        from zdtui.run.journal.documents.written import written

        say_ours(written(status_document([(each.run, state, each.damage) for each, state in shown], held_by)))
    for each, state in () if as_json else shown:
        for line in status_lines(state):
            say(line)
        if each.damage is not None:
            say(damage_line(each.run, each.damage))
    for each, _ in shown:
        if each.damage is not None:
            raise JournalError(f"{each.damage.sentence} (run {str(each.run)[:8]})")
    if tells:
        raise click.exceptions.Exit(exit_code(standing(state) for _, state in shown))
