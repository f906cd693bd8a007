"""A step's rehearsal in words, the same in the console, in `check` and in a question. Pure; not yet safe to draw."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import assert_never

from zdtui.amounts import took
from zdtui.counted import counted
from zdtui.evidence.model import HeldLock, RollbackVerdict, StepEvidence, Way
from zdtui.evidence.standing import Beside, Proof, Scaled, Standing, larger, said
from zdtui.plan.model import Plan, Step
from zdtui.sql.lock_modes import LockMode

LEAST_TOLD = LockMode.SHARE_UPDATE_EXCLUSIVE
"""Weaker locks keep no statement of the application waiting."""
LOCKS_NOT_SEEN = "locks not seen"
UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60))


class Tone(StrEnum):
    """How loudly it is said."""

    FINE = "fine"
    CAREFUL = "careful"
    """It was another place, or the times are an estimate."""
    BAD = "bad"
    """It proves nothing of this step, or that something is wrong with it."""


def ago(age: timedelta) -> str:
    """'2 days ago', '5 hours ago', 'a moment ago'."""
    seconds = age.total_seconds()
    for unit, length in UNITS:
        if seconds >= length:
            return f"{counted(int(seconds // length), unit)} ago"
    return "a moment ago"


def lines(of: Standing) -> tuple[tuple[str, Tone], ...]:
    """What is to be known, a sentence each, the first one for where there is room for one only."""
    return (headline(of), *((each, Tone.CAREFUL) for each in _unlike(of)))


def told_of(beside: Beside, plan: Plan, step: Step, now: datetime, *, is_next: bool) -> tuple[tuple[str, Tone], ...]:
    """What is known of the step's rehearsal; nothing where there is no evidence and the plan asks for none.

    Nothing either of a step that sends nothing.
    """
    if step.action.by_hand or step.action.soak is not None:
        return ()
    if beside.kept.note:
        return ((beside.kept.note, Tone.BAD),)
    asked_for = beside.kept.is_there or plan.require_rehearsal is not None
    return lines(beside.of(step, now, is_next=is_next)) if asked_for else ()


def headline(of: Standing) -> tuple[str, Tone]:
    """'rehearsed 2 days ago on staging: 3.1 s, ACCESS EXCLUSIVE on users 14 ms, rollback exact'."""
    if of.seen is None or of.place is None or of.age is None:
        return "not rehearsed", Tone.BAD
    when = f"{ago(of.age)} on {of.place.said}"
    match of.proof:
        case Proof.NOT_REHEARSED:
            return f"not rehearsed{_because(of.seen)}", Tone.BAD
        case Proof.OTHER_TEXT:
            return f"not rehearsed as it is written now: {when} it was another text", Tone.BAD
        case Proof.FAILED:
            return f"rehearsed {when}: FAILED{_because(of.seen)}", Tone.BAD
        case Proof.NOT_EXACT:
            return f"rehearsed {when}: {_figures(of.seen)}", Tone.BAD
        case Proof.PROVEN:
            return f"rehearsed {when}: {_figures(of.seen)}", Tone.CAREFUL if of.unlike else Tone.FINE
        case _ as never:
            assert_never(never)


def verdict_words(seen: StepEvidence) -> str:
    """'rollback exact', 'rollback exact but for column order', 'rollback DIFFERS: index users_email is gone'."""
    objects = objects_of(seen.differences)
    first = f": {objects[0]}" if objects else ""
    match seen.rollback:
        case RollbackVerdict.EXACT:
            return "rollback exact"
        case RollbackVerdict.EXACT_BUT:
            return f"rollback exact but for {', '.join(objects).removeprefix('exact but for ')}"
        case RollbackVerdict.DIFFERS:
            more = f" (and {len(objects) - 1} more)" if len(objects) > 1 else ""
            return f"rollback DIFFERS{first}{more}"
        case RollbackVerdict.FAILED:
            return f"rollback FAILED{first}"
        case RollbackVerdict.NOT_COMPARED:
            return f"rollback not compared{first}"
        case RollbackVerdict.NO_ROLLBACK:
            return "no rollback to try"
        case _ as never:
            assert_never(never)


def objects_of(differences: Sequence[str]) -> tuple[str, ...]:
    """Of the lines of a verdict those that name an object: below each stand, indented, what was and what is."""
    return tuple(line.strip() for line in differences if not line.startswith("    ") and line != "differs")


def strongest(seen: StepEvidence, way: Way = Way.FORWARD) -> HeldLock | None:
    """The strongest lock that was held that way, and of those the one that was held for longest."""
    locks = [lock for leg in seen.legs_of(way) for lock in leg.locks or ()]
    told = [lock for lock in locks if lock.mode.strength >= LEAST_TOLD.strength]
    return max(told, key=lambda lock: (lock.mode.strength, lock.seconds or 0.0), default=None)


def strongest_words(seen: StepEvidence) -> str:
    """The same in words, that nobody saw it too; empty: none is worth a word."""
    if (lock := strongest(seen)) is not None:
        return lock_words(lock)
    return LOCKS_NOT_SEEN if any(leg.locks is None for leg in seen.legs_of(Way.FORWARD)) else ""


def worst_stall(seen: StepEvidence) -> float | None:
    """The application's slowest answer while the step ran, whichever way; None: nothing worked beside it."""
    return max((leg.worst_stall for leg in seen.legs if leg.worst_stall is not None), default=None)


def lock_words(lock: HeldLock, factor: float = 1.0) -> str:
    """'ACCESS EXCLUSIVE on users 14 ms'."""
    held = "" if lock.seconds is None else f" {took(lock.seconds * factor)}"
    return f"{lock.mode} on {said(lock.relation)}{held}"


def _because(seen: StepEvidence) -> str:
    return f": {seen.why}" if seen.why else ""


def _figures(seen: StepEvidence) -> str:
    seconds, stall = seen.seconds(), worst_stall(seen)
    parts = [
        "" if seconds is None else took(seconds),
        strongest_words(seen),
        "" if stall is None else f"worst stall {took(stall)}",
        verdict_words(seen),
    ]
    return ", ".join(part for part in parts if part)


def _unlike(of: Standing) -> Iterator[str]:
    if of.seen is not None and of.scaled is not None:
        yield _estimate(of.seen, of.scaled)
    yield from of.unlike


def _estimate(seen: StepEvidence, scaled: Scaled) -> str:
    """Times of another size are never told as if they were measured."""
    seconds, lock = seen.seconds(), strongest(seen)
    if scaled.factor is None or seconds is None:
        return f"its times say nothing of this place: {larger(scaled)}"
    times = f"about {took(seconds * scaled.factor)}"
    held = "" if lock is None or lock.seconds is None else f", {lock_words(lock, scaled.factor)}"
    return f"here, by size alone: {times}{held}; an estimate, because {larger(scaled)}"
