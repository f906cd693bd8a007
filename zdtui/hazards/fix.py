"""Writing the safer way into a plan: only where it does the same, whatever the tables hold. Pure: text in, text out.

A statement is changed where it stands, line by line, so that comments and layout around it stay the author's. Of a
safer way in two statements the second is a step of its own, put in after the step: VALIDATE after ADD ... NOT VALID.
"""

from dataclasses import dataclass

from zdtui.errors import PlanError
from zdtui.hazards.find import findings_of_plan
from zdtui.hazards.hazard import Finding, Hazard, Part
from zdtui.hazards.written import written_statements
from zdtui.plan.load import parse_plan
from zdtui.plan.model import Plan, SqlAction, SqlRollback, Step
from zdtui.sql.operations import operations
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
    step = plan.step(finding.place.step)
    if _is_in_a_file(step, finding.place.part):
        return None
    if _leaves_the_transaction(plan, step, finding, hazard.safer.sql):
        return None
    first, *rest = (statement.text for statement in split(hazard.safer.sql))
    text = _replaced(plan.source, finding, first)
    if text is None or len(rest) > 1 or (rest and finding.place.part is not Part.ACTION):
        return None
    if rest:
        text = _with_step(text, plan, step, rest[0])
    try:
        better = parse_plan(text, plan.path)
    except PlanError:
        return None
    before, after = (len(_fixable(findings_of_plan(each))) for each in (plan, better))
    return better if after < before else None


def _leaves_the_transaction(plan: Plan, step: Step, finding: Finding, sql: str) -> bool:
    """Whether statements that were all or nothing would be done one by one: that is for the author to decide."""
    alone = any(not statement.transactional for statement in split(sql))
    return alone and len(written_statements(plan, step, finding.place.part)) > 1


def _is_in_a_file(step: Step, part: Part) -> bool:
    """Whether the statement is in an sql_file, which other plans may read too."""
    holder = step.action if part is Part.ACTION else step.rollback
    return isinstance(holder, SqlAction | SqlRollback) and holder.file is not None


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


def _with_step(source: str, plan: Plan, step: Step, sql: str) -> str:
    """The source with a step of that one statement after this one, set as the others are."""
    lines = source.split("\n")
    place = plan.index(step.id) + 1
    end = plan.steps[place].line - 1 if place < len(plan.steps) else len(lines)
    while end > 0 and not lines[end - 1].strip():
        end -= 1
    dash = lines[step.line - 1]
    indent = " " * (len(dash) - len(dash.lstrip()))
    names = {each.id for each in plan.steps}
    name = next(each for each in _names(step) if each not in names)
    constraint = next((each.constraint.name for each in operations(split(sql)[0]) if each.constraint), None)
    block = [
        "",
        f"{indent}- id: {name}",
        f"{indent}  title: Prove {constraint or 'the constraint'} for the rows that are there",
        f"{indent}  phase: {step.phase}",
        f"{indent}  sql: |",
        f"{indent}    {sql};",
        f"{indent}  rollback:",
        f"{indent}    none: a constraint that is proved may stay so",
    ]
    return "\n".join([*lines[:end], *block, *lines[end:]])


def _names(step: Step) -> list[str]:
    base = f"{step.id[:48]}-validate"
    return [base, *(f"{base}-{number}" for number in range(2, 100))]
