"""What may cancel the statement that is with the server, and when that is due. Pure: the one place that says so.

A CONCURRENTLY statement has hours behind it when it waits for its last transactions, and leaves an invalid index when
it is cancelled. So a pause, a guard, a lost terminal hold *after* it: only a person who was asked cancels it.
"""

from dataclasses import dataclass

from zdtui import amounts
from zdtui.counted import counted
from zdtui.run.execute.control import Stop
from zdtui.run.model.events import HoldKind

LATE = 0.25
"""Seconds over its limit after which a wait for a lock is ended by us: the server should have ended it by itself."""
CANCEL_AGAIN = 1.0
"""Seconds after which a cancel is sent again: one that met the moment between two statements met nothing."""


@dataclass(frozen=True, slots=True)
class StatementUnderWay:
    """The statement under way, as the lock watch sees it."""

    outwaits: bool = False
    """It is a CONCURRENTLY one."""
    waiting: bool = False
    held_up_for: float = 0.0
    """Seconds it has waited for one lock."""
    blockers: tuple[str, ...] = ()
    lock_limit: float = 0.0
    """Seconds it may wait for a lock; 0: as long as it takes."""
    victims: int = 0
    """Sessions that have waited behind us for longer than a moment."""
    most_victims: int | None = None
    stop: Stop | None = None
    """Why the step is to stop at its next safe point."""
    cancelled: Stop | None = None
    """Why a cancel was sent already."""
    let_go: str | None = None
    """Why this attempt was withdrawn already, to be tried again."""
    since_cancel: float | None = None
    """Seconds since a cancel was sent; None when none was."""


@dataclass(frozen=True, slots=True)
class Cancel:
    """Cancel it, and end the step so."""

    stop: Stop


@dataclass(frozen=True, slots=True)
class LetGo:
    """Cancel it; what it did is undone, and it is tried again."""

    why: str


def may_cancel(why: HoldKind, outwaits: bool) -> bool:
    """Whether this reason is enough to cancel the statement under way."""
    return not outwaits or why is HoldKind.CANCELLED


def withdrawal(seen: StatementUnderWay) -> Cancel | LetGo | None:
    """What is to be done now about the statement under way; None: it goes on."""
    again = seen.since_cancel is not None and seen.since_cancel >= CANCEL_AGAIN
    if seen.cancelled is not None:
        return Cancel(seen.cancelled) if again and may_cancel(seen.cancelled.why, seen.outwaits) else None
    if seen.outwaits or not seen.waiting:
        return None
    if seen.stop is not None:
        detail = f"{seen.stop.detail}; withdrawn while it waited for {', '.join(seen.blockers) or 'a lock'}"
        return Cancel(Stop(seen.stop.why, detail))
    if seen.let_go is not None:
        return LetGo(seen.let_go) if again else None
    if seen.most_victims is not None and seen.victims > seen.most_victims:
        limit = seen.most_victims
        sessions = counted(seen.victims, "session")
        return LetGo(f"lock attempt withdrawn: {sessions} waited behind us, over {limit} (guard blocked_sessions)")
    if seen.lock_limit > 0 and seen.lock_limit + LATE <= seen.held_up_for:
        waited = f"it waited {amounts.took(seen.held_up_for)} for a lock, over {amounts.limit(seen.lock_limit)}"
        return LetGo(f"lock attempt withdrawn: {waited}, and the server did not end that by itself")
    return None
