"""`zdtui` alone: what can be opened from here, and opening it."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, assert_never

import click

from zdtui.cli.hang_up import HangUp
from zdtui.cli.options import name_target
from zdtui.cli.reachable import reachable
from zdtui.cli.run import open_console, settled
from zdtui.cli.say import say, say_whole

if TYPE_CHECKING:
    from screens.start import Asking
    from zdtui.configuration.settings import Settings
    from zdtui.start.entries import Run
    from zdtui.start.entry import Entry
    from zdtui.start.plans_here import PlansHere


T = TypeVar("T")
ASKS_BY_ITSELF: dict[str, tuple[str, ...]] = {"new": ()}
"""Commands that need no words; of every other one the list shows the help."""


def open_start() -> int:
    """Show the list until something is opened or the person leaves. Returns the exit code."""
    from zdtui.configuration.settings import load_settings
    from zdtui.start.plans_here import plans_here

    return Start(load_settings(), plans_here(Path())).open()


class Start:
    """What is known so far, and opening what is chosen."""

    def __init__(self, settings: "Settings", plans: "PlansHere") -> None:
        self._settings = settings
        self._plans = plans
        self._target: str | None = None
        """The database that was chosen; None before that."""
        self._runs: list[Run] = []

    def open(self) -> int:
        """Ask until something is opened or the person leaves. Returns the exit code."""
        from zdtui.start.entries import entries
        from zdtui.start.entry import Opens

        more = self._plans.not_looked_at
        title = f"zdtui · {more} more files here were not looked at" if more else "zdtui"
        while True:
            targets = tuple(self._settings.targets)
            rows = entries(self._plans.found, targets, self._target, self._runs, self._plans.proposals)
            if (chosen := self._chosen(rows, title)) is None:
                return 0
            match chosen.opens:
                case Opens.TARGET:
                    self._target, self._runs = chosen.key, self._runs_in(chosen)
                    title = f"zdtui in {chosen.name}"
                case Opens.PLAN | Opens.PROPOSAL:
                    return self._open(chosen.key)
                case Opens.RUN:
                    return self._open_run(chosen.key)
                case Opens.DRAFT:
                    if (path := self._draft()) is not None:
                        return self._open(path)
                case Opens.DEMO:
                    return _invoke("demo")
                case Opens.COMMAND:
                    return _invoke(chosen.key, *ASKS_BY_ITSELF.get(chosen.key, ("--help",)))
                case _ as never:
                    assert_never(never)

    def _chosen(self, rows: "Sequence[Entry]", title: str) -> "Entry | None":
        from screens.start import StartApp

        drawing = settled(None, self._settings)
        return self._shown(StartApp(rows, title, theme=drawing.theme, ascii_only=drawing.ascii_only))

    def _shown(self, app: "Asking[T]") -> "T | None":
        with HangUp(leave=app.leave) as hang_up, hang_up.screen():
            chosen = app.run(mouse=False)
        if hang_up.exit_code is not None:
            raise click.exceptions.Exit(hang_up.exit_code)
        return chosen

    def _draft(self) -> str | None:
        """The file of a plan that was drafted of a statement; None: the person thought better of it."""
        from zdtui.cli.start.new import draft_of, put_beside, told_of
        from zdtui.errors import ZdtuiError

        text = said = ""
        while True:
            typed = self._typed(text, said)
            if typed is None:
                return None
            text = typed
            try:
                drafted = draft_of(text, None if self._target is None else self._dsn(self._target))
                path = put_beside(drafted.text)
            except ZdtuiError as error:
                said = str(error)
                continue
            say("\n".join([*told_of(text, drafted), f"written: {path}"]), err=True)
            return path

    def _typed(self, text: str, said: str) -> str | None:
        from screens.start import StatementApp

        drawing = settled(None, self._settings)
        known = f"by the tables of {self._target or 'libpq' if self._target is not None else 'no database'}"
        app = StatementApp(text, said, known, theme=drawing.theme, ascii_only=drawing.ascii_only)
        return self._shown(app)

    def _dsn(self, target: str | None) -> str:
        return self._settings.target(target).dsn if target else ""

    def _runs_in(self, target: "Entry") -> "list[Run]":
        """The runs there; none where none was ever begun. What else is in the way is an error as in `zdtui status`."""
        from zdtui.run.journal.reader import NoRunError, fold, read_journals

        say(f"asking {target.name} for its runs", err=True)
        try:
            found = asyncio.run(read_journals(reachable(self._dsn(target.key))))
        except NoRunError:
            return []
        return [(each, fold(each.events)) for each in found]

    def _open(self, path: str) -> int:
        """The console on that plan, where was chosen; with targets and none chosen, that is asked first."""
        from zdtui.start.entries import places

        if self._target is None and self._settings.targets:
            chosen = self._chosen(places(tuple(self._settings.targets)), f"where is {path} opened?")
            if chosen is None:
                return 0
            self._target = chosen.key
        if self._target:
            name_target(self._target)
        return open_console(path, self._dsn(self._target))

    def _open_run(self, run: str) -> int:
        """The console on its plan, where that is here; else its report."""
        from zdtui.run.journal.report import report
        from zdtui.start.entries import path_of_run

        journal, state = next(each for each in self._runs if str(each[0].run) == run)
        path = path_of_run((journal, state), self._plans.found)
        if path is not None:
            return self._open(path)
        say_whole(report(state, journal.events, journal.damage))
        return 0


def _invoke(*words: str) -> int:
    """A command as if it had been typed."""
    from zdtui.cli import cli

    code = cli.main(list(words), prog_name="zdtui", standalone_mode=False)
    return code if isinstance(code, int) else 0
