"""`zdtui run PLAN`: open the console on a plan and a database."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import click

from zdtui.cli.drawing.terminal import draws_ascii, needs_terminal
from zdtui.cli.drawing.themes import list_themes, theme_names
from zdtui.cli.options import allow_files_outside, completed_by, plan_argument, said_as, which_database
from zdtui.cli.reachable import reachable
from zdtui.cli.say import say, say_error
from zdtui.collecting import fewer_collections, spare_what_is_there
from zdtui.errors import ZdtuiError

if TYPE_CHECKING:
    from screens.app import ConsoleApp
    from zdtui.configuration.drawing import Drawing, Wishes
    from zdtui.configuration.settings import Settings
    from zdtui.plan.model import Plan
    from zdtui.postgres.sessions.connect import Target
    from zdtui.run.engine.surface import EngineSurface


@click.command()
@plan_argument()
@which_database
@click.option("--amend", metavar="REASON", help="Go on with a plan whose text changed since the run began, and why.")
@click.option(
    "--mouse/--no-mouse",
    default=None,
    help="Let the console take the mouse (your terminal then cannot select text).",
)
@click.option(
    "--ascii/--no-ascii",
    "ascii_only",
    default=None,
    help="Draw with ASCII only. A locale such as C does that by itself.",
)
@click.option(
    "--theme",
    metavar="NAME",
    is_eager=True,
    shell_complete=completed_by("themes"),
    callback=list_themes,
    help="A theme instead of your terminal's own colours; --theme list names them.",
)
@allow_files_outside
def command(
    plan: str,
    dsn: str,
    amend: str | None,
    mouse: bool | None,
    ascii_only: bool | None,
    theme: str | None,
    files_outside: bool,
) -> None:
    """Open the console on PLAN (a file, or the name of a shipped plan). Opening a half-done run resumes it.

    Ends with 0 when you leave it, with 1 after a failure inside zdtui, with 2 when the plan or the database cannot be
    used, and with 129, 130 or 143 after a hang-up, an interrupt or SIGTERM.
    """
    from zdtui.configuration.drawing import Wishes

    wishes = Wishes(mouse=mouse, ascii_only=ascii_only, theme=theme)
    raise click.exceptions.Exit(open_console(plan, dsn, wishes, amend=amend, files_outside=files_outside))


def open_console(
    plan_path: str,
    dsn: str,
    wishes: "Wishes | None" = None,
    *,
    amend: str | None = None,
    files_outside: bool = False,
) -> int:
    """Load, connect once, and hand over to the console. Returns the exit code. Raises ZdtuiError for bad input.

    Whether there is something to draw on, and how, is settled before an engine is made: nothing of a run is held yet.
    """
    from zdtui.configuration.settings import load_settings
    from zdtui.plan.load import load_plan
    from zdtui.plan.shipped import find_plan

    with fewer_collections():
        plan = load_plan(find_plan(plan_path), files_outside=files_outside)
        settings = load_settings()
        drawing = settled(wishes, settings)
        target = reachable(dsn)
        needs_terminal()
        engine = _engine(plan, target, amend=amend)
        app = _app(engine, drawing, files_outside=files_outside)
    spare_what_is_there()
    with _telling(plan, settings, engine, app):
        return _shown(engine, app, drawing)


def settled(wishes: "Wishes | None", settings: "Settings") -> "Drawing":
    """How the console is drawn here. Raises ZdtuiError for a theme that there is not."""
    from zdtui.configuration.drawing import Wishes, drawing_of

    return drawing_of(wishes or Wishes(), settings, plain=draws_ascii(), themes=theme_names)


def _engine(plan: "Plan", target: "Target", *, amend: str | None) -> "EngineSurface":
    """Everything the first frame waits for; `tests/unit/test_first_frame.py` says what it does not wait for."""
    from zdtui.proposals.found import read
    from zdtui.run.engine.engine import Engine

    return Engine(plan, target, amend=amend, proposal=read(plan.path))


def _app(engine: "EngineSurface", drawing: "Drawing", *, files_outside: bool) -> "ConsoleApp":
    from screens.app import ConsoleApp

    return ConsoleApp(
        engine,
        theme=drawing.theme,
        ascii_only=drawing.ascii_only,
        zone=drawing.zone,
        signs=drawing.signs,
        files_outside=files_outside,
    )


def _shown(engine: "EngineSurface", app: "ConsoleApp", drawing: "Drawing") -> int:
    from zdtui.cli.hang_up import ENGINE_GRACE, HangUp

    with HangUp(engine, leave=app.leave) as hang_up:
        engine.start()
        with hang_up.screen():
            app.run(mouse=drawing.mouse)
        app.give_terminal_back()
        if not engine.overdue:
            engine.stop("the console was closed", force=True)
            engine.join(ENGINE_GRACE)
    if hang_up.exit_code is not None:
        return hang_up.exit_code
    from screens.words import ASCII
    from zdtui.run.decisions.summary import summary_lines

    code = _ended(engine, app.return_code or 0)
    for line in summary_lines(engine.snapshot, said_as()):
        say(line.translate(ASCII) if drawing.ascii_only else line)
    return code


@contextmanager
def _telling(plan: "Plan", settings: "Settings", engine: "EngineSurface", app: "ConsoleApp") -> Iterator[None]:
    """While this lasts, the receivers of the configuration are told; who was not told stays in the terminal.

    Where nobody is to be told, nothing of it is even imported.
    """
    if not settings.receivers and not plan.notify:
        yield
        return
    from zdtui.notify.receivers import of_run
    from zdtui.notify.sender import Sender, is_installed

    receivers, sentence = of_run(settings, plan.notify, installed=is_installed())
    if sentence:
        app.say_first(sentence)
    sender = Sender(receivers, app.say_first)
    if receivers.urls:
        sender.start()
        engine.subscribe(lambda: sender.saw(engine.snapshot))
    try:
        yield
    finally:
        sender.close()
        with suppress(OSError):  # the terminal may be gone, and that has an exit code of its own
            for each in app.said_first:
                say_error(each)


def _ended(engine: "EngineSurface", code: int) -> int:
    """The exit code of a console that was left."""
    from zdtui.cli.hang_up import NO_ANSWER

    if not engine.stopped:
        say_error("the engine did not answer in time: what it had with the server, the server ends by itself")
        return NO_ANSWER
    if engine.failure is not None and engine.failure.expected:
        raise ZdtuiError(engine.failure.message)
    if engine.failure is not None:
        say_error(f"the engine ended: {engine.failure.message}")
        return 1
    return code
