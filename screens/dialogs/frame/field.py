"""One line of text typed by a person, or pasted: newlines folded, what draws nothing dropped."""

from collections.abc import Callable

from textual import events
from textual.widgets import Input

from zdtui.drawable import only_seen

LONGEST = 2000


class Field(Input):
    """An input that draws no border, blinks at nobody and takes a paste as one line."""

    DEFAULT_CSS = """
    Field, Field:focus { border: none; padding: 0; height: 1; background: transparent; background-tint: transparent; }
    """

    def __init__(self, takes: Callable[[events.Key | events.Paste], bool]) -> None:
        super().__init__(id="field", select_on_focus=False, max_length=LONGEST, compact=True)
        self.cursor_blink = False
        self._takes = takes

    def on_key(self, event: events.Key) -> None:
        """A key that is not for this field goes up to the dialog, which drops it."""
        if not self._takes(event):
            event.prevent_default()

    def on_paste(self, event: events.Paste) -> None:
        """Put the pasted text in as one line. A paste never answers: that takes Enter."""
        event.prevent_default()
        event.stop()
        if self._takes(event):
            self.insert_text_at_cursor(" ".join(only_seen(event.text).split()))

    def insert_text_at_cursor(self, text: str) -> None:
        """Every letter comes in here, typed or pasted; those that would not be seen stay outside."""
        super().insert_text_at_cursor(only_seen(text))
