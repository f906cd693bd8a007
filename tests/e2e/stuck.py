"""`python -m tests.e2e.stuck HOW ...`: the program, with one of its threads stuck for good in the way that HOW names.

`engine`: the engine's loop stands still. `name`: names are never found. `file`: a thread reads what never answers.
`screen`: the screen's loop stands still. It is stuck once the file STUCK_NOW is there.
"""

import os
import socket
import sys
import threading
import time
from pathlib import Path

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
        case _:
            raise ValueError(how)


if __name__ == "__main__":
    stick(sys.argv.pop(1))
    main()
