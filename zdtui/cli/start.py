"""`zdtui` alone: what can be opened from here, and opening it."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, assert_never

import click

from zdtui.cli.hang_up import HangUp
from zdtui.cli.options import name_target
from zdtui.cli.reachable import reachable
from zdtui.cli.run import open_console, settled
from zdtui.cli.say import say, say_whole

if TYPE_CHECKING:
    from screens.start import Entry
    from zdtui.configuration.settings import Settings
    from zdtui.plan.model import Plan
    from zdtui.run.journal.reader import Journal
    from zdtui.run.model.state import RunState

MOST_PLANS = 100
LARGEST_READ = 256 * 1024
"""Bytes of a plan that is read for its title; of a larger one only the file's name is told."""
LIBPQ = ""
"""The name that stands for what libpq is told by PG* variables and services."""
COMMANDS = {
    "import": "make a plan of another tool's folder of migrations",
    "draft": "make a plan of a statement that would stop the application",
    "check": "what plans and files of SQL will do, without a database",
}


@dataclass(slots=True)
class Here:
    """What is known so far."""

    settings: "Settings"
    plans: "dict[str, Plan | None]"
    """By path; None for one that cannot be read."""
    target: str | None = None
    """The database that was chosen; None before that."""
    runs: "list[tuple[Journal, RunState]]" = field(default_factory=list)

    @property
    def dsn(self) -> str:
        """How it is connected to."""
        return self.settings.target(self.target).dsn if self.target else ""


def open_start() -> int:
    """Show the list until something is opened or the person leaves. Returns the exit code."""
    from screens.start import Opens
    from zdtui.configuration.settings import load_settings

    settings = load_settings()
    here = Here(settings, plans_here(Path()))
    title = "zdtui"
    while (chosen := _chosen(entries(here), title, settings)) is not None:
        match chosen.opens:
            case Opens.TARGET:
                here.target, here.runs = chosen.key, []
                title = f"zdtui in {chosen.name}"
                _look(here)
            case Opens.PLAN:
                return _open(chosen.key, here)
            case Opens.RUN:
                return _open_run(chosen.key, here)
            case Opens.DEMO:
                return _invoke("demo")
            case Opens.COMMAND:
                return _invoke(chosen.key, "--help")
            case _ as never:
                assert_never(never)
    return 0


def plans_here(folder: Path) -> "dict[str, Plan | None]":
    """The plans in that folder, by path. What is no plan at all is left out; a plan with problems is None."""
    from zdtui.errors import ZdtuiError
    from zdtui.plan.load import parse_plan
    from zdtui.regular_file import read_text

    found: dict[str, Plan | None] = {}
    for path in sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")])[:MOST_PLANS]:
        try:
            text = read_text(path, "plan", largest=LARGEST_READ)
        except ZdtuiError:
            continue
        if not any(line.startswith("zdtui:") for line in text.splitlines()):
            continue
        try:
            found[str(path)] = parse_plan(text, str(path))
        except ZdtuiError:
            found[str(path)] = None
    return found


def entries(here: Here) -> "list[Entry]":
    """Everything that can be opened, in the order in which one looks for it."""
    from screens.start import Entry, Opens

    rows = [Entry(Opens.PLAN, path, path, _of_plan(plan, here)) for path, plan in here.plans.items()]
    rows += [Entry(Opens.RUN, str(journal.run), str(journal.run)[:8], _of_run(state)) for journal, state in here.runs]
    rows += [Entry(Opens.TARGET, name, name, "its runs, and where a plan is opened") for name in here.settings.targets]
    rows.append(Entry(Opens.TARGET, LIBPQ, "libpq's own", "the database that PG* and PGSERVICE name"))
    rows.append(Entry(Opens.DEMO, "demo", "demo", "a shop of its own with traffic, to try the console on"))
    rows += [Entry(Opens.COMMAND, name, f"zdtui {name}", about) for name, about in COMMANDS.items()]
    return [each for each in rows if each.opens is not Opens.TARGET or each.key != here.target]


def _of_plan(plan: "Plan | None", here: Here) -> str:
    if plan is None:
        return "has problems: zdtui check tells them"
    last = next(
        (state for _, state in here.runs if state.opened is not None and state.opened.plan_name == plan.name), None
    )
    return plan.title if last is None else f"{plan.title} · {_standing(last)}"


def _of_run(state: "RunState") -> str:
    name = state.opened.plan_name if state.opened is not None else "a run whose beginning is lost"
    return f"{name} · {_standing(state)}"


def _standing(state: "RunState") -> str:
    from zdtui.run.journal.standing import standing

    when = f" on {state.last_at:%Y-%m-%d %H:%M} UTC" if state.last_at is not None else ""
    return f"last run {standing(state)}{when}"


def _chosen(rows: "Sequence[Entry]", title: str, settings: "Settings") -> "Entry | None":
    from screens.start import StartApp

    drawing = settled(None, settings)
    app = StartApp(rows, title, theme=drawing.theme, ascii_only=drawing.ascii_only)
    with HangUp(leave=app.leave) as hang_up, hang_up.screen():
        chosen = app.run(mouse=False)
    if hang_up.exit_code is not None:
        raise click.exceptions.Exit(hang_up.exit_code)
    return chosen


def _look(here: Here) -> None:
    """Read the runs of the target; what is in the way is an error as in `zdtui status`."""
    from zdtui.errors import JournalError
    from zdtui.run.journal.reader import fold, read_journals

    say(f"asking {here.target or 'the database'} for its runs", err=True)
    try:
        found = asyncio.run(read_journals(reachable(here.dsn)))
    except JournalError:
        return  # none was ever begun there: the list is as it was, and a plan can be opened
    here.runs = [(each, fold(each.events)) for each in found]


def _open(path: str, here: Here) -> int:
    """The console on that plan, where was chosen; with several targets and none chosen, that is asked first."""
    if here.target is None and here.settings.targets:
        rows = [each for each in entries(here) if each.opens == "target"]
        chosen = _chosen(rows, f"where is {path} opened?", here.settings)
        if chosen is None:
            return 0
        here.target = chosen.key
    if here.target:
        name_target(here.target)
    return open_console(path, here.dsn)


def _open_run(run: str, here: Here) -> int:
    """The console on its plan, where that is here; else its report."""
    from zdtui.run.journal.report import report

    journal, state = next((each, state) for each, state in here.runs if str(each.run) == run)
    path = next(_with_name(here, "" if state.opened is None else state.opened.plan_name), None)
    if path is not None:
        return _open(path, here)
    say_whole(report(state, journal.events, journal.damage))
    return 0


def _with_name(here: Here, name: str) -> Iterator[str]:
    return (path for path, plan in here.plans.items() if plan is not None and plan.name == name)


def _invoke(*words: str) -> int:
    """A command as if it had been typed."""
    from zdtui.cli import cli

    code = cli.main(list(words), prog_name="zdtui", standalone_mode=False)
    return code if isinstance(code, int) else 0
