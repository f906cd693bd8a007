"""What a terminal of some size shows: which widgets, how high, under which classes of `zdtui.tcss`. Pure."""

from dataclasses import dataclass

from screens.panes import LIVE, PLAN, STEP, live_pane, pane_of
from screens.views.verdict import ADVICE_BESIDE

NARROW = 120
"""Columns below which one pane is shown at a time, by tabs."""
WIDE = 160
"""Columns from which on all panes stand at the side; between the two, each is a line at the foot."""
LEAST_ROWS_FOR_NOW = 35
"""Rows from which on a wide terminal has room for what matters now under the step."""
TINY = (60, 15)
"""Columns and rows below which nothing but the verdict is drawn."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything stands."""

    classes: frozenset[str]
    """Of 'narrow', 'medium', 'opened', 'stacked' and 'tiny': those that hold."""
    shown: frozenset[str]
    """Ids of the widgets that are seen, where the class alone does not say it."""
    beside: bool
    """The live panes stand beside each other, each with its own height; else one has all the room there is."""
    now_height: int
    """Rows of what matters now, or of the pane that was opened in its place."""


def layout(width: int, height: int, *, chosen: int, zoomed: str | None) -> Layout:
    """The layout of a terminal of `width` columns and `height` rows.

    `chosen` is the number of the tab of a small terminal, or of the pane that was opened on a middle one; `zoomed` is
    the id of the pane that has the whole terminal.
    """
    opened = live_pane(zoomed or pane_of(chosen))
    narrow, wide = width < NARROW, width >= WIDE
    medium = not narrow and not wide
    tiny = width < TINY[0] or height < TINY[1]
    holds = {
        "narrow": narrow,
        "medium": medium and zoomed is None,
        "opened": opened is not None,
        "stacked": width < ADVICE_BESIDE,
        "tiny": tiny,
    }
    beside = wide and zoomed is None
    now = (medium and opened is None) or (wide and height >= LEAST_ROWS_FOR_NOW)
    seen = {
        PLAN: zoomed in (None, PLAN),
        "middle": zoomed == STEP or (zoomed is None and (not narrow or chosen == 1)),
        "now": now and zoomed is None,
        "side": beside or opened is not None,
        "tabs": narrow and zoomed is None,
        "summaries": medium and zoomed is None and not tiny,
        "plot": zoomed is not None and opened is not None,
        **{pane.id: beside or pane == opened for pane in LIVE},
    }
    return Layout(
        classes=frozenset(name for name, is_so in holds.items() if is_so),
        shown=frozenset(name for name, is_so in seen.items() if is_so),
        beside=beside,
        now_height=height // 3,
    )


CLASSES = ("narrow", "medium", "opened", "stacked", "tiny")
PLACED = (PLAN, "middle", "now", "side", "tabs", "summaries", "plot", *(pane.id for pane in LIVE))
"""The ids that `Layout.shown` decides of."""
