"""Opening and answering dialogs in a pty, by what they say: a dialog that takes no keys yet says `a moment:`."""

from tests.e2e.terminal import CLOSING as CLOSING
from tests.e2e.terminal import Terminal
from tests.e2e.terminal import is_open as is_open


def open_dialog(terminal: Terminal, key: str) -> str:
    """Press a key that opens a dialog; what is on the screen once the dialog takes keys."""
    terminal.type(key)
    return terminal.wait_for(is_open)


def run_next(terminal: Terminal) -> None:
    """R, and y once the dialog takes keys; back when the dialog is closed."""
    open_dialog(terminal, "R")
    terminal.type("y")
    terminal.wait_for(lambda screen: not CLOSING.search(screen))
