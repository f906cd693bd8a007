"""`zdtui demo`: a shop with live traffic on a PostgreSQL of its own, and the console on a plan that changes it."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from zdtui.cli.drawing.terminal import needs_terminal
from zdtui.cli.on_signal import ENDINGS, on_signal, unwound_by_signals
from zdtui.cli.say import say

if TYPE_CHECKING:
    from zdtui.demo.stage import Demo, DemoSettings


@click.command()
@click.option(
    "--plan", default="split-user-name", show_default=True, help="A plan file, or the name of a shipped plan."
)
@click.option("--rows", default=300_000, show_default=True, type=click.IntRange(min=100), help="Users in the shop.")
@click.option("--no-traffic", is_flag=True, help="Without the application's clients.")
@click.option("--no-standby", is_flag=True, help="Without the streaming standby.")
@click.option("--keep", is_flag=True, help="Leave the servers running at the end; the next demo removes them.")
@click.option("--serve", is_flag=True, help="Without the console: print the connection string and wait for Ctrl+C.")
def command(plan: str, rows: int, no_traffic: bool, no_standby: bool, keep: bool, serve: bool) -> None:
    """Try the console on a small shop of its own: a primary, a standby and traffic, all gone when you quit."""
    from zdtui.demo.stage import DemoSettings
    from zdtui.plan.load import load_plan
    from zdtui.plan.shipped import find_plan

    if not serve:
        load_plan(find_plan(plan))
        needs_terminal()
    settings = DemoSettings(users=rows, standby=not no_standby, traffic=not no_traffic)
    with _demo(settings, keep) as demo:
        code = _serve(demo) if serve else _console(plan, demo)
    raise click.exceptions.Exit(code)


@contextmanager
def _demo(settings: "DemoSettings", keep: bool) -> Iterator["Demo"]:
    """A demo that is cleared away however we leave: quitting, Ctrl+C, SIGTERM, a hang-up, or an error."""
    from zdtui.demo.stage import start_demo

    with unwound_by_signals():
        demo = start_demo(settings, lambda line: say(line, err=True))
        try:
            yield demo
        finally:
            with on_signal(signal.SIG_IGN, (*ENDINGS, signal.SIGINT)):
                _put_away(demo, keep)


def _put_away(demo: "Demo", keep: bool) -> None:
    if keep:
        demo.keep()
        say(f"still running, until the next zdtui demo: {demo.dsn}", err=True)
    else:
        demo.close()


def _console(plan: str, demo: "Demo") -> int:
    from zdtui.cli.run import open_console
    from zdtui.demo.plan_copy import own_copy

    return open_console(own_copy(plan, demo.folder.path / "plans"), demo.dsn)


def _serve(demo: "Demo") -> int:
    """Say where it is, and wait for a signal. Being told to end is how this ends well."""
    try:
        say(f"dsn: {demo.dsn}")
        if demo.standby_dsn is not None:
            say(f"standby: {demo.standby_dsn}")
        threading.Event().wait()
    except (SystemExit, KeyboardInterrupt):
        return 0
    return 0
