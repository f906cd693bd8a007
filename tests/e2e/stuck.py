"""`python -m tests.e2e.stuck HOW ...`: the program, with one of its threads stuck for good in the way that HOW names.

`engine`: the engine's loop stands still. `name`: names are never found. `file`: a thread reads what never answers.
`screen`: the screen's loop stands still. It is stuck once the file STUCK_NOW is there.
`input`: a read from a terminal that was closed fails, as it does on Linux while the other end is just closing.
"""

import errno
import os
import socket
import sys
import threading
import time
from pathlib import Path
from typing import Any

from screens.app import ConsoleApp
from zdtui.cli import main
from zdtui.run.engine.engine import Engine


def stuck() -> None:
    """For good, from the moment on that the test chooses."""
    if Path(os.environ["STUCK_NOW"]).exists():
        Path(os.environ["STUCK_NOW"] + ".is").touch()
        time.sleep(100_000)


def before(owner: object, name: str) -> None:
    """Get stuck where that is called."""
    original = getattr(owner, name)

    def called(*arguments: object, **named: object) -> object:
        stuck()
        return original(*arguments, **named)

    setattr(owner, name, called)


def fail_at_the_end_of_input() -> None:
    """Of the two answers that a closed terminal gives, always the one that is an error; and the screen hears it first."""
    read, panic, leave, heard = os.read, ConsoleApp.panic, ConsoleApp.leave, threading.Event()

    def reading(descriptor: int, size: int) -> bytes:
        data = read(descriptor, size)
        if descriptor == 0 and not data:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return data

    def panicking(app: ConsoleApp, *what: Any) -> None:
        panic(app, *what)
        heard.set()

    def leaving(app: ConsoleApp) -> None:
        heard.wait(1.0)
        leave(app)

    setattr(os, "read", reading)  # noqa: B010 (a module is no place to assign a function to, for a type checker)
    setattr(ConsoleApp, "panic", panicking)  # noqa: B010
    setattr(ConsoleApp, "leave", leaving)  # noqa: B010


def stick(how: str) -> None:
    """Prepare one of the ways."""
    match how:
        case "engine":
            before(Engine, "_publish")
        case "name":
            before(socket, "getaddrinfo")
        case "file":
            fifo = os.environ["STUCK_NOW"] + ".fifo"
            os.mkfifo(fifo)
            threading.Thread(target=lambda: Path(fifo).read_text(), name="not a daemon").start()
        case "screen":
            before(ConsoleApp, "_draw")
        case "input":
            fail_at_the_end_of_input()
        case _:
            raise ValueError(how)


if __name__ == "__main__":
    stick(sys.argv.pop(1))
    main()
