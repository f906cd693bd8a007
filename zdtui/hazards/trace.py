"""What a scratch server really did with a plan, as data; and how it is laid over what the table of facts says. Pure."""

import hashlib
from dataclasses import replace
from datetime import datetime

from pydantic import Field, ValidationError

from zdtui.errors import PlanError
from zdtui.hazards.hazard import Finding, Part
from zdtui.plan.model import Frozen, Plan, StepId
from zdtui.sql.effects import Effects, Lock
from zdtui.sql.lock_modes import LockMode
from zdtui.sql.name import Name


class TracedLock(Frozen):
    """A lock on a relation that was there before the statement."""

    schema_name: str
    relation: str
    mode: LockMode


class TracedStatement(Frozen):
    """What one statement did."""

    part: Part
    index: int = Field(description="0-based, of the statement within its part")
    digest: str = Field(description="of the statement's text, so that it is never laid over another one")
    locks: tuple[TracedLock, ...] = ()
    rewrites: tuple[tuple[str, str], ...] = Field(default=(), description="schema and name of each table written anew")
    scans: tuple[tuple[str, str], ...] = ()
    created: tuple[str, ...] = ()
    error: str = Field(default="", description="why it could not be run; nothing else is known then")


class TracedStep(Frozen):
    """What one step did, and whether its rollback takes it back."""

    step: StepId
    statements: tuple[TracedStatement, ...] = ()
    rollback_exact: bool | None = Field(default=None, description="None: there is none to try, or it was not tried")
    differences: tuple[str, ...] = Field(default=(), description="lines of the schema that the rollback left different")
    note: str = ""


class Trace(Frozen):
    """A whole plan, run on a copy of the target's schema that holds no rows."""

    plan_name: str
    plan_digest: str
    taken_at: datetime
    target: str = Field(description="'shop at db1:5432'")
    target_version: str
    scratch_version: str
    notes: tuple[str, ...] = Field(default=(), description="what could not be copied or is different, a sentence each")
    steps: tuple[TracedStep, ...] = ()


def statement_digest(text: str) -> str:
    """What a traced statement is known by: SHA-256 in hex over its text."""
    return hashlib.sha256(text.encode()).hexdigest()


def read_trace(text: str, path: str) -> Trace:
    """The trace in this text. Raises PlanError, with one sentence, when it is none."""
    try:
        return Trace.model_validate_json(text)
    except ValidationError as error:
        raise PlanError(
            f"{path} is not a trace of this zdtui ({error.error_count()} problems); run zdtui trace again"
        ) from None


def of_this_plan(trace: Trace, plan: Plan) -> bool:
    """Whether the trace is of this very text."""
    return trace.plan_digest == plan.digest


def with_trace(findings: tuple[Finding, ...], trace: Trace) -> tuple[Finding, ...]:
    """The findings with what was traced in place of what was predicted; where the two differ, it is said."""
    known: dict[tuple[StepId | None, Part, int, str], TracedStatement] = {
        (step.step, statement.part, statement.index, statement.digest): statement
        for step in trace.steps
        for statement in step.statements
        if not statement.error
    }
    held: dict[tuple[StepId | None, Part], list[Lock]] = {}
    laid = []
    for finding in findings:
        before = held.setdefault((finding.place.step, finding.place.part), [])
        laid.append(_with(finding, known.get(_key(finding)), before))
        before.extend(laid[-1].effects.locks)
    return tuple(laid)


def _key(finding: Finding) -> tuple[StepId | None, Part, int, str]:
    place = finding.place
    return (place.step, place.part, place.index, statement_digest(finding.statement.text))


def _with(finding: Finding, traced: TracedStatement | None, held: list[Lock]) -> Finding:
    if traced is None:
        return finding
    effects = effects_of(traced, finding.effects)
    kept = tuple(lock for lock in finding.effects.locks if _is_held(lock, held))
    seen = tuple(lock for lock in effects.locks if not _has(kept, lock.relation))
    effects = replace(effects, locks=(*seen, *kept))
    return replace(finding, effects=effects, traced=True, disagreements=_disagreements(finding.effects, effects))


def _is_held(lock: Lock, held: list[Lock]) -> bool:
    """A lock that the transaction has already is not seen to be taken again."""
    return any(_same(each.relation, lock.relation) and each.mode.strength >= lock.mode.strength for each in held)


def _has(locks: tuple[Lock, ...], relation: Name) -> bool:
    return any(_same(each.relation, relation) for each in locks)


def effects_of(traced: TracedStatement, predicted: Effects) -> Effects:
    """The effects a server showed. Scans of empty tables may go unseen, so predicted ones are kept."""
    why = {(lock.relation.schema, lock.relation.name): lock.why for lock in predicted.locks}
    locks = tuple(
        Lock(Name(lock.schema_name, lock.relation), lock.mode, why.get((lock.schema_name, lock.relation), ""))
        for lock in traced.locks
    )
    rewrites = tuple(Name(*each) for each in traced.rewrites)
    seen = tuple(Name(*each) for each in traced.scans)
    unseen = tuple(each for each in predicted.scans if not any(_same(each, other) for other in seen))
    return replace(
        predicted,
        locks=locks,
        unnamed=None,
        rewrites=rewrites,
        scans=(*seen, *unseen),
        known=True,
        certain=True,
        doubt="",
    )


def _disagreements(predicted: Effects, traced: Effects) -> tuple[str, ...]:
    if not predicted.known:
        return ("the table of facts does not know this statement; this is what a server did",)
    return (*_locks_differ(predicted, traced), *_rewrites_differ(predicted, traced))


def _locks_differ(predicted: Effects, traced: Effects) -> tuple[str, ...]:
    sentences = []
    for lock in traced.locks:
        said = next((each for each in predicted.locks if _same(each.relation, lock.relation)), None)
        if said is None and lock.mode.strength >= LockMode.SHARE_UPDATE_EXCLUSIVE.strength:
            sentences.append(f"traced {lock.mode} on {lock.relation}, which was not predicted")
        elif said is not None and said.mode is not lock.mode:
            sentences.append(f"traced {lock.mode} on {lock.relation}, predicted was {said.mode}")
    for lock in predicted.locks:
        if not lock.late and not _has(traced.locks, lock.relation):
            sentences.append(f"predicted {lock.mode} on {lock.relation}, which the server did not take")
    return tuple(sentences)


def _rewrites_differ(predicted: Effects, traced: Effects) -> tuple[str, ...]:
    more = [each for each in traced.rewrites if not any(_same(each, other) for other in predicted.rewrites)]
    less = [each for each in predicted.rewrites if not any(_same(each, other) for other in traced.rewrites)]
    return (
        *(f"traced a rewrite of {each}, which was not predicted" for each in more),
        *(f"predicted a rewrite of {each}, which the server did not do" for each in less),
    )


def _same(one: Name, other: Name) -> bool:
    """Whether two names may mean the same relation: a schema that is not said is any."""
    return one.name == other.name and (one.schema is None or other.schema is None or one.schema == other.schema)
