"""The operator's own editor, in the terminal that the console lends it."""

import os
import shlex
import signal
import subprocess
import sys
from contextlib import suppress

from zdtui.errors import ZdtuiError

USUAL = "vi"
"""Where neither VISUAL nor EDITOR says which."""


def editor_words() -> tuple[str, ...]:
    """The editor's command. Raises ZdtuiError where what is set is no command."""
    said = os.environ.get("VISUAL") or os.environ.get("EDITOR") or USUAL
    try:
        words = tuple(shlex.split(said))
    except ValueError as error:
        raise ZdtuiError(f"VISUAL or EDITOR is no command ({error}): {said}") from None
    if not words:
        raise ZdtuiError("VISUAL or EDITOR is empty: set it to your editor's command")
    return words


def edit(path: str) -> None:
    """Run the editor on the file until it ends. Call it on the main thread. Raises ZdtuiError when it cannot be run.

    It has a process group of its own, and the terminal: Ctrl+C and Ctrl+Z in it are none of the console's business, in
    which a step may be at work. One that stops is sent on its way again, because there is no shell to bring it back.
    """
    words = editor_words()
    try:
        editor = subprocess.Popen([*words, path], process_group=0)
    except OSError as error:
        raise ZdtuiError(f"{words[0]} cannot be run: {error.strerror or error}; set VISUAL or EDITOR") from None
    ours = os.getpgrp()
    minds_output = signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    try:
        _give_terminal(editor.pid)
        code = _wait(editor.pid)
    finally:
        _give_terminal(ours)
        signal.signal(signal.SIGTTOU, minds_output)
    editor.returncode = code
    if code:
        raise ZdtuiError(f"{words[0]} ended with {code}: nothing was read again")


def _give_terminal(group: int) -> None:
    terminal = sys.__stdin__
    if terminal is not None:
        with suppress(OSError, ValueError):  # no terminal, or it is gone: the console finds out by itself
            os.tcsetpgrp(terminal.fileno(), group)


def _wait(pid: int) -> int:
    """Its exit code; stopped, perhaps because it was quicker than we with the terminal, it is told to go on."""
    while True:
        _, status = os.waitpid(pid, os.WUNTRACED)
        if not os.WIFSTOPPED(status):
            return os.waitstatus_to_exitcode(status)
        _give_terminal(pid)
        with suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGCONT)
