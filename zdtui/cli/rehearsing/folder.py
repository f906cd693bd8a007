"""`zdtui rehearse --import DIR`: a folder of migrations as a test of its ways down."""

import asyncio
import functools
from collections.abc import Callable
from typing import Any

import click

from zdtui.cli.options import plan_argument
from zdtui.cli.say import say, say_ours


def plan_or_folder(function: Callable[..., Any]) -> Callable[..., Any]:
    """Gives the command `--import` and what belongs to it; it is called with a plan, and not at all with a folder."""

    @plan_argument(required=False)
    @click.option(
        "--import",
        "directory",
        metavar="DIR",
        help="Instead of a plan: a folder of migrations, each run up, down and up again in an empty database,"
        " on a server made for it or beside the database that is named.",
    )
    @click.option("--from", "first", metavar="VERSION", help="With --import: the first one that is rehearsed.")
    @click.option("--tool", metavar="NAME", help="With --import: the tool, where the folder does not tell.")
    @click.option(
        "--with", "program", metavar="COMMAND", help="With --import: how Alembic or Django is started in DIR."
    )
    @click.option("--format", "form", type=click.Choice(["text", "json"]), help="With --import: how it is told.")
    @functools.wraps(function)
    def command(
        plan: str | None,
        dsn: str,
        directory: str | None,
        first: str | None,
        tool: str | None,
        program: str | None,
        form: str | None,
        **options: Any,
    ) -> Any:
        if directory is None:
            if plan is None:
                raise click.UsageError("name a plan, or a folder of migrations with --import")
            if any(each is not None for each in (first, tool, program, form)):
                raise click.UsageError("--from, --tool, --with and --format are for --import")
            return function(plan=plan, dsn=dsn, **options)
        if plan is not None:
            raise click.UsageError("name a plan or --import, not both")
        raise click.exceptions.Exit(rehearsed_folder(directory, dsn, first, tool, program, json=form == "json"))

    wrapped: Callable[..., Any] = command
    return wrapped


def rehearsed_folder(
    directory: str, dsn: str, first: str | None, tool: str | None, program: str | None, *, json: bool
) -> int:
    """Rehearse the folder and tell what came of it; the exit code."""
    from zdtui.cli.reachable import reachable
    from zdtui.importing.tools import read_folder
    from zdtui.rehearse.folder.going import rehearse_folder
    from zdtui.rehearse.folder.judged import JudgedMigration
    from zdtui.rehearse.folder.told import as_json, closing_lines, migration_lines

    def tell(migration: JudgedMigration) -> None:
        for line in migration_lines(migration):
            say(line, err=json)

    folder = read_folder(directory, tool, program)
    judged = asyncio.run(rehearse_folder(folder, first, reachable(dsn) if dsn else None, tell))
    for line in closing_lines(judged):
        say(line, err=json)
    if json:
        say_ours(as_json(judged))
    return 0 if judged.is_proven else 1
