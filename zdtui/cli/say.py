"""The one door to the terminal for every command: what is printed is made safe to draw here, whoever wrote it.

Nothing else under `zdtui/` or `screens/` prints (a test looks), but the console, whose rows are drawable by their type.
"""

import contextlib
import io
import logging
import sys
import threading
from collections.abc import Iterable

import click

from zdtui.drawable import Drawable, drawable_text
from zdtui.sql.text.secrets import masked


def say(text: str = "", *, err: bool = False) -> None:
    """Print the text and a line break; of its own line breaks each begins a new line. Passwords are struck out."""
    say_ours(masked(text), err=err)


def say_whole(document: str) -> None:
    """Print a document that ends with its own line break."""
    say(document.removesuffix("\n"))


def say_ours(text: str, *, err: bool = False) -> None:
    """The same for what holds no password, or from which they were struck out: JSON, and pages of our own."""
    click.echo(drawable_text(text.removesuffix("\n")), err=err)


def say_styled(spans: Iterable[tuple[str, str | None]]) -> None:
    """Print texts as one line, each in its colour; colours are left out where nobody looks."""
    click.echo(
        "".join(
            click.style(Drawable(text), fg=colour, bold=True) if colour else Drawable(text) for text, colour in spans
        )
    )


def ask(question: str, default: str | None = None) -> str:
    """What the person at the terminal answers, on one line; `default` where nothing is typed. Raises click.Abort when
    the person gives up: Ctrl+C, Ctrl+D."""
    shown = default is not None and default != ""
    answer: str = click.prompt(Drawable(question), default=default, show_default=shown, err=True)
    return answer


def say_error(sentence: str) -> None:
    """Print why a command ends, on stderr, after the program's name."""
    say(f"zdtui: {sentence}", err=True)


def flush() -> None:
    """Let what was printed leave, as far as it can."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()


def open_door() -> None:
    """Have everything that Python or a library would print by itself go through here too, and no encoding stop it."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    logging.lastResort = _Through(logging.WARNING)
    threading.excepthook = _thread_ended
    sys.unraisablehook = _could_not_be_raised


class _Through(logging.Handler):
    """What a library logs and nobody handles."""

    def emit(self, record: logging.LogRecord) -> None:
        """One line; the traceback of what was logged is not for a person."""
        say(record.getMessage(), err=True)


def _thread_ended(ended: threading.ExceptHookArgs) -> None:
    if ended.exc_type is not SystemExit:
        name = ended.thread.name if ended.thread else "?"
        say_error(f"the thread {name} ended: {ended.exc_type.__name__}: {ended.exc_value}")


def _could_not_be_raised(raised: "sys.UnraisableHookArgs") -> None:
    say_error(f"{raised.exc_type.__name__}: {raised.exc_value}")
