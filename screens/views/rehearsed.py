"""What a rehearsal proved of a step, as lines beside its SQL. Pure."""

from collections.abc import Iterator

from screens.look import Look
from screens.rows import Row, Span, row
from screens.scene import Scene
from screens.text import fold, one_line
from zdtui.evidence.told import Tone, told_of
from zdtui.plan.model import Step
from zdtui.run.decisions.snapshot import Snapshot

LOOKS = {Tone.FINE: Look.GOOD, Tone.CAREFUL: Look.WARN, Tone.BAD: Look.WARN}
SIGNS = {Tone.FINE: ("✓", "+"), Tone.CAREFUL: ("!", "!"), Tone.BAD: ("!", "!")}


def rehearsal_lines(snapshot: Snapshot, step: Step) -> tuple[tuple[str, Tone], ...]:
    """What is known of the step's rehearsal; nothing while nobody has looked for it."""
    if snapshot.evidence is None:
        return ()
    is_next = snapshot.next_step == step.id
    return told_of(snapshot.evidence, snapshot.plan, step, snapshot.wall, is_next=is_next)


def rehearsal_rows(scene: Scene, step: Step) -> Iterator[Row]:
    """The same as rows; what goes on with the first sentence stands below it."""
    for place, (text, tone) in enumerate(rehearsal_lines(scene.snapshot, step)):
        sign = SIGNS[tone][1 if scene.ascii_only else 0] if place == 0 else " "
        for number, part in enumerate(fold(one_line(text), max(8, scene.width - 4))):
            yield row(Span(f" {sign if number == 0 else ' '} {part}", LOOKS[tone] if place == 0 else Look.PLAIN))
