"""What a step takes from everybody else, and its hazards, as facts of its confirmation. Pure."""

from collections.abc import Iterator

from screens.dialogs.frame.sheet import Fact, Rank
from screens.look import Look
from screens.views.hazards import NOT_YET
from zdtui.hazards.hazard import Finding, Hazard, Part, Severity
from zdtui.hazards.weight import waits, with_figures
from zdtui.hazards.wording import effects_line, taking
from zdtui.plan.model import Step
from zdtui.run.decisions.hazard_gate import findings_of
from zdtui.run.decisions.rehearsal_gate import missing_rehearsal
from zdtui.run.decisions.snapshot import Snapshot
from zdtui.sql.lock_modes import LockMode
from zdtui.sql.outwaits import waits_for_lockers
from zdtui.sql.statement import Statement, StatementClass

FIRST = 4
"""Lines of what a step takes that are never left out; a step with more locks has the rest on the page of all facts."""


def takes_gaps(statement: Statement) -> bool:
    """Whether its locks are taken in a gap, so that nobody waits behind it."""
    return statement.statement_class in (StatementClass.INSTANT_DDL, StatementClass.UNKNOWN)


def takes_facts(snapshot: Snapshot, step: Step) -> tuple[Fact, ...]:
    """What the action takes from everybody else, and who would make it wait now."""
    if snapshot.findings is None:
        looking = Fact("takes", NOT_YET, Look.STRONG, Rank.DECIDES)
        return (looking,) if step.action.author_sql is not None else ()
    findings = taking(_of(snapshot, step, Part.ACTION))
    lines = dict.fromkeys(line for finding in findings for line in _takes(snapshot, finding))
    return tuple(
        Fact("" if place else "takes", text, rank=Rank.DECIDES if place < FIRST else Rank.WEIGHS, short=short)
        for place, (text, short) in enumerate(lines)
    )


def hazard_facts(snapshot: Snapshot, step: Step) -> tuple[Fact, ...]:
    """Every hazard of the step with how it was answered, the worst first; those of its rollback are marked so.

    A rehearsal that the plan asks for and that is missing is one of them.
    """
    if snapshot.findings is None:
        return ()
    hazards = {
        (part, each.rule): each
        for part in Part
        for finding in _of(snapshot, step, part)
        for each in finding.hazards
        if each.silenced is not None or each.severity is not Severity.NOTE
    }
    if (missing := missing_rehearsal(snapshot, step)) is not None:
        hazards[(Part.ACTION, missing.rule)] = missing
    worst_first = sorted(hazards.items(), key=lambda each: -each[1].severity.rank)
    return tuple(_hazard(part, hazard) for (part, _), hazard in worst_first)


def _of(snapshot: Snapshot, step: Step, part: Part) -> list[Finding]:
    findings = findings_of(snapshot.findings or (), step, snapshot.run.step(step.id))
    return [each for each in findings if each.place.part is part]


def _takes(snapshot: Snapshot, finding: Finding) -> Iterator[tuple[str, str]]:
    """A line for the statement, and one for each strong lock with its table's figures; each also in fewer words."""
    sample = snapshot.samples.weights.sample
    weighed = [
        (lock, weight)
        for lock in finding.effects.locks
        if lock.mode.strength >= LockMode.SHARE_UPDATE_EXCLUSIVE.strength
        and sample is not None
        and (weight := sample.of(lock.relation)) is not None
    ]
    plain = effects_line(finding)
    if not any(with_figures(lock, weight).startswith(plain) for lock, weight in weighed):
        yield plain, ""
    patient = "; it does not queue behind them" if takes_gaps(finding.statement) else ""
    for lock, weight in weighed:
        who = waits(lock, weight, waits_for_lockers(finding.statement))
        who += patient if weight.holders else ""
        yield f"{with_figures(lock, weight)}: {who}", f"{lock.mode} on {lock.relation}: {who}"


def _hazard(part: Part, hazard: Hazard) -> Fact:
    where = "" if part is Part.ACTION else f"of the {part}: "
    if hazard.silenced is not None:
        return Fact("hazard", f"{where}{hazard.rule}, acknowledged: {hazard.silenced}", Look.STRONG)
    stops = hazard.severity is Severity.STOP
    text = f"{where}{hazard.severity} {hazard.rule}: {hazard.sentence}"
    short = f"{where}{hazard.severity} {hazard.rule} (h says more)"
    return Fact("hazard", text, Look.LOUD if stops else Look.WARN, Rank.DECIDES if stops else Rank.WEIGHS, short)
