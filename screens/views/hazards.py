"""What each statement will do to everybody else, and what is dangerous about it. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from screens.highlight import sql_rows
from screens.look import Look
from screens.rows import Row, Span, row
from screens.scene import Scene
from screens.text import drawable, fold, one_line
from zdtui.hazards.hazard import Finding, Hazard, Part, Place, Severity
from zdtui.hazards.weight import surroundings, weighed
from zdtui.hazards.wording import blocks_line, counts_line, effects_line, worst_line
from zdtui.plan.model import Step
from zdtui.run.decisions.hazard_gate import findings_of
from zdtui.run.decisions.rehearsal_gate import missing_rehearsal
from zdtui.run.decisions.snapshot import Snapshot
from zdtui.sql.lock_modes import LockMode
from zdtui.sql.outwaits import waits_for_lockers

LOOKS = {Severity.STOP: Look.DANGER, Severity.WARN: Look.WARN, Severity.NOTE: Look.QUIET}
SYMBOLS = {Severity.STOP: ("✗", "x"), Severity.WARN: ("!", "!"), Severity.NOTE: ("·", ".")}
PARTS = {Part.ACTION: "", Part.ROLLBACK: "undo: ", Part.VERIFY: "verify: "}
ROLLS_BACK = {Part.ACTION: "", Part.ROLLBACK: " of the rollback", Part.VERIFY: " of verify"}
"""What a hazard is one of, beside its name: who reads that line alone has to know it."""
NOT_YET = "the hazards are being looked for"


@dataclass(frozen=True, slots=True)
class HazardHead:
    """The key of a hazard's first line, by which one goes from hazard to hazard."""

    step: str | None
    rule: str
    acknowledged: bool


def of_step(snapshot: Snapshot, step: Step) -> tuple[Finding, ...]:
    """The findings of a step, with what was taken on; empty while they are not known."""
    return findings_of(snapshot.findings or (), step, snapshot.run.step(step.id))


def hazard_rows(scene: Scene, step: Step) -> list[Row]:
    """Every statement of the step: its locks, how heavy they weigh now, each hazard and the safer way."""
    if scene.snapshot.findings is None:
        return [row(f" {NOT_YET}")]
    rows = [
        *_unproved(scene, step),
        *(each for found in of_step(scene.snapshot, step) for each in _finding(scene, found)),
    ]
    return [*rows, *_note(scene)] if rows else [row(" No statement reaches the server in this step.")]


def all_hazard_rows(scene: Scene) -> list[Row]:
    """The same for every step of the plan, the step's name above; a row's key is the step."""
    rows: list[Row] = []
    for step in scene.snapshot.plan.steps:
        counts = counts_line(of_step(scene.snapshot, step))
        head = (Span(f" {drawable(step.id)} ", Look.TITLE), Span(counts and f" {counts}", Look.STRONG))
        rows += [row(*head, key=step.id), *hazard_rows(scene, step), row("")]
    return rows


def hazard_count(snapshot: Snapshot, step: Step) -> int:
    """Hazards of the step that nobody silenced, notes left out: what the tab's title shows."""
    missing = missing_rehearsal(snapshot, step)
    found = [each for finding in of_step(snapshot, step) for each in finding.hazards] + ([missing] if missing else [])
    return sum(1 for each in found if each.silenced is None and each.severity is not Severity.NOTE)


def statement_rows(scene: Scene, step: Step) -> Iterator[Row]:
    """A line for each statement of the action: its locks and its worst hazard, for the tab that shows the SQL."""
    for finding in of_step(scene.snapshot, step):
        if finding.place.part is Part.ACTION:
            yield from _words(_head(finding), scene.width - 2, Look.QUIET)
            if worst := finding.worst:
                sign = SYMBOLS[worst.severity][1 if scene.ascii_only else 0]
                yield row(Span(f" {sign} {worst_line(finding)} (h)", LOOKS[worst.severity]))


def _unproved(scene: Scene, step: Step) -> Iterator[Row]:
    """That the rehearsal is missing which the plan asks for."""
    missing = missing_rehearsal(scene.snapshot, step)
    if missing is not None:
        yield from _hazard(scene, missing, Place(path="", line=0, column=0, step=step.id))
        yield row("")


def _finding(scene: Scene, finding: Finding) -> Iterator[Row]:
    width = scene.width - 2
    first = one_line(finding.statement.text.split("\n", maxsplit=1)[0])
    yield row(Span(f" {PARTS[finding.place.part]}{first}", Look.STRONG))
    yield from _words(_head(finding), width, Look.PLAIN)
    for sentence in (blocks_line(finding.effects), finding.effects.doubt, *finding.disagreements):
        yield from _words(sentence, width, Look.QUIET)
    for sentence in _weights(scene, finding):
        yield from _words(sentence, width, Look.PLAIN)
    for hazard in sorted(finding.hazards, key=_loudest_first):
        yield from _hazard(scene, hazard, finding.place)
    yield row("")


def _head(finding: Finding) -> str:
    kinds = dict.fromkeys(operation.kind for operation in finding.operations)
    return f"{', '.join(kinds)}: {effects_line(finding)}"


def _weights(scene: Scene, finding: Finding) -> Iterator[str]:
    """What is known of the relations now; only of those that a lock of some strength is taken on."""
    sample = scene.snapshot.samples.weights.sample
    if sample is None or finding.place.part is Part.VERIFY:
        return
    for lock in finding.effects.locks:
        weight = sample.of(lock.relation)
        if weight is not None and lock.mode.strength >= LockMode.ROW_EXCLUSIVE.strength:
            yield weighed(lock, weight, waits_for_lockers(finding.statement))
            yield surroundings(weight)


def _hazard(scene: Scene, hazard: Hazard, place: Place) -> Iterator[Row]:
    width = scene.width - 4
    sign = SYMBOLS[hazard.severity][1 if scene.ascii_only else 0]
    look = Look.QUIET if hazard.silenced is not None else LOOKS[hazard.severity]
    source = "" if hazard.source == "zdtui" else f" ({hazard.source})"
    also = f" · also {', '.join(hazard.also)}" if hazard.also else ""
    name = f" {sign} {hazard.severity} {one_line(hazard.rule)}{ROLLS_BACK[place.part]}{source}"
    key = HazardHead(place.step, hazard.rule, hazard.silenced is not None)
    yield row(Span(name, look), Span(also, Look.QUIET), key=key)
    yield from _words(hazard.sentence, width, Look.PLAIN, "   ")
    yield from _words(hazard.weight, width, Look.PLAIN, "   ")
    if hazard.silenced is not None:
        yield from _words(f"acknowledged: {hazard.silenced}", width, Look.STRONG, "   ")
    elif hazard.safer is not None:
        yield from _words(f"safer: {hazard.safer.sentence}", width, Look.QUIET, "   ")
        if hazard.safer.sql:
            yield from (Row((Span("    "), *each.spans)) for each in sql_rows(hazard.safer.sql, width - 2))
        else:
            for step in hazard.safer.steps:
                yield from _words(f"step {step.id} ({step.phase}): {step.title}", width, Look.QUIET, "     ")


def _note(scene: Scene) -> list[Row]:
    return list(_words(scene.snapshot.hazards_note, scene.width - 2, Look.QUIET))


def _words(text: str, width: int, look: Look, indent: str = " ") -> Iterator[Row]:
    if text:
        yield from (row(Span(f"{indent}{part}", look)) for part in fold(one_line(text), max(8, width)))


def _loudest_first(hazard: Hazard) -> tuple[bool, int]:
    return (hazard.silenced is not None, -hazard.severity.rank)
