"""A step of a proposal over the whole screen, to be read to its last line. The one screen that counts as reading it."""

from collections.abc import Sequence
from typing import ClassVar

from screens.highlight import sql_rows
from screens.look import Look
from screens.reading.screen import Reading
from screens.rows import Row, Span, row
from screens.text import drawable_lines, fold
from zdtui.counted import counted
from zdtui.plan.model import Plan, Step, StepId
from zdtui.run.decisions.reading import is_to_be_read, reading_digest, sections
from zdtui.run.decisions.snapshot import Snapshot
from zdtui.run.engine.surface import EngineSurface
from zdtui.run.model.commands import ReadStep


def reading_rows(plan: Plan, step: Step, width: int) -> list[Row]:
    """All there is to read of the step, no line of it cut."""
    number = plan.index(step.id) + 1
    head = f"Step {number} of {len(plan.steps)}, {step.id}: {step.title}"
    rows = [row(Span(f" {line}", Look.STRONG)) for line in fold(drawable_lines(head)[0], max(8, width - 2))]
    for each in sections(plan, step):
        rows += [row(""), row(Span(f" {each.name}", Look.TITLE))]
        if each.is_sql:
            rows += sql_rows(each.text, width)
        else:
            rows += [row(f" {part}") for line in drawable_lines(each.text.strip()) for part in _folded(line, width)]
    return rows


def _folded(line: str, width: int) -> list[str]:
    return fold(drawable_lines(line)[0], max(8, width - 2)) or [""]


class StepReading(Reading):
    """Counts which lines were on the screen; when all were, the step is read. Enter goes on, and to the next step."""

    NAME: ClassVar[str] = "Read"
    FRESH_EVERY: ClassVar[float | None] = None

    def __init__(self, engine: EngineSurface, step: StepId) -> None:
        super().__init__()
        self._engine = engine
        self._open(engine.snapshot, step)

    def _open(self, snapshot: Snapshot, step: StepId) -> None:
        self._plan = snapshot.plan
        self._step = self._plan.step(step)
        self._seen: set[int] = set()
        self._width = 0
        self._is_read = False

    def text(self, width: int) -> Sequence[Row]:
        """As it was when the step was opened; lines are counted anew where they are folded another way."""
        if width != self._width:
            self._width = width
            self._seen = set()
        return reading_rows(self._plan, self._step, width)

    def about(self) -> tuple[Span, ...]:
        """How much of it was not on the screen yet, and what Enter does."""
        unseen = len(self.lines.rows) - len(self._seen)
        if not self._is_read and unseen:
            return (Span(f" {counted(unseen, 'line')} not seen yet: Enter goes on ", Look.WARN),)
        last = self._next() is None
        return (Span(f" read: Enter {'closes' if last else 'opens the next step'} ", Look.GOOD),)

    def fill(self) -> None:
        """Show it; what is on the screen now was seen."""
        super().fill()
        self._look()

    def moved(self, key: str) -> None:
        """Other lines are on the screen."""
        self._look()

    def _look(self) -> None:
        lines = self.lines
        if not lines.room or not lines.rows:
            return
        first = lines.first
        self._seen |= set(range(first, min(first + lines.room, len(lines.rows))))
        if len(self._seen) == len(lines.rows) and not self._is_read:
            self._is_read = True
            self._engine.submit(ReadStep(self._step.id, reading_digest(self._plan, self._step)))
        lines.show(lines.rows, self._title())

    def _move(self, key: str) -> None:
        """Enter goes to the first line that was not seen; when all were, to the next step that nobody has read."""
        if key != "enter":
            super()._move(key)
            return
        rows = self.lines.rows
        unseen = next((place for place in range(len(rows)) if place not in self._seen), None)
        if unseen is not None and not self._is_read:
            self._go_to(unseen)
            self._look()
        elif (following := self._next()) is not None:
            self._open(self._engine.snapshot, following)
            self.lines.top = 0
            self.fill()
        else:
            self.dismiss(None)

    def _next(self) -> StepId | None:
        """The next step of the plan that is still to be read; after the last one the first again."""
        snapshot = self._engine.snapshot
        if snapshot.plan is not self._plan:
            return None
        steps, here = self._plan.steps, self._plan.index(self._step.id)
        others = (*steps[here + 1 :], *steps[:here])
        return next((each.id for each in others if is_to_be_read(snapshot, each)), None)
