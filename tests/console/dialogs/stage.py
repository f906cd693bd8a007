"""A dialog on a stage: an app with a screen below that counts the keys it gets, and a scripted engine."""

import asyncio
import html
import re
import time
from collections.abc import Callable
from typing import Any

from textual import events
from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen

from screens.dialogs.frame.base import Dialog
from zdtui.run.decisions.snapshot import Snapshot
from zdtui.run.engine.surface import Failure
from zdtui.run.model.commands import Command, Pause

PATIENCE = 60.0
TEXT = re.compile(r'<text[^>]*\bx="([\d.]+)" y="([\d.]+)"[^>]*textLength="([\d.]+)"[^>]*>([^<]*)</text>')


class ScriptedEngine:
    """An EngineSurface whose snapshots are set by the test."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.submitted: list[Command] = []

    def submit(self, command: Command) -> None:
        self.submitted.append(command)

    def subscribe(self, changed: Callable[[], None]) -> None: ...

    def start(self) -> None: ...

    def stop(self, why: str, force: bool = False) -> None: ...

    def join(self, seconds: float) -> bool:
        return True

    @property
    def stopped(self) -> bool:
        return False

    @property
    def overdue(self) -> bool:
        return False

    @property
    def failure(self) -> Failure | None:
        return None


class Below(Screen[None]):
    """The screen the dialog is opened over."""

    def __init__(self) -> None:
        super().__init__()
        self.got: list[str] = []

    def on_key(self, event: events.Key) -> None:
        self.got.append(event.key)


class Stage(App[None]):
    """Opens the dialog with R, as the console does, and keeps what it was dismissed with."""

    ENABLE_COMMAND_PALETTE = False

    def __init__(self, engine: ScriptedEngine, make: Callable[[], Dialog]) -> None:
        super().__init__(ansi_color=True)
        self.engine = engine
        self.make = make
        self.results: list[Command | None] = []
        self.below = Below()

    def on_mount(self) -> None:
        self.push_screen(self.below)

    def open(self) -> None:
        """Push the dialog."""
        self.push_screen(self.make(), self.results.append)

    def on_key(self, event: events.Key) -> None:
        if event.key == "R" and self.screen is self.below:
            self.open()


async def until(pilot: Pilot[Any], condition: Callable[[], bool], what: str) -> None:
    """Wait for the condition; fail with the screen as it looked when it did not come true."""
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"never: {what}\n{screen_text(pilot.app)}")
        await pilot.pause()
        await asyncio.sleep(0.01)


async def opened(pilot: Pilot[Any]) -> Dialog:
    """Open the stage's dialog and wait until it takes keys."""
    app = pilot.app
    assert isinstance(app, Stage)
    app.open()
    await until(pilot, lambda: isinstance(app.screen, Dialog) and app.screen.listening, "the dialog takes keys")
    dialog = app.screen
    assert isinstance(dialog, Dialog)
    await until(pilot, lambda: dialog.ask is None or dialog.answering, "an answer counts")
    await pilot.pause()
    return dialog


async def write(pilot: Pilot[Any], text: str) -> None:
    """Type a text key by key."""
    await pilot.press(*(character if character != "-" else "minus" for character in text))


def screen_text(app: App[Any]) -> str:
    """What is on the screen, row by row, read back from the exported picture."""
    rows: dict[float, list[tuple[float, float, str]]] = {}
    for x, y, length, text in TEXT.findall(app.export_screenshot()):
        rows.setdefault(float(y), []).append((float(x), float(length), html.unescape(text).replace("\xa0", " ")))
    drawn = {}
    for y, pieces in rows.items():
        line = ""
        for x, length, text in sorted(pieces):
            width = length / len(text) if text else 12.2
            line = line.ljust(round(x / width)) + text
        drawn[y] = line.rstrip()
    return "\n".join(drawn[y] for y in sorted(drawn))


def pauses(engine: ScriptedEngine) -> int:
    """How many pauses were asked for."""
    return sum(isinstance(command, Pause) for command in engine.submitted)
