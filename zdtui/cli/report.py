"""`zdtui report RUN`: the migration log as Markdown."""

import asyncio

import click


@click.command()
@click.argument("run")
@click.option(
    "--dsn", default="", help="Connection string or URI; what it leaves out is libpq's: PG*, service, .pgpass."
)
def command(run: str, dsn: str) -> None:
    """Print the log of RUN (the beginning of its id as `zdtui status` shows it, or `last`) as Markdown."""
    from zdtui.cli.run import reachable
    from zdtui.run.reading import fold, read_runs
    from zdtui.run.report import report

    found = asyncio.run(read_runs(reachable(dsn), None if run == "last" else run))
    if run != "last" and len(found) > 1:
        raise click.ClickException(f"{len(found)} runs begin with {run}; give more of the id")
    click.echo(report(fold(found[0]), found[0]), nl=False)
