"""A check as GitHub's workflow commands: an annotation beside each line of the pull request. Pure.

https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions: data is percent-encoded, and in
properties the comma and the colon too.
"""

from collections.abc import Iterator

from zdtui.checking.checked import Checked, Problem
from zdtui.counted import counted
from zdtui.drawable import drawable_text
from zdtui.hazards.hazard import Finding, Hazard, Safer, Severity
from zdtui.hazards.wording import counts_line

COMMANDS = {Severity.STOP: "error", Severity.WARN: "warning", Severity.NOTE: "notice"}
DATA = {"%": "%25", "\n": "%0A"}
PROPERTY = DATA | {":": "%3A", ",": "%2C"}


def as_github(checked: Checked) -> str:
    """A line for each problem and each hazard that nobody silenced, then how many there are of each."""
    return "".join(f"{line}\n" for line in _lines(checked))


def _lines(checked: Checked) -> Iterator[str]:
    for problem in checked.problems:
        yield _problem(problem)
    for finding in checked.findings:
        yield from (_hazard(finding, each) for each in finding.hazards if each.silenced is None)
    for note in checked.notes:
        yield f"::notice title=zdtui::{_data(note)}"
    statements = counted(len(checked.findings), "statement")
    yield _data(f"zdtui: {statements}, {counts_line(checked.findings) or 'no hazards'}")


def _problem(problem: Problem) -> str:
    place = f",line={problem.line},col={problem.column}" if problem.line else ""
    return f"::error file={_property(problem.path)}{place},title=zdtui::{_data(problem.sentence)}"


def _hazard(finding: Finding, hazard: Hazard) -> str:
    place = finding.place
    end = place.line + finding.statement.text.count("\n")
    title = _property(f"zdtui {hazard.rule}" if hazard.source == "zdtui" else f"{hazard.source} {hazard.rule}")
    where = f"file={_property(place.path)},line={place.line},endLine={end},col={place.column},title={title}"
    return f"::{COMMANDS[hazard.severity]} {where}::{_data(_message(hazard))}"


def _message(hazard: Hazard) -> str:
    safer = hazard.safer
    parts = () if safer is None else (f"Safer: {safer.sentence}", safer.sql, *_steps(safer))
    weight = f"Now: {hazard.weight}" if hazard.weight else ""
    return "\n".join(part for part in (hazard.sentence, weight, *parts) if part)


def _steps(safer: Safer) -> Iterator[str]:
    """What is done step by step; what each of them says is in the other formats."""
    yield from () if safer.sql else (f"step {each.id} ({each.phase}): {each.title}" for each in safer.steps)


def _data(text: str) -> str:
    return _escaped(text, DATA)


def _property(text: str) -> str:
    return _escaped(text, PROPERTY)


def _escaped(text: str, table: dict[str, str]) -> str:
    """What cannot be drawn would reach the log, and from there a terminal: it is told by its number."""
    return "".join(table.get(each, each) for each in drawable_text(text))
