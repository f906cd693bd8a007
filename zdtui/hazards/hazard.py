"""A hazard: what a rule found in one statement, what it does to the application, and the safer way."""

from dataclasses import dataclass, field
from enum import StrEnum

from zdtui.plan.model import StepId
from zdtui.sql.effects import Effects
from zdtui.sql.operation import Operation
from zdtui.sql.statement import Statement


class Severity(StrEnum):
    """How bad it is. Only STOP keeps a step from being run."""

    STOP = "stop"
    WARN = "warn"
    NOTE = "note"

    @property
    def rank(self) -> int:
        """2 for stop, 1 for warn, 0 for note."""
        return (Severity.NOTE, Severity.WARN, Severity.STOP).index(self)


class Part(StrEnum):
    """Which part of a step a statement belongs to."""

    ACTION = "action"
    ROLLBACK = "rollback"
    VERIFY = "verify"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a statement stands: in a step of a plan, or in a file of SQL."""

    path: str
    """As given by the person who named it; '-' for standard input."""
    line: int
    """1-based, in that file."""
    column: int
    """1-based, in characters."""
    step: StepId | None = None
    part: Part = Part.ACTION
    index: int = 0
    """0-based, of the statement within its part or file."""
    lines: tuple[int, ...] = ()
    """Where each line of the statement begins in the plan's text, as characters; empty where that does not hold the
    statement as it is run: it is in a file of SQL, or folded or escaped by YAML, or we made it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedStep:
    """A step that `--fix` can write into the plan, in the words of the plan format."""

    id: str
    title: str
    phase: str
    yaml: str
    """The step's own keys from `sql:` or `backfill:` to `rollback:`, as YAML text without indentation."""
    own: bool = False
    """The author's own step: of its yaml only the action is given, everything else of it stays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Safer:
    """The safer way, with the author's own names in it."""

    sentence: str
    sql: str = ""
    """Statements to be run instead, in order; empty where steps are needed."""
    steps: tuple[PlannedStep, ...] = ()
    """Steps that take the place of the step, the author's own among them."""
    instead: str = ""
    """What the author's statement becomes where there are steps; empty: it stays as it is."""
    fixable: bool = False
    """Whether `zdtui check --fix` may write it: it does the same, whatever the tables hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hazard:
    """One finding of one rule."""

    rule: str
    """Stable: 'column-rename'. Squawk's findings keep squawk's names."""
    severity: Severity
    sentence: str
    """What happens to the application."""
    safer: Safer | None = None
    source: str = "zdtui"
    """'zdtui', or 'squawk'."""
    also: tuple[str, ...] = ()
    """Rules of the other linter that say the same."""
    silenced: str | None = None
    """The reason somebody gave for running it all the same."""
    weight: str = ""
    """With a connection: how big and how busy what it touches is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """All that is known of one statement before it runs."""

    statement: Statement
    place: Place
    operations: tuple[Operation, ...]
    effects: Effects
    hazards: tuple[Hazard, ...] = ()
    traced: bool = False
    """Whether the effects hold what a real server was seen to do too, beside what the table of facts says."""
    disagreements: tuple[str, ...] = field(default=())
    """Where the trace and the table of facts differ, a sentence each."""

    @property
    def worst(self) -> Hazard | None:
        """The worst hazard that nobody silenced."""
        loud = [each for each in self.hazards if each.silenced is None]
        return max(loud, key=lambda each: each.severity.rank, default=None)
