"""What a step takes from everybody else, and its hazards, as facts of its confirmation. Pure."""

from collections.abc import Iterator

from screens.dialogs.frame.sheet import Fact
from screens.look import Look
from zdtui.hazards.hazard import Finding, Hazard, Part, Severity
from zdtui.hazards.weight import weighed
from zdtui.hazards.wording import effects_line
from zdtui.plan.model import Step
from zdtui.run.decisions.hazard_gate import findings_of
from zdtui.run.decisions.snapshot import Snapshot
from zdtui.sql.lock_modes import LockMode
from zdtui.sql.outwaits import waits_for_lockers


def takes_facts(snapshot: Snapshot, step: Step) -> tuple[Fact, ...]:
    """The locks of the action, who would make them wait now, and every hazard with how it was answered."""
    if snapshot.findings is None:
        return (
            (Fact("takes", "the hazards are being looked for", Look.STRONG),)
            if step.action.author_sql is not None
            else ()
        )
    findings = findings_of(snapshot.findings, step, snapshot.run.step(step.id))
    action = [each for each in findings if each.place.part is Part.ACTION]
    return (*_takes(snapshot, action), *_hazards(findings))


def _takes(snapshot: Snapshot, action: list[Finding]) -> Iterator[Fact]:
    sample = snapshot.samples.weights.sample
    told: set[str] = set()
    for finding in action:
        lines = [
            weighed(lock, weight, waits_for_lockers(finding.statement))
            for lock in finding.effects.locks
            if lock.mode.strength >= LockMode.SHARE_UPDATE_EXCLUSIVE.strength
            and sample is not None
            and (weight := sample.of(lock.relation)) is not None
        ]
        plain = effects_line(finding)
        for line in (*(() if any(each.startswith(plain) for each in lines) else (plain,)), *lines):
            if line not in told:
                yield Fact("takes" if not told else "", line)
                told.add(line)


def _hazards(findings: tuple[Finding, ...]) -> Iterator[Fact]:
    hazards = {each.rule: each for finding in findings for each in finding.hazards}
    for hazard in sorted(hazards.values(), key=lambda each: -each.severity.rank):
        if hazard.silenced is not None:
            yield Fact("hazard", f"{hazard.rule}, acknowledged: {hazard.silenced}", Look.STRONG)
        elif hazard.severity is not Severity.NOTE:
            yield Fact("hazard", f"{hazard.severity} {hazard.rule}: {hazard.sentence}", _look(hazard))


def _look(hazard: Hazard) -> Look:
    return Look.LOUD if hazard.severity is Severity.STOP else Look.WARN
