"""What the evidence beside a plan is worth for one of its steps, at this place and at this moment. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import assert_never

from zdtui.amounts import limit, size
from zdtui.evidence.model import Evidence, Outcome, Place, RollbackVerdict, StepEvidence, Way
from zdtui.plan.confirmed import text_digest
from zdtui.plan.model import Step
from zdtui.sql.statement import StatementClass

CLOCKS_DIFFER = timedelta(hours=1)
"""By how much a rehearsal may lie in the future before that is more than two clocks that differ."""
LEAST_CHANGE = 1.1
"""How many times as large something is before a time is scaled by it."""
MOST_SCALED = 100.0
"""How many times as large it may be for what was seen to say anything of the time here."""
LITTLE = 1024 * 1024
"""Bytes below which what a statement takes is not its table's size."""
COMPARED = ("columns", "indexes", "constraints", "triggers", "rules and views", "inheritance", "sequences")
"""Parts of the catalog that are the same by name on two servers; owners and privileges are each server's own."""
PROVES_THE_ROLLBACK = frozenset({RollbackVerdict.EXACT, RollbackVerdict.EXACT_BUT, RollbackVerdict.NO_ROLLBACK})


@dataclass(frozen=True, slots=True)
class Here:
    """What is known of the place where the plan is to run. Nothing of it has to be known."""

    major: int | None = None
    catalog: Mapping[str, str] = field(default_factory=dict)
    """A hash of each part of the catalog now; only the step that comes next is compared with it."""
    sizes: Mapping[str, int] = field(default_factory=dict)
    """Bytes by 'public.users': the relation with its TOAST, without its indexes."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The evidence that lies beside a plan."""

    evidence: Evidence | None = None
    note: str = ""
    """Why the file that is there is not read, in one sentence."""

    @property
    def is_there(self) -> bool:
        """Whether there is a file at all, be it of use or not."""
        return self.evidence is not None or bool(self.note)


class Proof(StrEnum):
    """What it comes to."""

    PROVEN = "proven"
    """This text was run, taken back and run again, and its rollback brought everything back."""
    NOT_EXACT = "rollback not exact"
    FAILED = "failed"
    OTHER_TEXT = "other text"
    NOT_REHEARSED = "not rehearsed"


@dataclass(frozen=True, slots=True)
class Scaled:
    """How the times would be here, by size alone."""

    relation: str
    """The one that grew or shrank most among those whose size counts."""
    factor: float | None
    """How many times as large; None: so much that nothing can be said."""
    bytes_then: int
    bytes_now: int


