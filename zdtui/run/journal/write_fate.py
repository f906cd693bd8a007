"""What became of an attempt to write to the journal, decided in one place. Pure."""

from enum import StrEnum

from zdtui.run.locks.retry import RETRIED_SQLSTATES

LASTING_SQLSTATES_OF_53 = frozenset({"53400"})
"""configuration_limit_exceeded does not pass by itself; the rest of class 53 (disk, memory, connections) does."""
MOVED_SQLSTATES = frozenset({"23505", "40001", "42P01", "3F000"})
"""unique_violation and serialization_failure: somebody wrote where we meant to. undefined_table and
invalid_schema_name: the journal is gone, which is seen when it is read."""
CANCELLED = "57014"


class Fate(StrEnum):
    """What follows from it."""

    WRITTEN = "written"
    """It is in the journal."""
    NOT_HELD = "not held"
    """Our working session does not hold the run: nothing was written, and the journal is read anew."""
    MOVED = "moved"
    """The journal is not where we saw it last: nothing was written, and it is read anew."""
    GONE = "gone"
    """The session ended meanwhile: whether it was written is seen when the journal is read anew."""
    WAIT = "wait"
    """The server could not just now; it is tried again."""
    REFUSED = "refused"
    """The server will not, until somebody changes something: everything stops, and the event is kept."""


def fate_of_answer(held: bool, written: int, meant: int) -> Fate:
    """Of a statement that was carried out."""
    if not held:
        return Fate.NOT_HELD
    return Fate.WRITTEN if written == meant else Fate.MOVED


def fate_of_error(sqlstate: str | None, session_is_gone: bool) -> Fate:
    """Of a statement that the server answered with an error, or not at all."""
    if session_is_gone or sqlstate is None:
        return Fate.GONE
    if sqlstate in MOVED_SQLSTATES:
        return Fate.MOVED
    passes = sqlstate[:2] in ("53", "57", "58", "08") and sqlstate not in LASTING_SQLSTATES_OF_53
    return Fate.WAIT if passes or sqlstate in RETRIED_SQLSTATES or sqlstate == CANCELLED else Fate.REFUSED
