"""What a rule looks at: one statement, what it does, what is known before it, and what stands around it."""

from dataclasses import dataclass, field

from zdtui.hazards.hazard import Part, Place
from zdtui.plan.model import Phase, Plan, Step
from zdtui.sql.effects import Effects
from zdtui.sql.name import Name
from zdtui.sql.operation import Operation
from zdtui.sql.predict import effects
from zdtui.sql.relations import Schema
from zdtui.sql.statement import Statement


@dataclass(frozen=True, slots=True)
class Seen:
    """A statement that came before in the same transaction."""

    operations: tuple[Operation, ...]
    effects: Effects


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """One statement and everything a rule may depend on."""

    statement: Statement
    operations: tuple[Operation, ...]
    effects: Effects
    schema: Schema
    """As it is before the statement."""
    version: int
    place: Place
    before: tuple[Seen, ...] = ()
    """Of the same transaction, in order."""
    step: Step | None = None
    plan: Plan | None = None
    assumed: bool = False
    """Whether `before` is of one transaction only if the file is run as one, as most tools do."""
    together: tuple[Operation, ...] = ()
    """Every operation of the same transaction, this statement's and later ones too."""
    new_columns: frozenset[tuple[Name, str]] = field(default_factory=frozenset)
    """Columns that the same text made: no release uses them yet."""

    @property
    def forward(self) -> bool:
        """Whether it is what the step does, rather than its rollback or its verify."""
        return self.place.part is Part.ACTION

    @property
    def is_contract(self) -> bool:
        """Whether its step is where things are taken away."""
        return self.step is not None and self.step.phase is Phase.CONTRACT

    def fresh(self, name: Name | None) -> bool:
        """Whether the relation was made by the same text, so that nobody else uses it yet; temporary ones too."""
        known = self.schema.find(name)
        if known is None:
            return False
        if known.table is not None and not known.fresh:
            return self.fresh(known.table)
        return known.fresh or known.temporary

    def of_kind(self, *kinds: str) -> tuple[Operation, ...]:
        """The statement's operations of these kinds, on relations that are not fresh."""
        return tuple(each for each in self.operations if each.kind in kinds and not self.fresh(each.relation))

    def own_effects(self, operation: Operation) -> Effects:
        """What one of the statement's actions does by itself: a neighbour's rewrite is not its fault."""
        return self.effects if len(self.operations) == 1 else effects((operation,), self.schema, self.version)
