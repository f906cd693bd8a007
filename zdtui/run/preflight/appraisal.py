"""What is known of a plan's statements, as data (`zdtui.run.preflight.appraise` finds it)."""

from dataclasses import dataclass, field

from zdtui.evidence.standing import Beside
from zdtui.hazards.hazard import Finding
from zdtui.plan.model import StepId
from zdtui.sql.lock_modes import LockMode
from zdtui.sql.text.name import Name

LEAST_WEIGHED = LockMode.ROW_EXCLUSIVE
"""Relations are weighed when a lock of this strength or more is taken on them."""


@dataclass(frozen=True, slots=True)
class Appraisal:
    """The findings, what could not be asked for them, and what was proved in a rehearsal."""

    findings: tuple[Finding, ...]
    note: str = ""
    evidence: Beside = field(default_factory=Beside)
    """What a rehearsal left beside the plan, as it was found last."""

    def relations_of(self, step: StepId | None) -> tuple[Name, ...]:
        """The relations whose weight matters before that step."""
        locks = (lock for each in self.findings if each.place.step == step for lock in each.effects.locks)
        strong = (lock.relation for lock in locks if lock.mode.strength >= LEAST_WEIGHED.strength)
        return tuple(dict.fromkeys(strong))
