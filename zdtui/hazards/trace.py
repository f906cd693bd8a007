"""What a scratch server really did with a plan, as data; and how it is laid over what the table of facts says. Pure."""

import hashlib
from dataclasses import replace
from datetime import datetime

from pydantic import Field, ValidationError

from zdtui.counted import counted
from zdtui.errors import PlanError
from zdtui.hazards.hazard import Finding, Part
from zdtui.hazards.located import located_statements
from zdtui.plan.model import Frozen, Plan, Step, StepId
from zdtui.sql.effects import Effects, Lock
from zdtui.sql.lock_modes import LockMode
from zdtui.sql.text.name import Name


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
    verdict: str = Field(default="", description="how close the rollback comes, in words")
    differences: tuple[str, ...] = Field(default=(), description="what the rollback left different, object by object")
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
            f"{path} is not a trace of this zdtui ({counted(error.error_count(), 'problem')}); run zdtui trace again"
        ) from None


def foreign(trace: Trace, plan: Plan) -> str:
    """Why the trace is not of this plan, or nothing."""
    if trace.plan_digest != plan.digest:
        return "is of another text of this plan; run zdtui trace again"
    steps = {step.id: step for step in plan.steps}
    for traced in trace.steps:
        step = steps.get(traced.step)
        if traced.statements and (step is None or not _tells_of(traced, plan, step)):
            return f"tells of statements that step {traced.step} does not have; run zdtui trace again"
    return ""


def _tells_of(traced: TracedStep, plan: Plan, step: Step) -> bool:
    written = {
        (part, index): statement_digest(each.statement.text)
        for part in (Part.ACTION, Part.ROLLBACK)
        for index, each in enumerate(located_statements(plan, step, part))
    }
    return all(written.get((each.part, each.index)) == each.digest for each in traced.statements)


def made_elsewhere(trace: Trace, server_version: int | None) -> str:
    """What is to be known when the trace is not of this server's major version, else nothing."""
    major = trace.scratch_version.split(".")[0]
    if server_version is None or major == str(server_version):
        return ""
    return f"was made on PostgreSQL {major} and this is {server_version}: what it adds may not be so here"


def with_trace(findings: tuple[Finding, ...], trace: Trace) -> tuple[Finding, ...]:
    """The findings with what was traced beside what was predicted, each difference a sentence.

    A trace is a file that lies beside the plan: it adds to what is known, and takes nothing of it away.
    """
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
    seen = tuple(Lock(Name(lock.schema_name, lock.relation), lock.mode) for lock in traced.locks)
    rewrites = tuple(Name(*each) for each in traced.rewrites)
    scans = tuple(Name(*each) for each in traced.scans)
    predicted = finding.effects
    effects = replace(
        predicted,
        locks=_together(predicted.locks, seen),
        rewrites=_with_more(predicted.rewrites, rewrites),
        scans=_with_more(predicted.scans, scans),
    )
    kept = tuple(lock for lock in predicted.locks if _is_held(lock, held))
    new = tuple(lock for lock in seen if not _has(kept, lock.relation))
    return replace(
        finding, effects=effects, traced=True, disagreements=_disagreements(predicted, (*new, *kept), rewrites)
    )


def _together(predicted: tuple[Lock, ...], seen: tuple[Lock, ...]) -> tuple[Lock, ...]:
    """Every lock of both; on a relation that both name, the stronger mode."""
    strongest = tuple(_strongest(lock, seen) for lock in predicted)
    return (*strongest, *(lock for lock in seen if not _has(predicted, lock.relation)))


def _strongest(lock: Lock, seen: tuple[Lock, ...]) -> Lock:
    modes = [lock.mode, *(each.mode for each in seen if _same(each.relation, lock.relation))]
    return replace(lock, mode=max(modes, key=lambda mode: mode.strength))


def _with_more(predicted: tuple[Name, ...], seen: tuple[Name, ...]) -> tuple[Name, ...]:
    return (*predicted, *(each for each in seen if not any(_same(each, other) for other in predicted)))


def _is_held(lock: Lock, held: list[Lock]) -> bool:
    """A lock that the transaction has already is not seen to be taken again."""
    return any(_same(each.relation, lock.relation) and each.mode.strength >= lock.mode.strength for each in held)


def _has(locks: tuple[Lock, ...], relation: Name) -> bool:
    return any(_same(each.relation, relation) for each in locks)


def _disagreements(predicted: Effects, seen: tuple[Lock, ...], rewrites: tuple[Name, ...]) -> tuple[str, ...]:
    if not predicted.known:
        took = ", ".join(f"{lock.mode} on {lock.relation}" for lock in seen) or "no table lock"
        return (f"the table of facts does not know this statement; traced {took}",)
    return (*_locks_differ(predicted, seen), *_rewrites_differ(predicted, rewrites))


def _locks_differ(predicted: Effects, seen: tuple[Lock, ...]) -> tuple[str, ...]:
    sentences = []
    for lock in seen:
        said = next((each for each in predicted.locks if _same(each.relation, lock.relation)), None)
        if said is None and lock.mode.strength >= LockMode.SHARE_UPDATE_EXCLUSIVE.strength:
            sentences.append(f"traced {lock.mode} on {lock.relation}, which was not predicted")
        elif said is not None and said.mode is not lock.mode:
            sentences.append(f"traced {lock.mode} on {lock.relation}, predicted was {said.mode}: the stronger counts")
    for lock in predicted.locks:
        if not lock.late and not _has(seen, lock.relation):
            sentences.append(f"predicted {lock.mode} on {lock.relation}, which the trace does not show: it counts")
    return tuple(sentences)


def _rewrites_differ(predicted: Effects, rewrites: tuple[Name, ...]) -> tuple[str, ...]:
    more = [each for each in rewrites if not any(_same(each, other) for other in predicted.rewrites)]
    less = [each for each in predicted.rewrites if not any(_same(each, other) for other in rewrites)]
    return (
        *(f"traced a rewrite of {each}, which was not predicted" for each in more),
        *(f"predicted a rewrite of {each}, which the trace does not show: it counts" for each in less),
    )


def _same(one: Name, other: Name) -> bool:
    """Whether two names may mean the same relation: a schema that is not said is any."""
    return one.name == other.name and (one.schema is None or other.schema is None or one.schema == other.schema)
