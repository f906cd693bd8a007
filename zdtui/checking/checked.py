"""What a check found, as data: the same for a terminal, for CI and for an editor."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from zdtui import errors
from zdtui.drawable import drawable
from zdtui.evidence.standing import Beside
from zdtui.evidence.told import told_of
from zdtui.hazards.hazard import Finding, Hazard, Severity
from zdtui.plan.model import Plan, StepId


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that could not be read. Line and column count from 1, and are 0 where there are none."""

    path: str
    sentence: str
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Unread:
    """An input that could not be used, and the message for a person: a line, or many with places and carets."""

    path: str
    message: str
    placed: tuple[errors.Problem, ...] = ()
    """What is wrong with it, place by place, where it could be read so far."""

    @classmethod
    def because(cls, path: str, error: errors.PlanError) -> "Unread":
        """The input that this error is about."""
        return cls(path, str(error), error.problems)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong as problems: each with its place, or else the message on one line without the file's name."""
        told = tuple(Problem(self.path, each.sentence, each.line, each.column) for each in self.placed)
        if told:
            return told
        name, sentence = drawable(self.path), " ".join(self.message.split())
        for start in (f"{name}: ", f"{name} "):
            sentence = sentence.removeprefix(start)
        return (Problem(self.path, sentence),)


@dataclass(frozen=True, slots=True)
class Rehearsals:
    """What rehearsals left beside the plans, by the path of each, and when that was looked at."""

    beside: Mapping[str, Beside]
    now: datetime

    def told(self, plan: Plan) -> dict[StepId, tuple[str, ...]]:
        """By step, a sentence each. No step of a check has run: the first one comes next."""
        beside, first = self.beside.get(plan.path, Beside()), plan.steps[0]
        return {
            step.id: tuple(each for each, _ in told_of(beside, plan, step, self.now, is_next=step is first))
            for step in plan.steps
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """All that one check found, in the order of what was named."""

    version: int
    """The major version of PostgreSQL that was assumed."""
    findings: tuple[Finding, ...] = ()
    unread: tuple[Unread, ...] = ()
    notes: tuple[str, ...] = ()
    """What else should be known, a sentence each: a linter that did not run, a silence without a reason."""
    paths: tuple[str, ...] = field(default=())
    """What was read."""
    plans: tuple[Plan, ...] = field(default=(), repr=False)
    """The plans among it, in order."""
    rehearsals: Rehearsals | None = None
    """What stands beside the plans; None: nobody looked."""
    strict: bool = False
    """Whether a warning that nobody silenced counts as a stop does."""

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All that is wrong with what could not be read."""
        return tuple(problem for each in self.unread for problem in each.problems)

    @property
    def hazards(self) -> tuple[Hazard, ...]:
        """All of them, the silenced ones too."""
        return tuple(hazard for finding in self.findings for hazard in finding.hazards)

    @property
    def exit_code(self) -> int:
        """2 when something could not be read, 1 when a stop (if strict, a warning) is not silenced, else 0."""
        if self.unread:
            return 2
        least = Severity.WARN if self.strict else Severity.STOP
        return int(any(each.severity.rank >= least.rank and each.silenced is None for each in self.hazards))

    def counts(self) -> dict[str, int]:
        """How many statements there are, how many nobody understands, and the hazards by what they ask for."""
        loud = [hazard.severity for hazard in self.hazards if hazard.silenced is None]
        return {
            "statements": len(self.findings),
            "unknown": sum(1 for finding in self.findings if not finding.effects.known),
            **{str(severity): loud.count(severity) for severity in (Severity.STOP, Severity.WARN, Severity.NOTE)},
            "silenced": len(self.hazards) - len(loud),
        }
