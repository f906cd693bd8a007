"""Writing the safer way into a plan: only where it does the same, whatever the tables hold. Pure: text in, text out.

A statement is changed where it stands, line by line, so that comments and layout around it stay the author's. Of a
safer way in several steps the author's own keeps its place; the others are put in before and after it.
"""

from dataclasses import dataclass, replace

from zdtui.errors import PlanError
from zdtui.hazards.find import findings_of_plan
from zdtui.hazards.hazard import Finding, Hazard, Part, PlannedStep, Severity
from zdtui.hazards.planned import step_lines
from zdtui.plan.load import parse_plan
from zdtui.plan.model import Plan, Step
from zdtui.sql.split import split

MOST_ROUNDS = 50
"""Changes made to one plan at the most; each is checked before the next."""


@dataclass(frozen=True, slots=True)
class Change:
    """One hazard that is gone."""

    rule: str
    step: str
    sentence: str


def fixed(plan: Plan) -> tuple[str, tuple[Change, ...]]:
    """The plan's text with every fixable hazard put right, and what was changed; the same text when nothing was.

    What comes out loads, and the hazard is not found in it any more: a change for which that is not so is not made.
    """
    changes: list[Change] = []
    left: set[tuple[str, str | None, Part, str]] = set()
    for _ in range(MOST_ROUNDS):
        todo = [each for each in _fixable(findings_of_plan(plan)) if _known_as(*each) not in left]
        if not todo:
            break
        finding, hazard = todo[0]
        better = _better(plan, finding, hazard)
        if better is None:
            left.add(_known_as(finding, hazard))
            continue
        plan = better
        assert hazard.safer is not None
        changes.append(Change(hazard.rule, str(finding.place.step), hazard.safer.sentence))
    return plan.source, tuple(changes)


def _fixable(findings: tuple[Finding, ...]) -> list[tuple[Finding, Hazard]]:
    return [
        (finding, hazard)
        for finding in findings
        for hazard in finding.hazards
        if hazard.safer is not None and hazard.safer.fixable and hazard.silenced is None
    ]


def _known_as(finding: Finding, hazard: Hazard) -> tuple[str, str | None, Part, str]:
    return (hazard.rule, finding.place.step, finding.place.part, finding.statement.text)


def _better(plan: Plan, finding: Finding, hazard: Hazard) -> Plan | None:
    """The plan with this one hazard put right; None where it cannot be written safely."""
    if finding.place.step is None or hazard.safer is None:
        return None
    step, safer = plan.step(finding.place.step), hazard.safer
    before, after = _beside(safer.steps)
    own = safer.instead if safer.steps else safer.sql
    statements = [statement.text for statement in split(own)]
    text: str | None = plan.source
    if statements:
        text = _replaced(plan.source, finding, statements[0]) if len(statements) == 1 else None
    if text is None:
        return None
    names = {str(each.id) for each in plan.steps}
    text = _with_steps(text, _end_of(plan, step), _indent(plan, step), _renamed(after, names))
    text = _with_steps(text, _start_of(plan, step), _indent(plan, step), _renamed(before, names))
    try:
        better = parse_plan(text, plan.path)
    except PlanError:
        return None
    return better if _is_better(plan, better, hazard.rule) else None


def _is_better(plan: Plan, better: Plan, rule: str) -> bool:
    """Whether the hazard is found less often, and nothing came instead that stops a step and that --fix leaves."""
    before, after = findings_of_plan(plan), findings_of_plan(better)
    return _count(after, rule) < _count(before, rule) and _stops(after) <= _stops(before)


def _count(findings: tuple[Finding, ...], rule: str) -> int:
    return sum(1 for finding in findings for hazard in finding.hazards if hazard.rule == rule and not hazard.silenced)


def _stops(findings: tuple[Finding, ...]) -> int:
    loud = [hazard for finding in findings for hazard in finding.hazards if hazard.silenced is None]
    return sum(
        1 for each in loud if each.severity is Severity.STOP and not (each.safer is not None and each.safer.fixable)
    )


def _beside(steps: tuple[PlannedStep, ...]) -> tuple[list[PlannedStep], list[PlannedStep]]:
    """The steps before and after the author's own."""
    place = next((place for place, each in enumerate(steps) if each.own), len(steps))
    return list(steps[:place]), list(steps[place + 1 :])


def _renamed(steps: list[PlannedStep], names: set[str]) -> list[PlannedStep]:
    """The same with ids that no step has; they are taken from then on."""
    done = []
    for step in steps:
        free = next(each for each in (step.id, *(f"{step.id}-{n}" for n in range(2, 1000))) if each not in names)
        names.add(free)
        done.append(replace(step, id=free))
    return done


def _replaced(source: str, finding: Finding, new: str) -> str | None:
    """The source with the statement's lines changed one for one; None when they are not found as they are."""
    old_lines, new_lines = finding.statement.text.split("\n"), new.split("\n")
    if len(old_lines) != len(new_lines):
        return None
    lines = source.split("\n")
    first = finding.place.line - 1
    for offset, (old, changed) in enumerate(zip(old_lines, new_lines, strict=True)):
        at = first + offset
        start = finding.place.column - 1 if offset == 0 else 0
        place = lines[at].find(old.strip() if offset else old.rstrip(), start) if at < len(lines) else -1
        if place < 0:
            return None
        said = old.strip() if offset else old.rstrip()
        after = changed.strip() if offset else changed.rstrip()
        lines[at] = lines[at][:place] + after + lines[at][place + len(said) :]
    return "\n".join(lines)


def _indent(plan: Plan, step: Step) -> str:
    dash = plan.source.split("\n")[step.line - 1]
    return " " * (len(dash) - len(dash.lstrip()))


def _start_of(plan: Plan, step: Step) -> int:
    """The line (from 0) at which the step begins, with the comments that stand right above it."""
    lines, line = plan.source.split("\n"), step.line - 1
    while line > 0 and lines[line - 1].lstrip().startswith("#"):
        line -= 1
    return line


def _end_of(plan: Plan, step: Step) -> int:
    """The line (from 0) after the last one of the step that says something."""
    lines, place = plan.source.split("\n"), plan.index(step.id) + 1
    end = _start_of(plan, plan.steps[place]) if place < len(plan.steps) else len(lines)
    while end > 0 and not lines[end - 1].strip():
        end -= 1
    return end


def _with_steps(source: str, at: int, indent: str, steps: list[PlannedStep]) -> str:
    """The source with these steps put in before the line, each with an empty line between it and the others."""
    if not steps:
        return source
    lines = source.split("\n")
    ends = at == len(lines) or not lines[at].strip()
    blocks = [[*step_lines(step, indent)] for step in steps]
    added = [line for block in blocks for line in (["", *block] if ends else [*block, ""])]
    return "\n".join([*lines[:at], *added, *lines[at:]])
