"""What a piece of text means, and how that looks in the operator's own sixteen colours. Never colour alone."""

from enum import StrEnum
from functools import cache

from rich.style import Style


class Look(StrEnum):
    """Meanings."""

    PLAIN = "plain"
    QUIET = "quiet"
    STRONG = "strong"
    LOUD = "loud"
    """Reverse video: PRODUCTION, a sign out of bounds."""
    GOOD = "good"
    """Healthy: cyan, never green against red."""
    WARN = "warn"
    DANGER = "danger"
    TITLE = "title"
    FOCUS = "focus"
    """The title of the pane that has the keys."""
    KEY = "key"
    """A key to press."""
    WORD = "sql word"
    STRING = "sql string"
    COMMENT = "sql comment"
    NUMBER = "sql number"


STYLES = {
    Look.PLAIN: "",
    Look.QUIET: "dim",
    Look.STRONG: "bold",
    Look.LOUD: "bold reverse",
    Look.GOOD: "cyan",
    Look.WARN: "bold yellow",
    Look.DANGER: "bold red",
    Look.TITLE: "bold blue",
    Look.FOCUS: "bold reverse blue",
    Look.KEY: "bold cyan",
    Look.WORD: "bold blue",
    Look.STRING: "green",
    Look.COMMENT: "dim",
    Look.NUMBER: "cyan",
}


@cache
def style_of(look: Look, selected: bool = False) -> Style:
    """The style of a meaning, on the selected row or off it."""
    style = Style.parse(STYLES[look]) if STYLES[look] else Style()
    return style + Style(reverse=True) if selected and not style.reverse else style
