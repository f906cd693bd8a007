"""Rows of text as data: what every view makes of a snapshot, and the one widget that draws them needs. Pure."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from screens.look import Look
from screens.text import Drawable, cut, width_of


@dataclass(frozen=True, slots=True, init=False)
class Span:
    """A drawable text and what it means. Whatever text it is made of is made safe: nothing else can be drawn."""

    text: Drawable
    look: Look
    verbatim: bool
    """The author's own letters: --ascii leaves them as they are."""

    def __init__(self, text: str, look: Look = Look.PLAIN, verbatim: bool = False) -> None:
        """The one way in."""
        object.__setattr__(self, "text", Drawable(text))
        object.__setattr__(self, "look", look)
        object.__setattr__(self, "verbatim", verbatim)


@dataclass(frozen=True, slots=True)
class Row:
    """One line. Rows that can be selected have a key, by which the selection survives every refresh."""

    spans: tuple[Span, ...]
    key: Hashable | None = None

    @property
    def text(self) -> str:
        """The row without its looks."""
        return "".join(span.text for span in self.spans)

    def cut_to(self, width: int) -> "Row":
        """The row in at most `width` columns."""
        if width_of(self.text) <= width:
            return self
        spans: list[Span] = []
        left = width
        for span in self.spans:
            if width_of(span.text) > left:
                spans.append(Span(cut(span.text, left), span.look, span.verbatim))
                break
            spans.append(span)
            left -= width_of(span.text)
        return Row(tuple(spans), self.key)


def row(*parts: str | Span, key: Hashable | None = None) -> Row:
    """A row of texts, which are made safe to draw, and spans."""
    return Row(tuple(part if isinstance(part, Span) else Span(part) for part in parts), key)


def matching(rows: Iterable[Row], wanted: str) -> list[Row]:
    """The rows that hold the wanted text, in any case; those without a key are left out when anything is wanted."""
    if not wanted:
        return list(rows)
    folded = wanted.casefold()
    return [each for each in rows if each.key is not None and folded in each.text.casefold()]
