"""The keys that work now: pause, roll back, help and quit first, then the rest as far as there is room.

Where some have no room the last one is the key that lists all.
"""

from collections.abc import Iterator, Sequence

from screens.actions import Action, Group
from screens.look import Look
from screens.rows import Row, Span, row
from screens.text import width_of
from screens.would_send import Focus

LISTS_ALL = "palette"
"""The action that lists every key."""
LAST = 90
"""The place of what is of no use at the moment, though it works."""
PACE = frozenset({"harder", "gentler"})
ALWAYS = 4
"""The first so many are shown whether they work or not; in brackets when they do not."""


def footer_rows(actions: Sequence[Action], focus: Focus, width: int, filter_text: str | None = None) -> list[Row]:
    """One row. A key that does nothing now stands in brackets, or is left out."""
    if filter_text is not None:
        return [
            row(
                Span(" filter: ", Look.KEY),
                Span(filter_text, Look.STRONG),
                Span("▏ Enter keeps it, Esc clears it", Look.QUIET),
            )
        ]
    shown = list(_in_order(actions, focus))
    rest = [(Span(each.cap, Look.KEY), Span(" …", Look.QUIET)) for each in actions if each.id == LISTS_ALL]
    room = width - 1
    if sum(map(_width, shown)) > room:
        room -= sum(map(_width, rest))
        while len(shown) > 1 and sum(map(_width, shown)) > room:
            shown.pop()
        shown += rest
    return [row(" ", *(span for pair in shown for span in pair))]


def _in_order(actions: Sequence[Action], focus: Focus) -> Iterator[tuple[Span, ...]]:
    ordered = sorted((each for each in actions if each.footer is not None), key=lambda each: _place(each, focus))
    for place, each in enumerate(ordered):
        if each.why_not(focus) is None:
            yield (Span(each.cap, Look.KEY), Span(f" {each.label}  "))
        elif place < ALWAYS:
            yield (Span(f"({each.cap} {each.label})  ", Look.QUIET),)


def _width(pair: tuple[Span, ...]) -> int:
    return sum(width_of(span.text) for span in pair)


def _place(action: Action, focus: Focus) -> float:
    """Its place. What acts on a selected session stands right behind the first; K before C where C does nothing.

    How hard a backfill works is of use while one works.
    """
    if action.id in PACE and (focus.snapshot.activity is None or focus.snapshot.activity.progress is None):
        return LAST
    if focus.backend is None or action.group is not Group.BACKENDS:
        return action.footer or 0
    idle = (focus.backend.state or "").startswith("idle")
    return ALWAYS + (0.5 if (action.id == "terminate_backend") is idle else 0.75)