@dataclass(frozen=True)
class Standing:
    """One step, what was seen of it, and how it was unlike this place."""

    step: Step
    evidence: Evidence | None
    seen: StepEvidence | None
    here: Here
    now: datetime
    is_next: bool = False
    """Whether it is the step that comes next, so that the schema now is the one it will find."""

    @cached_property
    def proof(self) -> Proof:
        """What the rehearsal proves of the step as it is written now."""
        seen = self.seen
        if seen is None or seen.outcome is Outcome.PASSED_OVER:
            return Proof.NOT_REHEARSED
        if seen.digest != text_digest(self.step):
            return Proof.OTHER_TEXT
        if seen.outcome is Outcome.FAILED:
            return Proof.FAILED
        return Proof.PROVEN if seen.rollback in PROVES_THE_ROLLBACK else Proof.NOT_EXACT

    @property
    def place(self) -> Place | None:
        """Where and when it was."""
        return None if self.evidence is None else self.evidence.place_of(self.seen)

    @property
    def age(self) -> timedelta | None:
        """How long ago it was; less than nothing where the other clock was ahead."""
        return None if self.place is None else self.now - self.place.rehearsed_at

    @property
    def of_this_text(self) -> bool:
        """Whether the times and locks that were seen are those of the step as it is written now."""
        return self.proof in (Proof.PROVEN, Proof.NOT_EXACT, Proof.FAILED)

    @cached_property
    def unlike(self) -> tuple[str, ...]:
        """How the place of the rehearsal was unlike this one, in words; sizes are told by `scaled`."""
        if self.place is None or self.seen is None or not self.of_this_text:
            return ()
        said = []
        major = self.place.server_major
        if self.here.major is not None and major != self.here.major:
            said.append(f"it was on PostgreSQL {major}, this is {self.here.major}")
        if self.is_next and (parts := self._other_parts(self.seen.catalog)):
            said.append(f"the schema there was another than here ({', '.join(parts)})")
        return tuple(said)

    def _other_parts(self, then: Mapping[str, str]) -> tuple[str, ...]:
        now = self.here.catalog
        return tuple(part for part in COMPARED if part in then and part in now and then[part] != now[part])

    @cached_property
    def scaled(self) -> Scaled | None:
        """How its times grow with the tables; None: they do not, or nobody knows how large the tables are."""
        if self.seen is None or not self.of_this_text:
            return None
        then = {each.relation: each.bytes for each in self.seen.sizes if each.relation in self._grows_with(self.seen)}
        if not then or not then.keys() <= self.here.sizes.keys():
            return None
        now = {relation: self.here.sizes[relation] for relation in then}
        before, after = sum(then.values()), sum(now.values())
        largest = max(now, key=lambda relation: abs(now[relation] - then[relation]))
        if max(before, after) < LITTLE or (before and 1 / LEAST_CHANGE <= after / before <= LEAST_CHANGE):
            return None
        factor = after / before if before >= LITTLE or after <= before else None
        if factor is not None and factor > MOST_SCALED:
            factor = None
        return Scaled(largest, factor, then[largest], now[largest])

    def _grows_with(self, seen: StepEvidence) -> frozenset[str]:
        """The relations whose size decides how long it takes: those it reads or writes whole, or row by row.

        What was read whole is counted of everybody: beside a load it is not believed of what should be instant. Where
        it was not seen, it may have been any of them.
        """
        legs, loaded = seen.legs_of(Way.FORWARD), self.evidence is not None and bool(self.evidence.load)
        statements = self.step.action.statements
        instant = all(each.statement_class is StatementClass.INSTANT_DDL for each in statements) and bool(statements)
        scans = () if loaded and instant else tuple(relation for leg in legs for relation in leg.scans or ())
        whole = {*scans, *(relation for leg in legs for relation in leg.rewrites)}
        any_of_them = any(leg.rows for leg in legs) or (not instant and any(leg.scans is None for leg in legs))
        return frozenset(each.relation for each in seen.sizes if any_of_them or each.relation in whole)

    def lacks(self, within: timedelta) -> str:
        """Why the step is not rehearsed as a plan asks that says `require_rehearsal: 7d`; empty: it is.

        A step that sends nothing has nothing to rehearse.
        """
        if self.step.action.by_hand or self.step.action.soak is not None:
            return ""
        match self.proof:
            case Proof.NOT_REHEARSED:
                return "it was not rehearsed"
            case Proof.OTHER_TEXT:
                return "what was rehearsed was another text"
            case Proof.FAILED:
                return "its rehearsal failed"
            case Proof.NOT_EXACT:
                return "its rollback did not bring everything back in the rehearsal"
            case Proof.PROVEN:
                return self._too_long_ago(within)
            case _ as never:
                assert_never(never)

    def _too_long_ago(self, within: timedelta) -> str:
        age = self.age
        if age is None or age < -CLOCKS_DIFFER:
            return "its rehearsal is dated in the future"
        return f"its rehearsal is older than {limit(within)}" if age > within else ""


@dataclass(frozen=True, slots=True)
class Beside:
    """The evidence beside a plan, and what is known of the place where the plan is to run."""

    kept: Kept = field(default_factory=Kept)
    here: Here = field(default_factory=Here)

    def of(self, step: Step, now: datetime, *, is_next: bool = False) -> Standing:
        """What it is worth for that step."""
        return standing(step, self.kept, self.here, now, is_next=is_next)


def standing(step: Step, kept: Kept, here: Here, now: datetime, *, is_next: bool = False) -> Standing:
    """What the evidence is worth for that step."""
    evidence = kept.evidence
    seen = None if evidence is None else evidence.of(step.id)
    return Standing(step, evidence, seen, here, now, is_next)


def relations_of(evidence: Evidence) -> tuple[str, ...]:
    """Every relation whose size then is known: its size here is what the times are scaled by."""
    return tuple(dict.fromkeys(each.relation for step in evidence.steps for each in step.sizes))


def larger(scaled: Scaled) -> str:
    """'users is 210 MB here and was 51 MB there'."""
    return f"{said(scaled.relation)} is {size(scaled.bytes_now)} here and was {size(scaled.bytes_then)} there"


def said(relation: str) -> str:
    """The relation as people call it: without the schema that is everybody's."""
    return relation.removeprefix("public.")
