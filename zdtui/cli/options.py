"""Options that several commands have, each said once."""

import functools
import importlib
import shlex
from collections.abc import Callable
from typing import Any

import click

allow_files_outside = click.option(
    "--allow-files-outside",
    "files_outside",
    is_flag=True,
    help="Read files of SQL that the plan names outside of its own folder. Say it only for a plan you trust.",
)

output_file = click.option("-o", "--output", metavar="FILE", help="Write the plan there; else it is printed.")

SAID_AS = "zdtui.said_as"
"""In a context's `meta`: how the database was named, for sentences that say how to go on."""


def completed_by(what: str) -> Callable[..., Any]:
    """What completes a value, loaded when a shell asks for it."""

    def found(context: click.Context, parameter: click.Parameter, begun: str) -> Any:
        return getattr(importlib.import_module("zdtui.cli.shell.complete"), what)(context, parameter, begun)

    return found


def plan_argument(*, required: bool = True) -> Callable[..., Any]:
    """The argument PLAN: a file, or the name of a shipped plan."""
    return click.argument(
        "plan",
        required=required,
        shell_complete=completed_by("plans"),
    )


_dsn = click.option("--dsn", help="Connection string or URI; what it leaves out is libpq's: PG*, service, .pgpass.")
_target = click.option(
    "--target",
    metavar="NAME",
    shell_complete=completed_by("targets"),
    help="A target that your config.toml names, instead of --dsn.",
)


def which_database(function: Callable[..., Any]) -> Callable[..., Any]:
    """Gives a command `--dsn` and `--target`; it is called with `dsn`, whichever was given, or libpq's own: ''."""
    return _database(function, libpq_by_itself=True)


def database_if_named(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same for a command that does without one: where neither was given it is called with None."""
    return _database(function, libpq_by_itself=False)


def _database(function: Callable[..., Any], *, libpq_by_itself: bool) -> Callable[..., Any]:
    @_dsn
    @_target
    @functools.wraps(function)
    def command(*arguments: Any, dsn: str | None, target: str | None, **options: Any) -> Any:
        if target is not None:
            from zdtui.configuration.settings import load_settings

            if dsn is not None:
                raise click.UsageError("give --dsn or --target, not both")
            dsn = load_settings().target(target).dsn
            name_target(target)
        elif dsn:
            click.get_current_context().meta[SAID_AS] = " --dsn ..."
        return function(*arguments, dsn="" if dsn is None and libpq_by_itself else dsn, **options)

    return command


def name_target(target: str) -> None:
    """From here on the database is that target of the configuration."""
    click.get_current_context().meta[SAID_AS] = f" --target {shlex.quote(target)}"


def said_as() -> str:
    """How the database was named, as it is to be written behind another command: ' --target staging', or nothing."""
    context = click.get_current_context(silent=True)
    return str(context.meta.get(SAID_AS, "")) if context is not None else ""
