"""The errors a person sees: each carries the one sentence that says what, where and what to do."""

from dataclasses import dataclass


class ZdtuiError(Exception):
    """Anything the operator or the author can act on; printed as its message, exit code 2."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One sentence about one place of a file. Lines and columns count from 1."""

    line: int
    column: int
    sentence: str


class PlanError(ZdtuiError):
    """The plan file cannot be used. The message lists its problems, each with file, line and column.

    `problems` are the same as data, all of them; none where the file could not be read at all.
    """

    def __init__(self, message: str, problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(message)
        self.problems = problems


class TargetError(ZdtuiError):
    """The server cannot be reached, or is not the one the plan expects."""


class JournalError(ZdtuiError):
    """The journal (schema ``zdtui``) cannot be read or written, or says something we do not understand."""


class RunHeldElsewhereError(JournalError):
    """Another session holds the run, or wrote to the journal where only we should have."""


class JournalRefusedError(JournalError):
    """The server will not take an event until somebody changes something: a right, a setting, the server."""


class EmbeddedServerError(ZdtuiError):
    """The embedded PostgreSQL could not be found, built or started."""
