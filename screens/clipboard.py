"""Copying a text so that it can be had elsewhere, and saying honestly what became of it.

Inside tmux a bare OSC 52 is dropped by default (`set-clipboard external`), so tmux is asked to load its own buffer
and to pass it on. Whether a terminal takes an OSC 52 cannot be known; the text is always kept in a file too.
"""

import contextlib
import os
import stat
import subprocess
from pathlib import Path
from typing import Protocol

from zdtui.amounts import limit

OSC_52_LONGEST = 74_994
"""Bytes of text that terminals take in one OSC 52 (100 000 characters of base64, less the frame)."""
TMUX_PATIENCE = 1.0
"""Seconds tmux is given."""


class HasClipboard(Protocol):
    """The part of a Textual App that is needed here."""

    def copy_to_clipboard(self, text: str) -> None:
        """Write the text to the terminal as OSC 52."""
        ...


def copy(app: HasClipboard, text: str) -> str:
    """Copy the text every way there is; the answer is one sentence that claims no more than is known."""
    sent = _through_tmux(text) if os.environ.get("TMUX") else _through_terminal(app, text)
    return f"{sent}; {_save(text)}"


def saved_to() -> Path:
    """Where the text copied last is kept: `$XDG_STATE_HOME/zdtui/copied.txt`."""
    state = os.environ.get("XDG_STATE_HOME", "")
    home = Path(state) if os.path.isabs(state) else Path.home() / ".local" / "state"
    return home / "zdtui" / "copied.txt"


def _through_terminal(app: HasClipboard, text: str) -> str:
    length = len(text.encode(errors="replace"))
    if length > OSC_52_LONGEST:
        return f"not sent to the clipboard: {length} bytes are more than terminals take ({OSC_52_LONGEST})"
    app.copy_to_clipboard(text)
    return "sent to the terminal's clipboard, which may ignore it"


def _through_tmux(text: str) -> str:
    try:
        subprocess.run(
            ["tmux", "load-buffer", "-w", "-"],
            input=text.encode(errors="replace"),
            capture_output=True,
            check=True,
            timeout=TMUX_PATIENCE,
        )
    except subprocess.TimeoutExpired:
        return f"tmux did not take it within {limit(TMUX_PATIENCE)}"
    except (OSError, subprocess.CalledProcessError):
        return "tmux did not take it"
    return "in tmux's buffer, and offered to the terminal's clipboard, which may ignore it"


def _save(text: str) -> str:
    """Keep the text in a file that only its owner reads."""
    path = saved_to()
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_NONBLOCK | os.O_NOFOLLOW
        descriptor = os.open(path, flags, 0o600)
        with contextlib.closing(os.fdopen(descriptor, "wb")) as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                return f"not saved: {path} is not a regular file"
            os.fchmod(descriptor, 0o600)
            os.ftruncate(descriptor, 0)
            file.write(text.encode(errors="replace"))
    except OSError as error:
        return f"not saved: {error.strerror or error}"
    return f"saved to {path}"
