"""Writing the safer way into a plan: only where it does the same, whatever the tables hold. Pure: text in, text out.

A statement is changed where it stands, line by line, so that comments and layout around it stay the author's. Of a
safer way in several steps the author's own keeps its place; the others are put in before and after it.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache, partial

from zdtui.errors import PlanError
from zdtui.hazards.find import findings_of_plan
from zdtui.hazards.hazard import Finding, Hazard, Part, PlannedStep, Severity
from zdtui.hazards.planned import step_lines
from zdtui.plan.load import parse_plan
from zdtui.plan.model import Plan, Step
from zdtui.sql.schema.copied import copied
from zdtui.sql.schema.relations import Schema
from zdtui.sql.split import split

Todo = tuple[Finding, Hazard]
Look = Callable[[Plan], tuple[Finding, ...]]
"""What is found in a plan."""
Known = tuple[str, str | None, Part, str]
"""A hazard whatever else is changed: its rule, step, part and statement."""
MOST_ROUNDS = 50
"""Rounds at the most: in each, what can be changed together is, and the plan is read anew."""


@dataclass(frozen=True, slots=True)
class Change:
    """One hazard that is gone."""

    rule: str
    step: str
    sentence: str


def fixed(
    plan: Plan, *, files_outside: bool = False, schema: Schema | None = None, version: int | None = None
) -> tuple[Plan, tuple[Change, ...]]:
    """The plan with every fixable hazard put right in its text, and what was changed; the same plan when nothing was.

    `schema` and `version` are what is known of the server before it; by default nothing. `schema` is not changed.
    What comes out loads, and the hazard is not found in it any more: a change for which that is not so is not made.
    """
    changes: list[Change] = []
    left: set[Known] = set()
    look = partial(_findings, schema=schema or Schema(), version=version)
    findings = look(plan)
    for _ in range(MOST_ROUNDS):
        todo = [each for each in _fixable(findings) if _known_as(*each) not in left]
        if not todo:
            break
        together = _apart(todo)
        better = _better(plan, findings, together, files_outside, look)
        if better is None and len(together) > 1:
            together = together[:1]
            better = _better(plan, findings, together, files_outside, look)
        if better is None:
            left.update(_known_as(*each) for each in together[:1])
            continue
        plan, findings, made = better
        left.update(_known_as(*each) for each in together if each not in made)
        changes += (_change(*each) for each in made)
    return plan, tuple(changes)


def _findings(plan: Plan, *, schema: Schema, version: int | None) -> tuple[Finding, ...]:
    return findings_of_plan(plan, schema=copied(schema), version=version)


def _change(finding: Finding, hazard: Hazard) -> Change:
    sentence = "" if hazard.safer is None else hazard.safer.sentence
    return Change(hazard.rule, str(finding.place.step), sentence)


def _apart(todo: list[Todo]) -> list[Todo]:
    """Those that can be written together, in the order of the plan: of each statement the first, and where a step needs
    others beside it, nothing else of that step."""
    steps: dict[str | None, dict[tuple[int, int], Todo]] = {}
    with_others: set[str | None] = set()
    for finding, hazard in todo:
        of_step = steps.setdefault(finding.place.step, {})
        alone = hazard.safer is not None and bool(hazard.safer.steps)
        if not of_step or not (alone or finding.place.step in with_others):
            of_step.setdefault((finding.place.line, finding.place.column), (finding, hazard))
            with_others |= {finding.place.step} if alone else set()
    return [of_step[place] for of_step in steps.values() for place in sorted(of_step)]


def _fixable(findings: tuple[Finding, ...]) -> list[Todo]:
    return [
        (finding, hazard)
        for finding in findings
        for hazard in finding.hazards
        if hazard.safer is not None and hazard.safer.fixable and hazard.silenced is None
    ]


def _known_as(finding: Finding, hazard: Hazard) -> Known:
    return (hazard.rule, finding.place.step, finding.place.part, finding.statement.text)


def _better(
    plan: Plan, findings: tuple[Finding, ...], together: list[Todo], files_outside: bool, look: Look
) -> tuple[Plan, tuple[Finding, ...], list[Todo]] | None:
    """The plan with these hazards put right as far as they can be written, what is found in it, and which those are.

    None where nothing can be written, or the plan would not be better for all of it.
    """
    text = plan.source
    made: list[Todo] = []
    names = {str(each.id) for each in plan.steps}
    for finding, hazard in reversed(together):
        written = _written(text, plan, finding, hazard, names)
        if written is not None:
            text, made = written, [(finding, hazard), *made]
    if not made:
        return None
    try:
        better = parse_plan(text, plan.path, files_outside=files_outside)
    except PlanError:
        return None
    after = look(better)
    return (better, after, made) if _is_better(findings, after, made) else None


def _written(text: str, plan: Plan, finding: Finding, hazard: Hazard, names: set[str]) -> str | None:
    """The text with this one hazard put right; None where it cannot be written safely.

    `text` is the plan's up to the end of the finding's step; `names` are the ids that are taken.
    """
    if finding.place.step is None or hazard.safer is None:
        return None
    step, safer = plan.step(finding.place.step), hazard.safer
    before, after = _beside(safer.steps)
    statements = [statement.text for statement in split(safer.instead if safer.steps else safer.sql)]
    changed: str | None = text
    if statements:
        changed = _replaced(text, finding, statements[0]) if len(statements) == 1 else None
    if changed is None:
        return None
    changed = _with_steps(changed, _end_of(plan, step), _indent(plan, step), _renamed(after, names))
    return _with_steps(changed, _start_of(plan, step), _indent(plan, step), _renamed(before, names))


def _is_better(before: tuple[Finding, ...], after: tuple[Finding, ...], made: list[Todo]) -> bool:
    """Whether each hazard is found less often, and nothing came instead that stops a step and that --fix leaves."""
    gone = Counter(hazard.rule for _, hazard in made)
    fewer = all(_count(after, rule) <= _count(before, rule) - times for rule, times in gone.items())
    return fewer and _stops(after) <= _stops(before)


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
    """The source with the statement's lines changed one for one; None where the source does not hold them as they are.

    `source` is the plan's text up to the end of the statement.
    """
    old, changed, places = finding.statement.text.split("\n"), new.split("\n"), finding.place.lines
    if len(old) != len(changed) or not places:
        return None
    for at, line, becomes in reversed(list(zip(places, old, changed, strict=True))):
        source = source[:at] + _kept_layout(line, becomes) + source[at + len(line) :]
    return source


def _kept_layout(line: str, becomes: str) -> str:
    """The changed line with the blanks that stood before and after the old one."""
    said = line.strip()
    start = line.find(said)
    return line[:start] + becomes.strip() + line[start + len(said) :]


@lru_cache(maxsize=2)
def _lines(source: str) -> tuple[str, ...]:
    return tuple(source.split("\n"))


def _indent(plan: Plan, step: Step) -> str:
    dash = _lines(plan.source)[step.line - 1]
    return " " * (len(dash) - len(dash.lstrip()))


def _start_of(plan: Plan, step: Step) -> int:
    """The line (from 0) at which the step begins, with the comments that stand right above it."""
    lines, line = _lines(plan.source), step.line - 1
    while line > 0 and lines[line - 1].lstrip().startswith("#"):
        line -= 1
    return line


def _end_of(plan: Plan, step: Step) -> int:
    """The line (from 0) after the last one of the step that says something."""
    lines, place = _lines(plan.source), plan.index(step.id) + 1
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
