"""A check as lines for a terminal of 80 columns, as the console shows hazards. Pure; safe to draw."""

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from zdtui.checking.checked import Checked
from zdtui.counted import counted
from zdtui.drawable import drawable
from zdtui.hazards.hazard import Finding, Hazard, Safer, Severity
from zdtui.hazards.wording import counts_line, effects_line, worst_line

WIDTH = 80
INDENT = "    "


@dataclass(frozen=True, slots=True)
class Line:
    """A line, and the severity whose colour its first word may be drawn in."""

    text: str
    severity: Severity | None = None


def as_lines(checked: Checked, width: int = WIDTH) -> Iterator[Line]:
    """Each statement that has hazards, with all of them, then how many there are.

    What could not be read is not told here: it has a message of its own.
    """
    for finding in checked.findings:
        if finding.hazards:
            yield from finding_lines(finding, width)
            yield Line("")
    for note in checked.notes:
        yield from (Line(line) for line in _folded(f"note: {note}", "", "  ", width))
    yield Line(total_line(checked))


def finding_lines(finding: Finding, width: int = WIDTH) -> Iterator[Line]:
    """Where and what it is, its lock and its worst hazard, then each hazard with its safer way."""
    yield from (Line(line) for line in _head(finding, width))
    head = f"  {effects_line(finding)}"
    worst = worst_line(finding)
    yield from (Line(line) for line in _folded(f"{head} · {worst}" if worst else head, "", INDENT, width))
    for weight in dict.fromkeys(hazard.weight for hazard in finding.hazards if hazard.weight):
        yield from (Line(line) for line in _folded(f"  {weight}", "", INDENT, width))
    for hazard in finding.hazards:
        yield from _hazard(hazard, width)
    for sentence in finding.disagreements:
        yield from (Line(line) for line in _folded(sentence, INDENT, INDENT, width))


def _head(finding: Finding, width: int) -> Iterator[str]:
    """The place and the statement on one line where they fit, else on two; a place is never cut."""
    where, text = drawable(_where(finding)), " ".join(finding.statement.text.split())
    if len(where) + 1 + len(text) <= width:
        yield f"{where} {drawable(text)}"
    else:
        yield where
        yield _cut(f"  {text}", width)


def total_line(checked: Checked) -> str:
    """'12 statements: 1 stop, 2 warn'; what nobody understands is said."""
    count = len(checked.findings)
    unknown = checked.counts()["unknown"]
    hazards = counts_line(checked.findings) or "no hazards"
    strange = f"; {unknown} unknown" if unknown else ""
    return f"{counted(count, 'statement')}: {hazards}{strange}"


def _where(finding: Finding) -> str:
    place = finding.place
    step = f" {place.step} {place.part}:" if place.step is not None else ""
    return f"{place.path}:{place.line}:{place.column}:{step}"


def _hazard(hazard: Hazard, width: int) -> Iterator[Line]:
    word = "silenced" if hazard.silenced is not None else str(hazard.severity)
    source = "" if hazard.source == "zdtui" else f" ({hazard.source})"
    lines = _folded(f"{word} {hazard.rule}{source}: {hazard.sentence}", "  ", INDENT, width)
    severity = hazard.severity if hazard.silenced is None else None
    yield from (Line(line, severity if first else None) for line, first in _firsts(lines))
    for more in _more(hazard):
        yield from (Line(line) for line in _folded(more, INDENT, INDENT + "  ", width))
    if hazard.safer is not None and hazard.silenced is None:
        yield from _safer(hazard.safer, width)


def _firsts(lines: list[str]) -> Iterator[tuple[str, bool]]:
    return ((line, place == 0) for place, line in enumerate(lines))


def _more(hazard: Hazard) -> Iterator[str]:
    if hazard.also:
        yield f"squawk says so too: {', '.join(hazard.also)}"
    if hazard.silenced is not None:
        yield f"because: {hazard.silenced}"


def _safer(safer: Safer, width: int) -> Iterator[Line]:
    fix = " (--fix writes it)" if safer.fixable else ""
    yield from (Line(line) for line in _folded(f"safer: {safer.sentence}{fix}", INDENT, INDENT + "  ", width))
    yield from _code(safer.sql, INDENT + "  ")
    for step in safer.steps:
        head = f"step {step.id} ({step.phase}): {step.title}"
        yield from (Line(line) for line in _folded(head, INDENT + "  ", INDENT + "    ", width))
        if not safer.sql:
            yield from _code(step.yaml, INDENT + "    ")


def _code(text: str, indent: str) -> Iterator[Line]:
    """Statements, or what a plan says, as they are to be pasted: never folded."""
    yield from (Line(f"{indent}{drawable(line)}".rstrip()) for line in text.splitlines() if line.strip())


def _folded(text: str, first: str, rest: str, width: int) -> list[str]:
    clean = drawable(text)
    lead = clean[: len(clean) - len(clean.lstrip())]
    return textwrap.wrap(
        clean.strip(),
        width,
        initial_indent=first + lead,
        subsequent_indent=rest,
        break_on_hyphens=False,
        break_long_words=False,
    )


def _cut(text: str, width: int) -> str:
    clean = drawable(text)
    return clean if len(clean) <= width else f"{clean[: width - 1]}…"
