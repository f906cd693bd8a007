"""The preflight board: the questions asked before the first step, before the first switch and each contract.

This file is the board's data and the pure judgement over it; `zdtui.postgres` gathers the facts.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Outcome(StrEnum):
    """What a check came to. Only STOP keeps a step from running."""

    OK = "ok"
    WARN = "warn"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Check:
    """One question and its answer."""

    name: str
    """Two to four words: 'server version', 'standbys streaming'."""
    outcome: Outcome
    finding: str
    """One sentence with the figures: 'PostgreSQL 18.4, the plan needs 14'."""
    advice: str = ""
    """What a person can do about a WARN or STOP."""


@dataclass(frozen=True, slots=True)
class Board:
    """All checks, in order, and when they were asked."""

    checks: tuple[Check, ...]
    taken_at: datetime

    @property
    def outcome(self) -> Outcome:
        """The worst of the checks; OK for an empty board."""
        worst = {check.outcome for check in self.checks}
        return Outcome.STOP if Outcome.STOP in worst else Outcome.WARN if Outcome.WARN in worst else Outcome.OK

    @property
    def go(self) -> str:
        """'GO', 'GO, with warnings: replication slots', 'NO-GO: primary': how it is said wherever it is said."""
        names = ", ".join(check.name for check in self.checks if check.outcome is self.outcome)
        return {
            Outcome.OK: "GO",
            Outcome.WARN: f"GO, with warnings: {names}",
            Outcome.STOP: f"NO-GO: {names}",
        }[self.outcome]
