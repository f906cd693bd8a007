"""The command line: one file a command, imported only when it is called, so that `--version` is instant."""

import importlib
import os
import sys

import click

from zdtui import __version__
from zdtui.errors import ZdtuiError

os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
"""None of pydantic's plugins is ours, and looking for them reads every installed distribution: 20 ms of each start."""

COMMANDS = ("run", "check", "explain", "trace", "render", "status", "report", "rejected", "demo", "schema")


class LazyCommands(click.Group):
    """A group whose commands live in `zdtui.cli.<name>` as `command`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order a newcomer meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command's module; None for a name that is not ours."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"zdtui.cli.{cmd_name}").command
        return command


@click.group(cls=LazyCommands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="zdtui")
def cli() -> None:
    """Change a live PostgreSQL database without downtime, one confirmed step at a time."""


def main() -> None:
    """The `zdtui` program. Exit 0 done, 1 a finding or a failure, 2 bad input, 129 / 143 after a hang-up or TERM."""
    try:
        sys.exit(cli(standalone_mode=False))
    except ZdtuiError as error:
        click.echo(f"zdtui: {error}", err=True)
        sys.exit(2)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
