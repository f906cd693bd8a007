"""Which keys a dialog takes: only those pressed after it could be read. Pure; times are seconds of one clock."""

from dataclasses import dataclass

AFTER_PAINT = 0.3
"""A key pressed sooner than this after the dialog was painted was meant for the screen before it."""
AFTER_RESIZE = 0.25
"""Another person's key in a shared tmux session resizes the terminal; an answer that came with it is not one."""


@dataclass(slots=True)
class KeyGuard:
    """Closed until the dialog was painted and the keyboard was quiet for a moment; closed to answers after a resize."""

    opens_at: float | None = None
    answers_at: float = 0.0

    def painted(self, now: float) -> None:
        """The dialog is on the screen."""
        self.opens_at = now + AFTER_PAINT

    def resized(self, now: float) -> None:
        """The terminal changed its size."""
        self.answers_at = max(self.answers_at, now + AFTER_RESIZE)

    def offered(self, now: float) -> None:
        """What could not be answered can be from now on: a key pressed while it could not is no answer."""
        self.answers_at = max(self.answers_at, now + AFTER_PAINT)

    def dropped(self, at: float) -> None:
        """A key was dropped: whoever types ahead goes on typing, so the quiet moment starts over."""
        if self.opens_at is not None:
            self.opens_at = max(self.opens_at, at + AFTER_PAINT)

    def takes(self, at: float) -> bool:
        """Whether a key pressed at `at` is for this dialog at all."""
        return self.opens_at is not None and at >= self.opens_at

    def takes_answer(self, at: float) -> bool:
        """Whether a key pressed at `at` may answer (letters typed into a field are no answer until Enter)."""
        return self.takes(at) and at >= self.answers_at
