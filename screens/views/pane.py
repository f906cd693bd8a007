"""What live panes have in common: a title that tells the age of stale data, and 'no data' that is not zero."""

from collections.abc import Callable
from typing import TypeVar

from screens.look import Look
from screens.rows import Row, Span, row
from screens.scene import DIM_AFTER, Scene
from screens.text import fold, one_line
from zdtui import amounts
from zdtui.watch.samples import Reading

S = TypeVar("S")


def pane_title(scene: Scene, number: int, name: str, text: str, reading: Reading[S]) -> Row:
    """' 2 Locks · 3 waiting '; the age of the data when it is not fresh."""
    stale = None if reading.taken_at is None else _age_if_stale(scene, reading)
    spans = [Span(f" {number} {name} ", Look.TITLE), Span(f"· {text} " if text else "")]
    if stale is not None:
        spans.append(Span(f" {amounts.age(stale)} OLD ", Look.LOUD))
    return row(*spans)


def not_seen(reading: Reading[S]) -> str | None:
    """Why there is no sample, in a word or two: 'no data yet' or 'cannot see'; None when there is one."""
    if reading.sample is not None:
        return None
    return "cannot see" if reading.error else "no data yet"


def _age_if_stale(scene: Scene, reading: Reading[S]) -> float | None:
    seconds = reading.age(scene.now)
    return None if seconds is None or seconds < 3.0 else seconds


def pane_rows(scene: Scene, reading: Reading[S], rows: Callable[[Scene, S], list[Row]]) -> list[Row]:
    """The pane's rows; why there are none; and what was seen last, dimmed, when it is too old to trust."""
    error = (
        [row(Span(f" {line}", Look.WARN)) for line in fold(one_line(reading.error), scene.width - 2)]
        if reading.error
        else []
    )
    if reading.sample is None:
        return error or [row(Span(" no data yet", Look.QUIET))]
    found = rows(scene, reading.sample)
    seconds = reading.age(scene.now)
    if seconds is not None and seconds >= DIM_AFTER:
        found = [Row(tuple(Span(span.text, Look.QUIET) for span in each.spans), each.key) for each in found]
    return [*error, *found]
