"""`make screenshots`: the pictures of the console, taken from the running demo at three sizes.

Runs `zdtui demo` in a tmux of its own, drives it by keys to a question, to the middle of the backfill and to a pause in
it, and draws what tmux says is on the screen as SVG. Look at them before committing them.
"""

import io
import re
import subprocess
import sys
import time
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

HERE = Path(__file__).parent
SIZES = ((200, 50), (120, 35), (80, 24))
SOCKET = "zdtui-screenshots"
NARROW = 120
"""Columns below which one pane is shown at a time."""
PATIENCE = 60.0
THEME = TerminalTheme(
    (16, 20, 28),
    (205, 214, 224),
    [
        (40, 46, 58),
        (224, 108, 117),
        (152, 195, 121),
        (229, 192, 123),
        (97, 175, 239),
        (198, 120, 221),
        (86, 182, 194),
        (171, 178, 191),
    ],
    [
        (92, 99, 112),
        (240, 128, 138),
        (170, 210, 140),
        (240, 205, 140),
        (120, 190, 250),
        (215, 140, 235),
        (105, 200, 212),
        (230, 234, 240),
    ],
)
FONTS = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)


def tmux(*words: str) -> str:
    """One command to our own tmux server; what it prints."""
    done = subprocess.run(
        ["tmux", "-L", SOCKET, "-f", "/dev/null", *words], capture_output=True, text=True, check=False
    )
    return done.stdout


def wait_for(pattern: str, patience: float = PATIENCE) -> str:
    """Wait until the screen holds what the pattern says. Exits with the screen when it does not in so many seconds."""
    end = time.monotonic() + patience
    while re.search(pattern, screen := tmux("capture-pane", "-p")) is None:
        if time.monotonic() > end:
            sys.exit(f"never saw {pattern!r}:\n{screen}")
        time.sleep(0.1)
    return screen


def ask_to_run(note: str = "") -> None:
    """R, and what was done by hand if something was."""
    tmux("send-keys", "R")
    if note:
        wait_for("say what was done, then Enter")
        answer(note)


def answer(text: str) -> None:
    """Type it into the field that is open, and Enter."""
    tmux("send-keys", "-l", text)
    wait_for(f"> {text}")
    tmux("send-keys", "Enter")


def confirm(next_step: str, note: str = "") -> None:
    """Ask to run the step, y; then wait for the next step."""
    ask_to_run(note)
    wait_for("y run it")
    tmux("send-keys", "y")
    wait_for(next_step)


def picture() -> str:
    """The screen with its colours."""
    return tmux("capture-pane", "-p", "-e")


def question() -> str:
    """The question of the next step, which is left unanswered."""
    tmux("send-keys", "R")
    wait_for("y run it")
    seen = picture()
    tmux("send-keys", "Escape")
    wait_for(r"(?s)\A(?!.*y run it)")
    return seen


def start(width: int, height: int, program: str) -> None:
    """The program in a terminal of that size."""
    tmux("new-session", "-d", "-x", str(width), "-y", str(height), program)


def stop() -> None:
    """End the terminal with what runs in it."""
    tmux("kill-server")


def take(width: int, height: int) -> dict[str, str]:
    """Drive the demo through the states that are drawn; the screen of each by its name."""
    start(width, height, f"{sys.executable} -m zdtui demo")
    try:
        wait_for("READY")
        confirm("next is sync-trigger")
        seen = {"question": question()}
        confirm("next is deploy-writers")
        confirm("next is soak-writers", note="v2 writes both")
        confirm("next is backfill-names")
        confirm("RUNNING")
        wait_for(r"RUNNING +([3-9]|[1-9]\d) %")
        seen["console"] = picture()
        tmux("send-keys", "p")
        wait_for("HELD")
        if width < NARROW:
            tmux("send-keys", "5")
        wait_for("goes on after the last committed batch")
        return {**seen, "held": picture()}
    finally:
        stop()


def draw(screen: str, width: int, title: str) -> str:
    """The screen as SVG, in the fonts the reader has."""
    console = Console(record=True, width=width, file=io.StringIO(), force_terminal=True)
    console.print(Text.from_ansi(screen.rstrip("\n")), overflow="crop", no_wrap=True, crop=True)
    svg = console.export_svg(title=title, theme=THEME, font_aspect_ratio=0.6)
    return FONTS.sub("", svg).replace("Fira Code", "ui-monospace, Menlo, Consolas, DejaVu Sans Mono")


def main() -> None:
    """Every state at every size."""
    for width, height in SIZES:
        for name, screen in take(width, height).items():
            file = HERE / f"{name}-{width}x{height}.svg"
            file.write_text(draw(screen, width, f"zdtui demo, {width} x {height}"))
            sys.stdout.write(f"{file.name}\n")


if __name__ == "__main__":
    main()
