"""A bare Textual application: what a first paint costs anybody who uses Textual, told beside ours.

It shows one line and waits for a key; `benchmarks/console.py` starts it in the same terminal as the console.
"""

from textual.app import App, ComposeResult
from textual.widgets import Static

LINE = "nothing but Textual"


class Bare(App[None]):
    """One line, in the colours of the terminal as the console has them."""

    ENABLE_COMMAND_PALETTE = False

    def compose(self) -> ComposeResult:
        """The line."""
        yield Static(LINE)

    def on_key(self) -> None:
        """Any key ends it."""
        self.exit()


if __name__ == "__main__":
    Bare(ansi_color=True).run()
