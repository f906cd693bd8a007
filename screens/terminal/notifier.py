"""What reaches an operator who looks elsewhere: the terminal's title, the tmux window's name, and one bell."""

import contextlib
import os
from collections.abc import Callable

from screens.terminal.title import TITLE_KEPT, set_title_sequence, title_back_sequence, title_for
from zdtui.run.decisions.snapshot import Snapshot, VerdictWord

WAITS_FOR_A_PERSON = frozenset({VerdictWord.READY, VerdictWord.HELD, VerdictWord.FAILED, VerdictWord.FINISHED})
BUSY = frozenset({VerdictWord.RUNNING, VerdictWord.THROTTLED, VerdictWord.BLOCKED, VerdictWord.STALLED})


class TerminalNotifier:
    """Tells each change once."""

    def __init__(self, signs: tuple[str, ...] = ()) -> None:
        self._signs = signs
        """Of `config.toml`: what the terminal is given with a notice."""
        self._before: Snapshot | None = None
        self._title = ""
        self._word: VerdictWord | None = None

    def tell(self, snapshot: Snapshot, bell: Callable[[], None]) -> None:
        """Set the title when it is another one; ring when what was busy now waits for a person."""
        title = title_for(snapshot)
        if title != self._title:
            _write(set_title_sequence(title) if self._title else TITLE_KEPT + set_title_sequence(title))
            self._title = title
        if self._signs:
            self._show(snapshot, bell)
        word = snapshot.verdict.word
        if self._word in BUSY and word in WAITS_FOR_A_PERSON:
            bell()
        self._word = word

    def _show(self, snapshot: Snapshot, bell: Callable[[], None]) -> None:
        """A notice to the terminal itself, which may show it on the desktop."""
        from screens.terminal.signs import sequences
        from zdtui.notify.noticing import notices

        before, self._before = self._before, snapshot
        for each in () if before is None else notices(before, snapshot):
            if "bell" in self._signs:
                bell()
            _write("".join(sequences(each, self._signs)))

    def give_back(self) -> None:
        """The title is again what it was before the first one of ours."""
        if self._title:
            self._title = ""
            _write(title_back_sequence())


def _write(sequence: str) -> None:
    """A few bytes straight to the terminal, in one write that does not wait: a title is not worth a stall."""
    with contextlib.suppress(OSError):
        terminal = os.open("/dev/tty", os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY)
        try:
            os.write(terminal, sequence.encode())
        finally:
            os.close(terminal)
