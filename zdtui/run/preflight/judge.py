"""What every preflight check is given, and how it says what it found."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from zdtui import amounts
from zdtui.amounts import age
from zdtui.plan.model import Plan
from zdtui.postgres.preflight import Answer, PreflightFacts
from zdtui.run.model.state import RunState
from zdtui.run.preflight.board import Check, Outcome

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PreflightInput:
    """All a check may look at."""

    plan: Plan
    run: RunState
    facts: PreflightFacts
    journal_installed: bool
    holder: str | None
    """Who holds the run when we do not."""
    journal_refuses: str = ""
    """Why the journal cannot be written, or is not whole; empty: it can, and is."""
    not_known: str = ""
    """What of the server cannot be compared with where the run was last."""


Judge = Callable[[PreflightInput], Check | None]


def judged(name: str, answer: Answer[T], look: Callable[[T], Check]) -> Check:
    """The check of an answer; a WARN that names the error when there is none."""
    if answer.value is None:
        why = answer.error or "the server said nothing"
        return warn(name, f"not known: {why}", "look for yourself before you go on")
    return look(answer.value)


def judged_if_seen(at: PreflightInput, name: str, answer: Answer[T], look: Callable[[T], Check]) -> Check:
    """As `judged`, for what a role without pg_monitor cannot see: then nothing found is not "there is none"."""
    role = at.facts.role.value
    if role is not None and not role.sees_all_sessions:
        return warn(
            name, f"not known: {role.role} may not see the sessions of others", f"GRANT pg_monitor TO {role.role}"
        )
    return judged(name, answer, look)


def ok(name: str, finding: str) -> Check:
    """Nothing to worry about."""
    return Check(name, Outcome.OK, finding)


def warn(name: str, finding: str, advice: str) -> Check:
    """A person should know."""
    return Check(name, Outcome.WARN, finding, advice)


def stop(name: str, finding: str, advice: str) -> Check:
    """No step may run."""
    return Check(name, Outcome.STOP, finding, advice)


def several(items: Iterable[str], most: int = 5) -> str:
    """'a, b, c', or the first ones and how many more."""
    known = list(items)
    rest = f" and {len(known) - most} more" if len(known) > most else ""
    return ", ".join(known[:most]) + rest


def ago(duration: timedelta | None) -> str:
    """A length of time as a person says it; 'unknown time' for None."""
    return "unknown time" if duration is None else age(duration)


def size(count: int | None) -> str:
    """Bytes as people write them: '140 MB'; 'an unknown amount' for None."""
    return "an unknown amount" if count is None else amounts.size(count)
