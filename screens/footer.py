"""The keys that work now: pause, roll back, help and quit first, then the rest as far as there is room, then `…`."""

from collections.abc import Sequence

from screens.actions import Action, Group
from screens.look import Look
from screens.rows import Row, Span, row
from screens.text import width_of
from screens.would_send import Focus

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
    spans: list[Span] = [Span(" ")]
    used = 1
    ordered = sorted((each for each in actions if each.footer is not None), key=lambda each: _place(each, focus))
    for place, each in enumerate(ordered):
        works = each.why_not(focus) is None
        if not works and place >= ALWAYS:
            continue
        pair = (
            [Span(each.cap, Look.KEY), Span(f" {each.label}  ")]
            if works
            else [Span(f"({each.cap} {each.label})  ", Look.QUIET)]
        )
        needed = sum(width_of(span.text) for span in pair)
        if used + needed > width - 2:
            spans.append(Span("…", Look.QUIET))
            break
        spans += pair
        used += needed
    return [row(*spans)]


def _place(action: Action, focus: Focus) -> float:
    """Its place. What acts on a selected session stands right behind the first; K before C where C does nothing."""
    if focus.backend is None or action.group is not Group.BACKENDS:
        return action.footer or 0
    idle = (focus.backend.state or "").startswith("idle")
    return ALWAYS + (0.5 if (action.id == "terminate_backend") is idle else 0.75)
