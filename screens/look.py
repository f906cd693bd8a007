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
    """Reverse video: a sign out of bounds, a word that must not be missed."""
    BANNER = "banner"
    """PRODUCTION."""
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
    Look.BANNER: "bold reverse red",
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
def style_of(look: Look, bar: int = 0) -> Style:
    """The style of a meaning; on the selected row one calm bar over all looks (2), or a line under it (1)."""
    style = Style.parse(STYLES[look]) if STYLES[look] else Style()
    match bar:
        case 2:
            return Style(reverse=True, bold=style.bold)
        case 1:
            return style + Style(underline=True)
        case _:
            return style
