"""The command line: one file a command, imported only when it is called, so that `--version` is instant."""

import contextlib
import importlib
import os
import sys
import threading
import traceback
from typing import TextIO

import click

from zdtui import __version__
from zdtui.cli.hang_up import EXIT_GRACE, SIGNALS, end_within
from zdtui.cli.say import flush, open_door, say, say_error
from zdtui.errors import ZdtuiError

os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
"""None of pydantic's plugins is ours, and looking for them reads every installed distribution: 20 ms of each start."""

COMMANDS = (
    *(
        "run",
        "check",
        "explain",
        "trace",
        "rehearse",
        "render",
        "new",
        "draft",
        "import",
        "export",
        "doctor",
        "usage",
        "mcp",
    ),
    *("status", "report", "rejected", "notify", "demo", "schema", "completion", "man"),
)
MODULES = {
    "new": "start.new",
    "import": "import_folder",
    "completion": "shell.completion",
    "man": "shell.manual",
    **{each: f"asking.{each}" for each in ("doctor", "rejected", "usage")},
}
"""Where a command is called by a word of Python's, or stands in a folder."""


class LazyCommands(click.Group):
    """A group whose commands live in `zdtui.cli.<name>` as `command`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order a newcomer meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command's module; None for a name that is not ours."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"zdtui.cli.{MODULES.get(cmd_name, cmd_name)}").command
        return command


@click.group(cls=LazyCommands, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="zdtui")
@click.pass_context
def cli(context: click.Context) -> None:
    """Change a live PostgreSQL database without downtime, one confirmed step at a time.

    Without a command, on a terminal: a list of what can be opened from here.
    """
    if context.invoked_subcommand is not None:
        return
    from zdtui.cli.drawing.terminal import has_terminal

    if not has_terminal():
        raise click.exceptions.NoArgsIsHelpError(context)
    from zdtui.cli.start.opening import open_start

    raise click.exceptions.Exit(open_start())


def main() -> None:
    """The `zdtui` program. Exit 0 done, 1 a finding or a failure, 2 bad input, 129, 130, 143 after HUP, INT, TERM."""
    open_door()
    try:
        code = cli(prog_name="zdtui", standalone_mode=False)
        if code in SIGNALS.values():
            flush()
            _leave_quietly(sys.stdout, sys.stderr)
        sys.stdout.flush()
    except ZdtuiError as error:
        say_error(str(error))
        code = 2
    except click.exceptions.Abort:
        code = 130
    except click.ClickException as error:
        _say_usage(error)
        code = 2
    except BrokenPipeError:
        _leave_quietly(sys.stdout)
        code = 1
    except Exception as error:  # noqa: BLE001 - a person is at the terminal: one sentence and no traceback
        say_error(_unforeseen(error))
        code = 1
    if threading.active_count() > 1:
        end_within(EXIT_GRACE, code if isinstance(code, int) else 0)
    sys.exit(code)


def _say_usage(error: click.ClickException) -> None:
    """What click would print itself, letter for letter of what was typed."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        say(error.format_message(), err=True)
        return
    if isinstance(error, click.UsageError) and error.ctx is not None:
        say(error.ctx.get_usage(), err=True)
        say(f"Try '{error.ctx.command_path} --help' for help.\n", err=True)
    say(f"Error: {error.format_message()}", err=True)


def _leave_quietly(*streams: TextIO) -> None:
    """Who read our output has gone, as `head` does, or a terminal that was closed: what is still to come is for nobody.

    Python would otherwise end with 120 because it could not flush, and hide the code that says why we end.
    """
    nobody = os.open(os.devnull, os.O_WRONLY)
    for stream in streams:
        with contextlib.suppress(OSError, ValueError):
            os.dup2(nobody, stream.fileno())


def _unforeseen(error: Exception) -> str:
    """A sentence for what nobody foresaw, with the place it happened at."""
    if os.environ.get("ZDTUI_TRACEBACK"):
        return "".join(traceback.format_exception(error))
    last = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{os.path.basename(last.filename)}:{last.lineno}"
    said = f"{type(error).__name__} at {place}: {error}"
    return f"an error that nobody foresaw ended this ({said}); please report it; ZDTUI_TRACEBACK=1 shows more"
