"""Whether there is a terminal to draw on, and how: asked before anything of a run is held."""

import os
import sys
from collections.abc import Mapping

from zdtui.errors import ZdtuiError

STREAMS = {0: "standard input", 1: "standard output", 2: "standard error"}
"""The console reads the first and draws on the last; the one between is where everything else is told."""

PLAIN = ("C", "POSIX")
PUT_THERE_BY_PYTHON = ("C.UTF-8", "C.utf8", "UTF-8")


def needs_terminal(what: str = "the console") -> None:
    """Raise ZdtuiError with one sentence when this is no place to draw on: a pipe, a file, a cron job, ssh without -t.

    All three streams are asked: with one of them elsewhere a person would look at a black screen, or a pipe would fill
    with escape codes, while the run is held.
    """
    elsewhere = [name for number, name in STREAMS.items() if not _is_terminal(number)]
    if elsewhere:
        verb = "is not one" if len(elsewhere) == 1 else "are not"
        raise ZdtuiError(f"{what} needs a terminal; use ssh -t ({_listed(elsewhere)} {verb})")
    if os.environ.get("TERM") == "dumb":
        raise ZdtuiError(f"{what} needs a terminal that can be drawn on, and TERM is dumb; set TERM to what it is")


def has_terminal() -> bool:
    """Whether `needs_terminal` would say nothing."""
    try:
        needs_terminal()
    except ZdtuiError:
        return False
    return True


def draws_ascii(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether the terminal's locale knows no other characters, by LC_ALL, LC_CTYPE and LANG, as POSIX reads them.

    Where none of them is set nobody said anything, and terminals of today draw UTF-8. Python itself puts a UTF-8
    LC_CTYPE in the place of a LANG that is C: that is not the person's word.
    """
    language = environment.get("LANG", "")
    ctype = environment.get("LC_CTYPE", "")
    if language in ("", *PLAIN) and ctype in PUT_THERE_BY_PYTHON:
        ctype = ""
    said = environment.get("LC_ALL") or ctype or language
    return bool(said) and "utf" not in said.lower()


def _is_terminal(number: int) -> bool:
    streams = {0: sys.__stdin__, 1: sys.__stdout__, 2: sys.__stderr__}
    try:
        stream = streams[number]
        return os.isatty(number if stream is None else stream.fileno())
    except (OSError, ValueError):
        return False


def _listed(names: list[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last
