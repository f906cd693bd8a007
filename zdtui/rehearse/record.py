"""What was seen of each step, gathered while it is gone through, and what that comes to. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import assert_never

from psycopg import errors

from zdtui.evidence.model import Leg, Outcome, RelationSize, RollbackVerdict, StepEvidence, Way, WholeEvidence
from zdtui.fingerprint.verdict import Verdict, VerdictKind
from zdtui.plan.confirmed import text_digest
from zdtui.plan.model import Step, StepId
from zdtui.rehearse.passes import comes_back
from zdtui.run.model import events as e
from zdtui.run.model.state import LogLine

WORST_FIRST = (
    VerdictKind.FAILED,
    VerdictKind.DIFFERS,
    VerdictKind.UNKNOWN,
    VerdictKind.EXACT_BUT,
    VerdictKind.EXACT,
)


Window = tuple[float, float]
"""From when to when, by time.monotonic()."""
Stalls = Callable[[float, float], float | None]
"""The longest anybody of the load waited between two such moments; None: not known, or there is none."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the journal says of one move."""

    seconds: float | None = None
    tries: int = 1
    notices: int = 0
    sqlstate: str = ""
    applied: bool = False
    """Its effects are in place, whatever came of `verify`."""


def told_of_move(log: Iterable[LogLine], step: StepId, attempt: int) -> Told:
    """The newest events of a run, read for the attempt of that number."""
    told = Told()
    for line in log:
        if line.step == step:
            begins = isinstance(line.event, e.StepStarted) and line.event.attempt == attempt
            told = Told() if begins else _and(told, line.event)
    return told


def _and(told: Told, event: e.Event) -> Told:
    if isinstance(event, e.AttemptFailed):
        return replace(told, tries=told.tries + 1)
    if isinstance(event, e.NoticeReceived):
        return replace(told, notices=told.notices + 1)
    if isinstance(event, e.StepApplied | e.StepSucceeded | e.StepRolledBack):
        return replace(told, seconds=event.seconds, applied=True)
    if isinstance(event, e.StepFailed):
        return replace(told, sqlstate=event.sqlstate or "", applied=event.applied)
    return told


def error_name(sqlstate: str) -> str:
    """'23505 UniqueViolation': never the message, which may hold a row."""
    try:
        return f"{sqlstate} {errors.lookup(sqlstate).__name__}"
    except KeyError:
        return sqlstate


@dataclass
class StepRecord:
    """One step of the plan, as it is written there."""

    step: Step
    legs: list[Leg] = field(default_factory=list)
    windows: list[Window | None] = field(default_factory=list)
    """When each of them was; None: no load was beside it."""
    verdicts: list[Verdict] = field(default_factory=list)
    """Of its rollback, then of going forward again after it."""
    sizes: tuple[RelationSize, ...] = ()
    catalog: dict[str, str] = field(default_factory=dict)
    failed: str = ""
    """Why a move did not end well, in a sentence without a row."""
    not_run: str = ""
    """Why it was not gone at all, or not everywhere."""

    def evidence(self) -> StepEvidence:
        """What it comes to."""
        verdict = worst(self.verdicts)
        outcome = Outcome.FAILED if self.failed else Outcome.DONE if self.legs else Outcome.PASSED_OVER
        return StepEvidence(
            step=self.step.id,
            digest=text_digest(self.step),
            outcome=outcome,
            why=self.failed or ("" if self.legs else self.not_run or "it was not reached"),
            rollback=self._rollback(verdict),
            differences=() if verdict is None else differences(verdict),
            legs=tuple(self.legs),
            sizes=self.sizes,
            catalog=self.catalog,
        )

    def _rollback(self, verdict: Verdict | None) -> RollbackVerdict:
        if not comes_back(self.step):
            return RollbackVerdict.NO_ROLLBACK
        if any(leg.error for leg in self.legs if leg.way is Way.BACK):
            return RollbackVerdict.FAILED
        return RollbackVerdict.NOT_COMPARED if verdict is None else rollback_verdict(verdict)


def with_stalls(legs: Sequence[Leg], windows: Sequence[Window | None], stalls: Stalls) -> list[Leg]:
    """The same with the longest wait of the load in each that had one beside it: by what was known then, or is now."""
    return [
        leg if when is None else leg.model_copy(update={"worst_stall": _longest((leg.worst_stall, stalls(*when)))})
        for leg, when in zip(legs, windows, strict=True)
    ]


def _longest(waits: Iterable[float | None]) -> float | None:
    return max((each for each in waits if each is not None), default=None)


def _sum(amounts: Iterable[int | None]) -> int | None:
    """None as soon as one of them is not known."""
    known = list(amounts)
    return None if None in known else sum(each for each in known if each is not None)


def worst(verdicts: Sequence[Verdict]) -> Verdict | None:
    """The one that says least of the rollback; None of none."""
    return min(verdicts, key=lambda each: WORST_FIRST.index(each.kind), default=None)


def differences(verdict: Verdict) -> tuple[str, ...]:
    """What is to be known of it, line by line; nothing where it is exact."""
    if verdict.kind is VerdictKind.EXACT:
        return verdict.told
    return verdict.lines


def rollback_verdict(verdict: Verdict) -> RollbackVerdict:
    """The same in the words of the evidence."""
    match verdict.kind:
        case VerdictKind.EXACT:
            return RollbackVerdict.EXACT
        case VerdictKind.EXACT_BUT:
            return RollbackVerdict.EXACT_BUT
        case VerdictKind.DIFFERS:
            return RollbackVerdict.DIFFERS
        case VerdictKind.UNKNOWN:
            return RollbackVerdict.NOT_COMPARED
        case VerdictKind.FAILED:
            return RollbackVerdict.FAILED
        case _ as never:
            assert_never(never)


@dataclass
class WholeRecord:
    """The whole plan, all the way back and forward again."""

    legs: list[Leg] = field(default_factory=list)
    windows: list[Window | None] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    failed: str = ""

    def evidence(self) -> WholeEvidence | None:
        """What it comes to; None: it was not gone, and that is no failure of its own."""
        if not self.legs and not self.failed:
            return None
        verdict = worst(self.verdicts)
        return WholeEvidence(
            legs=tuple(_together(way, gone) for way in (Way.BACK, Way.FORWARD) if (gone := self._that_way(way))),
            outcome=Outcome.FAILED if self.failed else Outcome.DONE,
            why=self.failed,
            rollback=RollbackVerdict.NOT_COMPARED if verdict is None else rollback_verdict(verdict),
            differences=() if verdict is None else differences(verdict),
        )

    def _that_way(self, way: Way) -> list[Leg]:
        return [leg for leg in self.legs if leg.way is way]


def _together(way: Way, legs: Sequence[Leg]) -> Leg:
    """All steps one after another, as one way."""
    return Leg(
        way=way,
        seconds=sum(leg.seconds for leg in legs),
        tries=max((leg.tries for leg in legs), default=1),
        wal_bytes=_sum(leg.wal_bytes for leg in legs),
        temporary_bytes=_sum(leg.temporary_bytes for leg in legs),
        size_change=_sum(leg.size_change for leg in legs),
        worst_stall=_longest(leg.worst_stall for leg in legs),
        lag=_longest(leg.lag for leg in legs),
        notices=sum(leg.notices for leg in legs),
        error=next((leg.error for leg in legs if leg.error), ""),
    )
