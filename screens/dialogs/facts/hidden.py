"""Whether a text holds more than letters: what is confirmed must be seen. Pure."""

from zdtui.drawable import hides


def undrawable_lines(text: str) -> int:
    """How many lines hold escapes, control characters or direction marks, which are sent as they are."""
    lines = text.replace("\r\n", "\n").replace("\t", "    ").split("\n")
    return sum(1 for line in lines if hides(line))
