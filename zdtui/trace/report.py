"""A trace in words. Pure; not yet safe to draw."""

from collections.abc import Iterator

from zdtui.hazards.hazard import Finding, Part
from zdtui.hazards.trace import Trace, TracedStep, with_trace
from zdtui.hazards.wording import effects_line

NOT_COPIED = (
    "The copy has no rows, and of the target neither security labels, subscriptions and tablespaces nor the settings of"
    " roles and of the database: what a rollback makes of these is judged from a start without them."
)
"""What pg_dump is told to leave out (`zdtui.trace.dump`), and what it does not write."""


def trace_lines(trace: Trace, findings: tuple[Finding, ...]) -> Iterator[str]:
    """Step by step: what each statement took, where that was not predicted, and whether its rollback undoes it."""
    yield f"{trace.plan_name} on the schema of {trace.target}, PostgreSQL {trace.scratch_version}"
    yield from (f"  {note}" for note in trace.notes)
    laid = with_trace(findings, trace)
    for step in trace.steps:
        yield ""
        yield f"{step.step}{_rollback(step)}"
        if step.note:
            yield f"  {step.note}"
        yield from _statements(step, laid)
        yield from (f"  {line}" for line in step.differences)
    if any(step.rollback_exact for step in trace.steps):
        yield ""
        yield NOT_COPIED


def _rollback(step: TracedStep) -> str:
    match step.rollback_exact:
        case True:
            return f": its rollback brings the schema back, {step.verdict or 'exact'}"
        case False:
            return f": ITS ROLLBACK DOES NOT BRING THE SCHEMA BACK{f': {step.verdict}' if step.verdict else ''}"
        case _:
            return f": whether its rollback brings the schema back is {step.verdict}" if step.verdict else ""


def _statements(step: TracedStep, findings: tuple[Finding, ...]) -> Iterator[str]:
    errors = {(each.part, each.index): each.error for each in step.statements if each.error}
    for finding in findings:
        if finding.place.step != step.step or finding.place.part is Part.VERIFY:
            continue
        back = "undo: " if finding.place.part is Part.ROLLBACK else ""
        first = finding.statement.text.split("\n", 1)[0]
        error = errors.get((finding.place.part, finding.place.index))
        if error is None and not finding.traced:
            continue
        yield f"  {back}{first}"
        yield f"    {effects_line(finding)}" if error is None else f"    could not be run there: {error}"
        yield from (f"    {sentence}" for sentence in finding.disagreements)
