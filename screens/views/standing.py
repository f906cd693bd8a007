"""A step that stands: what it has done so far, why it stopped and when, and what R and B would do. Pure.

A backfill keeps its progress while it is held: what is done, what is left and how fast it went are what one chooses by.
"""

from collections.abc import Iterator
from datetime import datetime

from screens.look import Look
from screens.rows import Row, Span, folded, row
from screens.scene import Scene
from screens.text import drawable, fold, one_line
from screens.words import bar, figure
from zdtui import amounts
from zdtui.configuration.zone import beside_utc
from zdtui.counted import counted
from zdtui.plan.model import Step
from zdtui.run.decisions.decide import has_something_to_undo
from zdtui.run.decisions.snapshot import Snapshot
from zdtui.run.model import events as e
from zdtui.run.model.state import StepState, StepStatus

STANDS = (StepStatus.HELD, StepStatus.FAILED, StepStatus.APPLIED, StepStatus.IN_DOUBT)
WIDEST_BAR = 40


def standing_step(snapshot: Snapshot) -> tuple[Step, StepState] | None:
    """The step that began and stands now, with its state; None while one works, or where none has begun."""
    if snapshot.activity is not None or snapshot.next_step is None:
        return None
    state = snapshot.run.step(snapshot.next_step)
    return (snapshot.plan.step(snapshot.next_step), state) if state.status in STANDS else None


def standing_title(snapshot: Snapshot) -> str:
    """'fill is held'; empty where no step stands."""
    found = standing_step(snapshot)
    return "" if found is None else f"{drawable(found[0].id)} is {found[1].status}"


def standing_rows(scene: Scene) -> list[Row]:
    """Nothing where no step stands."""
    found = standing_step(scene.snapshot)
    if found is None:
        return []
    step, state = found
    width = max(20, scene.width - 2)
    rows = [*_progress(scene, step, state), *_why(scene, step, state, width)]
    for breach in scene.snapshot.breached_guards:
        rows += [row(Span(f" {line}", Look.WARN)) for line in fold(f"now: {one_line(str(breach))}", width)]
    return [*rows, *_ways_on(scene.snapshot, step, state, width)]


def _progress(scene: Scene, step: Step, state: StepState) -> Iterator[Row]:
    if not state.batches:
        return
    done = state.rows or 0
    share, rate = state.fraction, _rate(scene.snapshot, step)
    of = f" of ~{amounts.roughly(done / share)}" if share else ""
    fast = f" · {amounts.roughly(rate)} rows/s before it stopped" if rate else ""
    known = figure(share, amounts.share, none="share not known")
    rows = counted(round(done / share) if share else done, "row", shown=f"{amounts.number(done)}{of}")
    yield from folded(row(Span(f" {known}", Look.STRONG), f" · {rows}{fast}"), scene.width)
    if share is not None:
        drawn = bar(share, max(8, min(WIDEST_BAR, scene.width - 2)))
        yield row(" ", Span(drawn, Look.GOOD))
    if state.rejected:
        yield row(Span(f" {counted(state.rejected, 'row', shown=amounts.number(state.rejected))} rejected", Look.WARN))


def _why(scene: Scene, step: Step, state: StepState, width: int) -> Iterator[Row]:
    since = _since(scene.snapshot, step)
    when = "" if since is None else f" since {beside_utc(since, scene.zone, '%H:%M:%S')}"
    why = f"{state.status}{when}: {one_line(state.message)}" if state.message else f"{state.status}{when}"
    yield from (row(Span(f" {line}", Look.WARN)) for line in fold(why, width))


def _ways_on(snapshot: Snapshot, step: Step, state: StepState, width: int) -> Iterator[Row]:
    goes_on = _goes_on(state)
    for key, words in (("R", goes_on), ("B", _undoes(step, state))):
        lines = fold(words, width - 2)
        yield row(" ", Span(key, Look.KEY), f" {lines[0]}")
        yield from (row(f"   {line}") for line in lines[1:])


def _goes_on(state: StepState) -> str:
    if state.status is StepStatus.IN_DOUBT:
        return "asks you what became of its statement"
    if state.status is StepStatus.APPLIED:
        return "asks its verify queries; its work is in place"
    if state.direction is e.Direction.BACK:
        return "does nothing while its rollback is half done"
    if state.batches:
        return "goes on after the last committed batch"
    if state.applied:
        return "only checks again: its work is in place"
    return "shows it again and asks; nothing of it remains"


def _undoes(step: Step, state: StepState) -> str:
    if not has_something_to_undo(state):
        return "opens it again: nothing of it is in the database"
    return f"rolls back: {step.rollback.in_one_line}"


def _since(snapshot: Snapshot, step: Step) -> datetime | None:
    """When it was held or failed, by the journal."""
    mine = (line for line in reversed(snapshot.run.log) if line.step == step.id)
    return next((line.at for line in mine if isinstance(line.event, e.StepHeld | e.StepFailed)), None)


def _rate(snapshot: Snapshot, step: Step) -> float | None:
    """Rows a second between the two newest checkpoints of the journal; None where there are not two."""
    marks = [
        (line.at, line.event.rows)
        for line in snapshot.run.log
        if line.step == step.id and isinstance(line.event, e.BatchesDone)
    ][-2:]
    if len(marks) < 2:
        return None
    seconds = (marks[1][0] - marks[0][0]).total_seconds()
    return (marks[1][1] - marks[0][1]) / seconds if seconds > 0 and marks[1][1] > marks[0][1] else None
