"""The last hour of a pane as plots below its rows: drawn only when somebody looks, and the library loaded only then.

A gap is a gap: what was not to be seen is not joined over. Of the points that fall into one column the highest counts.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import assert_never

from screens.look import Look
from screens.rows import Row, Span, row
from screens.scene import Scene
from screens.text import one_line
from zdtui import amounts
from zdtui.run.figures.history import KEPT, Point
from zdtui.watch.samples import Pane

LEAST_ROWS = 7
"""Rows of one plot with its title."""
LEAST_SPAN = 60.0
"""Seconds that a plot shows at the least."""
TICKS = 4
LETTERS = "abcdefghijklmnopqrstuvwxyz"
LIMIT, REST, ONE, ONE_ASCII = "-", "r", "braille", "*"
ESCAPES = re.compile(r"\x1b\[[0-9;]*m")
AXES = "┤│└┬─┌┐┘"

Values = tuple[tuple[float, float], ...]
"""Seconds before now (negative), and the figure."""


@dataclass(frozen=True, slots=True)
class Line:
    """One figure over time."""

    name: str
    values: Values


@dataclass(frozen=True, slots=True)
class Chart:
    """One plot."""

    title: str
    lines: tuple[Line, ...]
    limit: float | None = None
    limit_text: str = ""
    rests: Values = ()
    """When a backfill rested, to be marked on the ground."""


@dataclass(frozen=True, slots=True)
class Size:
    """What one plot is drawn in: columns, rows, and seconds, which are the same for all of a pane."""

    width: int
    height: int
    span: float


def charts_of(pane: str, scene: Scene) -> tuple[Chart, ...]:
    """What there is to draw of the pane; none where nothing has been seen."""
    points, guards = tuple(scene.snapshot.history), scene.snapshot.plan.guards
    match Pane(pane):
        case Pane.REPLICATION:
            lag = guards.replication_lag
            names = sorted({name for point in points for name, _ in point.lags})
            lines = tuple(Line(name, _values(scene, points, partial(_lag, name))) for name in names)
            limit = None if lag is None else lag.total_seconds()
            found: tuple[Chart, ...] = (
                Chart("replay lag, s", lines, limit, "" if lag is None else f"the guard, {amounts.limit(lag)}"),
            )
        case Pane.PROGRESS:
            resting = _values(scene, points, lambda p: 0.0 if p.rests else None)
            found = (
                _chart(scene, points, "rows/s", lambda p: p.rows, rests=resting),
                _chart(scene, points, "WAL, MB/s", lambda p: None if p.wal is None else p.wal / 1e6),
                _chart(scene, points, "sessions waiting for a lock", lambda p: p.waiting),
            )
        case Pane.LOCKS | Pane.QUERIES:
            blocked = guards.blocked_sessions
            told = "" if blocked is None else f"the guard, {blocked} behind us"
            both = (
                Line("waiting for a lock", _values(scene, points, lambda p: p.waiting)),
                Line("behind us", _values(scene, points, lambda p: p.behind_us)),
            )
            found = (Chart("sessions", both, blocked, told),)
        case Pane.WEIGHTS | Pane.SERVER:
            found = ()
        case _ as never:
            assert_never(never)
    return tuple(each for each in found if any(line.values for line in each.lines))


def _lag(name: str, point: Point) -> float | None:
    return dict(point.lags).get(name)


def plot_rows(pane: str, scene: Scene, height: int) -> list[Row]:
    """The plots in so many rows, one under another; in words where there is nothing to draw, or no room."""
    charts = charts_of(pane, scene)
    if not charts:
        return [row(Span(" Nothing to draw yet: a point is kept each second while the console runs.", Look.QUIET))]
    room = max(1, min(len(charts), height // LEAST_ROWS))
    each = max(LEAST_ROWS, height // room)
    oldest = min(at for chart in charts for line in chart.lines for at, _ in line.values)
    size = Size(max(20, scene.width), each - 1, max(LEAST_SPAN, -oldest))
    return [line for chart in charts[:room] for line in _drawn(chart, size, scene.ascii_only)]


def _chart(
    scene: Scene,
    points: Sequence[Point],
    title: str,
    figure: Callable[[Point], float | None],
    rests: Values = (),
) -> Chart:
    return Chart(title, (Line("", _values(scene, points, figure)),), rests=rests)


def _values(scene: Scene, points: Iterable[Point], figure: Callable[[Point], float | None]) -> Values:
    found = ((point.at - scene.now, figure(point)) for point in points)
    return tuple((max(-KEPT, at), value) for at, value in found if value is not None)


def _drawn(chart: Chart, size: Size, ascii_only: bool) -> list[Row]:
    markers = _markers(chart, ascii_only)
    named = [
        f"{marker} {one_line(line.name)}" if len(chart.lines) > 1 else one_line(line.name)
        for line, marker in zip(chart.lines, markers, strict=True)
    ]
    said = [f" {chart.title}", *filter(None, named)]
    said += [f"{LIMIT} {chart.limit_text}"] if chart.limit_text else []
    said += [f"{REST} rests"] if chart.rests else []
    title = row(Span(" · ".join(said), Look.STRONG))
    lines = _plotted(chart, markers, size)
    return [title, *(_coloured(line, last=number >= len(lines) - 2) for number, line in enumerate(lines))]


def _markers(chart: Chart, ascii_only: bool) -> list[str]:
    """One line is drawn as fine as can be; several are told apart by letters, never by colour alone."""
    if len(chart.lines) == 1:
        return [ONE_ASCII if ascii_only else ONE]
    return [LETTERS[number % len(LETTERS)] for number in range(len(chart.lines))]


def _plotted(chart: Chart, markers: Sequence[str], size: Size) -> list[str]:
    """The lines of text that the library makes of it."""
    import plotext  # 0.1 s, and of use only to somebody who looks

    span = size.span
    top = max([1.0, chart.limit or 0.0, *(value for line in chart.lines for _, value in line.values)])
    plotext.clear_figure()
    plotext.theme("clear")
    plotext.limit_size(False, False)
    plotext.plot_size(size.width, size.height)
    plotext.xaxes(True, False)
    plotext.yaxes(True, False)
    plotext.xlim(-span, 0)
    plotext.ylim(0, top * 1.05)
    places = [-span * number / TICKS for number in range(TICKS, -1, -1)]
    plotext.xticks(places, [_when(place) for place in places])
    heights = sorted({0.0, top / 2, top, *([] if chart.limit is None else [chart.limit])})
    plotext.yticks(heights, [_figure(each) for each in heights])
    if chart.limit is not None:
        plotext.plot([-span, 0], [chart.limit, chart.limit], marker=LIMIT)
    step = span / size.width
    for line, marker in zip(chart.lines, markers, strict=True):
        for piece in pieces(line.values, step):
            draw = plotext.plot if len(piece) > 1 else plotext.scatter
            draw([at for at, _ in piece], [value for _, value in piece], marker=marker)
    if chart.rests:
        plotext.scatter([at for at, _ in chart.rests], [0.0] * len(chart.rests), marker=REST)
    return [ESCAPES.sub("", line).rstrip() for line in plotext.build().splitlines()]


def pieces(values: Values, step: float) -> list[list[tuple[float, float]]]:
    """The figures in columns of `step` seconds, the highest of each; broken where nothing was seen for a while."""
    broken: list[list[tuple[float, float]]] = []
    gap = max(5.0, step)
    before: float | None = None
    for at, value in values:
        if before is None or at - before > gap:
            broken.append([(at, value)])
        elif at - broken[-1][-1][0] < step:
            last = broken[-1][-1]
            broken[-1][-1] = (last[0], max(last[1], value))
        else:
            broken[-1].append((at, value))
        before = at
    return broken


def _figure(value: float) -> str:
    return amounts.roughly(value) if value >= 1e4 else amounts.on_an_axis(value)


def _when(place: float) -> str:
    if place == 0:
        return "now"
    return f"-{amounts.limit(round(-place / 60) * 60 if place <= -120 else round(-place))}"


def _coloured(line: str, last: bool) -> Row:
    """Axes are quiet, what is drawn is not, a limit warns."""
    frame = min((place for place in map(line.find, AXES) if place >= 0), default=-1)
    if last or frame < 0:
        return row(Span(line, Look.QUIET))
    spans = [Span(line[: frame + 1], Look.QUIET)]
    for text in re.findall(rf"{LIMIT}+|[^{LIMIT}]+", line[frame + 1 :]):
        spans.append(Span(text, Look.WARN if text[0] == LIMIT else Look.GOOD))
    return row(*spans)
