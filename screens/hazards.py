"""Every hazard of the plan over the whole screen, beginning at the first one of the step that was selected."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from screens.look import Look
from screens.reading.screen import Reading
from screens.rows import Row, Span
from screens.scene import Scene
from screens.views.hazards import NOT_YET, HazardHead, all_hazard_rows
from zdtui.hazards.wording import counts_line


class HazardsScreen(Reading):
    """Only to be read: H takes a stop on."""

    NAME: ClassVar[str] = "Hazards"
    CLOSES: ClassVar[frozenset[str]] = frozenset({"h"})
    JUMPS_TO: ClassVar[str] = "next hazard"

    def __init__(self, scene: Callable[[int], Scene]) -> None:
        super().__init__()
        self._scene = scene
        """What there is to draw in so many columns, as it stands."""

    def text(self, width: int) -> Sequence[Row]:
        """All of them, by step; what weighs on a lock changes from second to second."""
        return all_hazard_rows(self._scene(width))

    def about(self) -> tuple[Span, ...]:
        """How many; while they are being looked for nobody knows."""
        findings = self._scene(80).snapshot.findings
        return (Span(f" {NOT_YET if findings is None else counts_line(findings) or 'none'} ", Look.STRONG),)

    def landmarks(self, rows: Sequence[Row]) -> Sequence[int]:
        """The first line of each hazard."""
        return [place for place, each in enumerate(rows) if isinstance(each.key, HazardHead)]

    def opens_at(self, rows: Sequence[Row]) -> int | None:
        """The selected step's first hazard that nobody acknowledged; its first one; or where the step begins."""
        scene = self._scene(80)
        if scene.snapshot.findings is None:
            return None
        ours = [place for place in self.landmarks(rows) if _head(rows[place]).step == scene.step]
        loud = [place for place in ours if not _head(rows[place]).acknowledged]
        step = [place for place, each in enumerate(rows) if each.key == scene.step]
        return next(iter([*loud, *ours, *step]), 0)


def _head(line: Row) -> HazardHead:
    assert isinstance(line.key, HazardHead)
    return line.key
