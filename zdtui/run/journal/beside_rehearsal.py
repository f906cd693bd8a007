"""A real run set beside the rehearsal of its plan: what took longer, what was tried again, who waited. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce

from zdtui.amounts import number, times, took
from zdtui.counted import counted
from zdtui.evidence.model import Evidence, Leg, StepEvidence, Way
from zdtui.evidence.told import worst_stall
from zdtui.plan.confirmed import forward_digest, text_digest
from zdtui.plan.model import Plan, Step
from zdtui.run.model import events as e
from zdtui.run.model.state import RunState, StepState, StepStatus
from zdtui.run.model.totals import NOTHING, Totals, counting

BAR = 30
"""Columns of the longest bar."""
LEAST_CHANGE = 1.1
"""How many times as long is worth a word."""
LEAST_COMPARED = 0.05
"""Seconds below which how many times as long something took is chance."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One step of the plan: what was rehearsed, and what the run did."""

    step: Step
    seen: StepEvidence | None
    state: StepState
    totals: Totals

    @property
    def rehearsed(self) -> float | None:
        """Seconds; None: it was not gone."""
        return None if self.seen is None else self.seen.seconds(Way.FORWARD)

    @property
    def real(self) -> float | None:
        """Seconds; None: it is not over, or nothing of it was run."""
        return self.state.seconds if self.state.status is StepStatus.DONE else None

    @property
    def factor(self) -> float | None:
        """How many times as long the run took; None: one of the two is not known, or both are next to nothing."""
        if self.rehearsed is None or self.real is None or max(self.rehearsed, self.real) < LEAST_COMPARED:
            return None
        return self.real / max(self.rehearsed, 0.001)


def pairs(plan: Plan, evidence: Evidence, state: RunState, events: Sequence[e.Recorded]) -> tuple[Pair, ...]:
    """Each step of the plan with both."""
    of_step: dict[str, list[e.Event]] = {}
    for each in events:
        of_step.setdefault(getattr(each.event, "step", None) or "", []).append(each.event)
    return tuple(
        Pair(step, evidence.of(step.id), state.step(step.id), reduce(counting, of_step.get(step.id, ()), NOTHING))
        for step in plan.steps
    )


def compared_lines(plan: Plan, evidence: Evidence, state: RunState, events: Sequence[e.Recorded]) -> Iterator[str]:
    """A line a step with both times and a bar of each, and below it what was otherwise. Not yet safe to draw."""
    found = pairs(plan, evidence, state, events)
    place, opened = evidence.place_of(), state.opened
    run = "" if state.run is None else f" {str(state.run)[:8]}"
    where = "" if opened is None else f" in {opened.database} on {opened.server}"
    yield f"{plan.name}: the run{run}{where} beside its rehearsal on {place.said}"
    yield f"rehearsed {place.rehearsed_at:%Y-%m-%d %H:%M} UTC, begun {_begun(state)}"
    most = max((seconds for pair in found for seconds in (pair.rehearsed, pair.real) if seconds is not None), default=0)
    for pair in found:
        yield ""
        yield f"{pair.step.id}{_how_much(pair)}"
        yield f"  rehearsed {_bar(pair.rehearsed, most)}"
        yield f"  run       {_bar(pair.real, most, str(pair.state.status))}"
        yield from (f"  {sentence}" for sentence in _otherwise(pair))
    yield ""
    yield from _together(found)


def _begun(state: RunState) -> str:
    return "nobody knows when" if state.opened_at is None else f"{state.opened_at:%Y-%m-%d %H:%M} UTC"


def _how_much(pair: Pair) -> str:
    factor = pair.factor
    if factor is None or 1 / LEAST_CHANGE < factor < LEAST_CHANGE:
        return ""
    return f": {times(factor)} as long" if factor >= 1 else f": {times(1 / factor)} as fast"


def _bar(seconds: float | None, most: float, otherwise: str = "not rehearsed") -> str:
    if seconds is None:
        return f"{'-':>8}  {otherwise}"
    return f"{took(seconds):>8}  {'█' * max(1, round(BAR * seconds / (most or 1.0)))}"


def _otherwise(pair: Pair) -> Iterator[str]:
    """What the rehearsal could not say, or said of something else."""
    seen, state, behind = pair.seen, pair.state, pair.totals.behind
    if state.confirmed_digest and state.confirmed_digest != forward_digest(pair.step):
        yield "the run was of another text than the plan has now"
    if seen is not None and seen.digest != text_digest(pair.step):
        yield "the rehearsal was of another text than the plan has now"
    if pair.totals.tries_given_up:
        gave_up = counted(pair.totals.tries_given_up, "try", "tries")
        yield f"{gave_up} for its locks given up; {_tries(seen)} in the rehearsal"
    if behind.sessions:
        waited = f"{counted(behind.sessions, 'session')} waited behind it, {took(behind.seconds)} together"
        stall = None if seen is None else worst_stall(seen)
        yield waited if stall is None else f"{waited}; the slowest answer in the rehearsal was {took(stall)}"
    if pair.totals.uncounted:
        yield "not all was watched: who waited behind it is the least"
    if (rows := _rows(seen)) is not None and state.rows is not None and rows != state.rows:
        yield f"{_said(state.rows)}; {_said(rows)} in the rehearsal"
    if state.rejected:
        yield f"{counted(state.rejected, 'row', shown=number(state.rejected))} rejected"
    if state.attempt > 1:
        yield f"started {counted(state.attempt, 'time')}"


def _together(found: Sequence[Pair]) -> Iterator[str]:
    both = [pair for pair in found if pair.rehearsed is not None and pair.real is not None]
    if not both:
        yield "no step was both rehearsed and run to its end"
        return
    rehearsed = sum(pair.rehearsed or 0.0 for pair in both)
    real = sum(pair.real or 0.0 for pair in both)
    yield f"{counted(len(both), 'step')} in both: {took(rehearsed)} rehearsed, {took(real)} in the run"


def _forward(seen: StepEvidence | None) -> tuple[Leg, ...]:
    return () if seen is None else seen.legs_of(Way.FORWARD)


def _tries(seen: StepEvidence | None) -> str:
    given_up = sum(leg.tries - 1 for leg in _forward(seen))
    return str(given_up) if given_up else "none"


def _rows(seen: StepEvidence | None) -> int | None:
    return max((leg.rows for leg in _forward(seen) if leg.rows is not None), default=None)


def _said(rows: int) -> str:
    return counted(rows, "row", shown=number(rows))
