"""Which hazards keep a step from being run. Pure.

A `stop` of any part of a step, its rollback too, keeps the step from going forward until the plan or the operator
acknowledges it with a reason. It never keeps a rollback from running: at that hour going back is the safer way.
"""

from collections import defaultdict
from dataclasses import replace

from zdtui.hazards.hazard import Finding, Hazard, Severity
from zdtui.plan.confirmed import text_digest as text_digest
from zdtui.plan.model import Step
from zdtui.plan.once import once
from zdtui.run.model.state import StepState


def findings_of(findings: tuple[Finding, ...], step: Step, state: StepState) -> tuple[Finding, ...]:
    """The findings of one step, with what the operator took on marked as silenced."""
    taken_on = {each.rule: each.reason for each in state.silenced if each.digest == text_digest(step)}
    mine = _by_step(findings).get(step.id, ())
    return tuple(replace(each, hazards=_marked(each.hazards, taken_on)) for each in mine)


@once
def _by_step(findings: tuple[Finding, ...]) -> dict[str | None, list[Finding]]:
    found: dict[str | None, list[Finding]] = defaultdict(list)
    for each in findings:
        found[each.place.step].append(each)
    return found


def stops(findings: tuple[Finding, ...], step: Step, state: StepState) -> tuple[Hazard, ...]:
    """The hazards that keep the step from being run, one for each rule."""
    found = (hazard for finding in findings_of(findings, step, state) for hazard in finding.hazards)
    loud = {each.rule: each for each in found if each.severity is Severity.STOP and each.silenced is None}
    return tuple(loud.values())


def _marked(hazards: tuple[Hazard, ...], taken_on: dict[str, str]) -> tuple[Hazard, ...]:
    return tuple(
        replace(each, silenced=taken_on[each.rule]) if each.silenced is None and each.rule in taken_on else each
        for each in hazards
    )
