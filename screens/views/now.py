"""What matters at this moment, over the whole width of the middle: the lines that are too long for a pane at the side.

Who is in the way; how far the work is; why a step stands; what the next one will take. Pure.
"""

from collections.abc import Iterator

from screens.look import Look
from screens.rows import Row, Span, row
from screens.scene import Scene
from screens.text import drawable, fold, one_line
from screens.views.hazards import NOT_YET, of_step
from screens.views.locking import locking_rows
from screens.views.progress import progress_rows
from screens.views.standing import standing_rows, standing_step, standing_title
from zdtui.hazards.hazard import Part
from zdtui.hazards.wording import counts_line, effects_line, taking
from zdtui.plan.model import Irreversible, Step
from zdtui.run.decisions.decide import needs_go
from zdtui.run.decisions.reading import is_to_be_read
from zdtui.run.decisions.snapshot import Snapshot

WAYS = "2 goes to them: C cancels a statement, K ends a session"
MOST = 3
"""Lines that say what the next step takes; the rest is counted."""


def now_title(scene: Scene) -> Row:
    """' Now: who is in the way '."""
    return row(Span(f" Now: {_about(scene.snapshot)} ", Look.TITLE))


def now_rows(scene: Scene) -> list[Row]:
    """The rows for how things stand now."""
    snapshot = scene.snapshot
    if _is_kept_out(snapshot):
        return [*locking_rows(scene), row(Span(f" {WAYS}", Look.KEY))]
    if snapshot.activity is not None:
        return progress_rows(scene)
    if standing_step(snapshot) is not None:
        return standing_rows(scene)
    if snapshot.next_step is None:
        return [row(Span(" Every step is over.", Look.GOOD))]
    return list(_next(scene, snapshot.plan.step(snapshot.next_step)))


def _about(snapshot: Snapshot) -> str:
    if _is_kept_out(snapshot):
        return "who is in the way"
    if snapshot.activity is not None:
        return drawable(snapshot.activity.step)
    if standing_step(snapshot) is not None:
        return standing_title(snapshot)
    return "the end" if snapshot.next_step is None else f"what {drawable(snapshot.next_step)} will do"


def _is_kept_out(snapshot: Snapshot) -> bool:
    activity = snapshot.activity
    return activity is not None and activity.locking is not None


def _next(scene: Scene, step: Step) -> Iterator[Row]:
    """What the next step takes, what undoes it, and whether something is against it."""
    width = max(20, scene.width - 10)
    found = of_step(scene.snapshot, step)
    if scene.snapshot.findings is None:
        yield from _said("takes", NOT_YET, width)
    lines = list(dict.fromkeys(map(effects_line, taking(each for each in found if each.place.part is Part.ACTION))))
    for place, line in enumerate(lines[:MOST]):
        yield from _said("takes" if not place else "", line, width)
    if len(lines) > MOST:
        yield from _said("", f"and {len(lines) - MOST} more (h shows them)", width)
    yield from _said(
        "undo", step.rollback.in_one_line, width, Look.LOUD if isinstance(step.rollback, Irreversible) else Look.PLAIN
    )
    if counts := counts_line(found):
        yield from _said("hazards", f"{counts} (h shows them)", width, Look.WARN)
    board = scene.snapshot.board
    if board is not None and needs_go(scene.snapshot.plan, scene.snapshot.run, step):
        yield from _said("board", f"{board.go} (c shows it)", width)
    if is_to_be_read(scene.snapshot, step):
        yield row(" ", Span("Enter", Look.KEY), " on the step opens all of it, to be read; R runs nothing before")
    else:
        yield row(" ", Span("R", Look.KEY), " shows all of it and asks")


def _said(label: str, text: str, width: int, look: Look = Look.PLAIN) -> Iterator[Row]:
    for number, line in enumerate(fold(one_line(text), width)):
        yield row(Span(f" {'' if number else label:<8}", Look.QUIET), Span(line, look))
