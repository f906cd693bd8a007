"""`zdtui run PLAN`: open the console on a plan and a database."""

import getpass
from typing import TYPE_CHECKING

import click

from zdtui.cli.options import allow_files_outside
from zdtui.cli.say import say_error
from zdtui.drawable import Drawable
from zdtui.errors import ZdtuiError

if TYPE_CHECKING:
    from zdtui.plan.model import Plan
    from zdtui.postgres.sessions.connect import Target
    from zdtui.run.engine.surface import EngineSurface


@click.command()
@click.argument("plan")
@click.option(
    "--dsn", default="", help="Connection string or URI; what it leaves out is libpq's: PG*, service, .pgpass."
)
@click.option("--amend", metavar="REASON", help="Go on with a plan whose text changed since the run began, and why.")
@click.option("--mouse", is_flag=True, help="Let the console take the mouse (your terminal then cannot select text).")
@click.option("--ascii", "ascii_only", is_flag=True, help="Draw with ASCII only.")
@click.option("--theme", help="A Textual theme instead of your terminal's own colours.")
@allow_files_outside
def command(
    plan: str, dsn: str, amend: str | None, mouse: bool, ascii_only: bool, theme: str | None, files_outside: bool
) -> None:
    """Open the console on PLAN (a file, or the name of a shipped plan). Opening a half-done run resumes it."""
    code = open_console(
        plan, dsn, mouse=mouse, ascii_only=ascii_only, theme=theme, amend=amend, files_outside=files_outside
    )
    raise click.exceptions.Exit(code)


def open_console(
    plan_path: str,
    dsn: str,
    *,
    mouse: bool = False,
    ascii_only: bool = False,
    theme: str | None = None,
    amend: str | None = None,
    files_outside: bool = False,
) -> int:
    """Load, connect once, and hand over to the console. Returns the exit code. Raises ZdtuiError for bad input."""
    from zdtui.plan.load import load_plan
    from zdtui.plan.shipped import find_plan

    plan = load_plan(find_plan(plan_path), files_outside=files_outside)
    target = reachable(dsn)
    return _console(plan, target, mouse=mouse, ascii_only=ascii_only, theme=theme, amend=amend)


def reachable(dsn: str) -> "Target":
    """The target, with a password asked for without echo if the server wants one that nothing else supplied.

    Raises TargetError when the server cannot be reached or does not accept the password.
    """
    from zdtui.postgres.sessions.connect import PasswordNeeded, Target, probe

    target = Target(conninfo=dsn)
    answer = probe(target)
    if isinstance(answer, PasswordNeeded):
        target = Target(conninfo=dsn, password=getpass.getpass(Drawable(answer.prompt)))
        answer = probe(target)
        if isinstance(answer, PasswordNeeded):
            raise click.ClickException("the server does not accept this password")
    return target


def _console(
    plan: "Plan", target: "Target", *, mouse: bool, ascii_only: bool, theme: str | None, amend: str | None
) -> int:
    from screens.app import ConsoleApp
    from zdtui.cli.hang_up import ENGINE_GRACE, NO_ANSWER, HangUp
    from zdtui.run.engine.engine import Engine

    engine: EngineSurface = Engine(plan, target, amend=amend)
    app = ConsoleApp(engine, theme=theme, ascii_only=ascii_only)
    with HangUp(engine, leave=app.leave) as hang_up:
        engine.start()
        with hang_up.screen():
            app.run(mouse=mouse)
        if not engine.overdue:
            engine.stop("the console was closed", force=True)
            engine.join(ENGINE_GRACE)
    if hang_up.exit_code is not None:
        return hang_up.exit_code
    if not engine.stopped:
        say_error("the engine did not answer in time: what it had with the server, the server ends by itself")
        return NO_ANSWER
    if engine.failure is not None and engine.failure.expected:
        raise ZdtuiError(engine.failure.message)
    if engine.failure is not None:
        say_error(f"the engine ended: {engine.failure.message}")
        return 1
    return app.return_code or 0
