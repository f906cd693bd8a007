"""What a rehearsal proves of the plan, for its exit code and its last lines. Pure."""

from collections.abc import Iterator
from typing import assert_never

from zdtui.amounts import took
from zdtui.counted import counted
from zdtui.evidence.model import Evidence, Outcome, RollbackVerdict, StepEvidence, Way
from zdtui.evidence.told import verdict_words

PROVEN = frozenset({RollbackVerdict.EXACT, RollbackVerdict.EXACT_BUT, RollbackVerdict.NO_ROLLBACK})


def is_proven(evidence: Evidence, *, all_steps: bool = True) -> bool:
    """Whether every step went well and came back as it was.

    `all_steps`: also one that was left out is not proven; else somebody has asked for that.
    """
    whole = evidence.whole
    return (
        all(_is_well(step, all_steps=all_steps) for step in evidence.steps)
        and any(step.outcome is Outcome.DONE for step in evidence.steps)
        and (whole is None or (whole.outcome is Outcome.DONE and whole.rollback in PROVEN))
    )


def lines(evidence: Evidence) -> Iterator[str]:
    """A line a step, one for the whole, and what else is to be known."""
    name = max((len(step.step) for step in evidence.steps), default=0)
    for step in evidence.steps:
        yield f"{step.step:<{name}}  {_told(step)}"
        if step.rollback is RollbackVerdict.DIFFERS:
            yield from (f"    {line}" for line in step.differences)
    if evidence.whole is not None:
        yield f"{'all of it':<{name}}  {evidence.whole.outcome}, rollback {evidence.whole.rollback}"
        if evidence.whole.rollback is RollbackVerdict.DIFFERS:
            yield from (f"    {line}" for line in evidence.whole.differences)
        if evidence.whole.why:
            yield f"    {evidence.whole.why}"
    yield from evidence.notes
    left_out = sum(step.outcome is Outcome.PASSED_OVER for step in evidence.steps)
    if left_out:
        yield f"{counted(left_out, 'step')} left out"


def _is_well(step: StepEvidence, *, all_steps: bool) -> bool:
    match step.outcome:
        case Outcome.PASSED_OVER:
            return not all_steps
        case Outcome.FAILED:
            return False
        case Outcome.DONE:
            return step.rollback in PROVEN
        case _ as never:
            assert_never(never)


def _told(step: StepEvidence) -> str:
    seconds = step.seconds(Way.FORWARD)
    parts = [
        str(step.outcome),
        "" if seconds is None else took(seconds),
        step.why,
        "" if step.outcome is Outcome.PASSED_OVER else verdict_words(step),
    ]
    return ", ".join(part for part in parts if part)
