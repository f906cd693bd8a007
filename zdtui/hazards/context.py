"""What a rule looks at: one statement, what it does, what is known before it, and what stands around it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from zdtui.hazards.hazard import Part, Place
from zdtui.hazards.transaction import Transaction
from zdtui.plan.model import Phase, Plan, Step
from zdtui.sql.effects import Effects
from zdtui.sql.facts.fact import Case
from zdtui.sql.lock_modes import LockMode
from zdtui.sql.operation import Operation
from zdtui.sql.predict import commits, effects
from zdtui.sql.schema.relations import Schema
from zdtui.sql.statement import Statement
from zdtui.sql.text.name import Name

STAND_ALONE = tuple(
    f"ALTER TABLE {action}"
    for action in ("RENAME", "SET SCHEMA", "ATTACH", "DETACH", "SPLIT", "MERGE", "ALL IN TABLESPACE")
)
"""How the kinds begin that share no ALTER TABLE with another action."""


@dataclass(frozen=True, slots=True)
class EarlierStatement:
    """A statement that came before in the same transaction."""

    operations: tuple[Operation, ...]
    effects: Effects


@dataclass
class History:
    """What is known before a statement. Carried from statement to statement by its one owner, who changes it."""

    version: int
    schema: Schema
    whole: Transaction = field(default_factory=Transaction)
    """All that the text does, the statements to come too: a file, or what the steps of a plan do."""
    done: int = 0
    """How many of its operations came before."""
    before: list[EarlierStatement] = field(default_factory=list)
    """Statements of the transaction that is open, in order."""
    held: dict[Name, None] = field(default_factory=dict)
    """Relations in use that those keep others from writing, in the order they were taken."""
    assumed: bool = False
    """Nobody said BEGIN: the file is a transaction if the tool that runs it makes it one."""
    new_columns: set[tuple[Name, str]] = field(default_factory=set)
    """Columns that the same text made: no release uses them yet."""
    never_null: set[tuple[Name, str]] = field(default_factory=set)
    """Columns that the text set NOT NULL before, of tables that are known or not."""
    emptied: set[Name] = field(default_factory=set)
    """Tables that the same text truncated: there is nothing to read, and the lock is held already."""
    cleared: set[Name] = field(default_factory=set)
    """Tables of which the same text deleted every row, or that it truncated."""
    within: bool = False
    """Whether the text has said BEGIN, and not yet COMMIT."""
    perhaps_older: set[Name] = field(default_factory=set)
    """Tables that the text made with IF NOT EXISTS: they may have been there, with rows."""
    lock_timeout: bool = False
    """Whether the text has said how long a lock may be waited for."""
    warned_of_no_limit: bool = False
    """Whether it was told of an earlier statement of the text that nothing limits the wait."""
    altered: set[Name] = field(default_factory=set)
    """Tables that the last statement of the text kept others from writing, if it was an ALTER TABLE that could have
    held more actions."""

    def begin(self) -> None:
        """A transaction begins, or a statement outside of any."""
        self.before, self.held = [], {}
        self.schema.in_utc_locally = None


@dataclass(kw_only=True, eq=False)
class Context:
    """One statement and everything a rule may depend on. Not to be changed."""

    statement: Statement
    operations: tuple[Operation, ...]
    effects: Effects
    place: Place
    history: History
    together: Transaction
    """The whole transaction, this statement and later ones too."""
    step: Step | None = None
    plan: Plan | None = None

    @property
    def schema(self) -> Schema:
        """As it is before the statement."""
        return self.history.schema

    @property
    def version(self) -> int:
        """The server's major version."""
        return self.history.version

    @property
    def forward(self) -> bool:
        """Whether it is what the step does, rather than its rollback or its verify."""
        return self.place.part is Part.ACTION

    @property
    def is_contract(self) -> bool:
        """Whether its step is where things are taken away."""
        return self.step is not None and self.step.phase is Phase.CONTRACT

    @property
    def in_block(self) -> bool:
        """Whether it stands between a BEGIN and a COMMIT of the text."""
        together = self.together.operations
        return len(together) > 1 and together[0].kind == "BEGIN" and together[0] not in self.operations

    @property
    def takes_more_actions(self) -> bool:
        """Whether it is an ALTER TABLE into which more actions can be written."""
        alone = any(each.kind.startswith(STAND_ALONE) for each in self.operations)
        return self.statement.kind == "ALTER TABLE" and not alone

    def commits(self, operation: Operation) -> bool:
        """Whether it calls a procedure that is known to end its transaction."""
        return commits(Case(operation, self.schema, self.version))

    def fresh(self, name: Name | None) -> bool:
        """Whether the relation was made by the same text, so that nobody else uses it yet; temporary ones too."""
        known = self.history.schema.find(name)
        if known is None:
            return False
        if known.table is not None and not known.fresh:
            return self.fresh(known.table)
        return known.fresh or known.temporary

    def of_kind(self, *kinds: str) -> tuple[Operation, ...]:
        """The statement's operations of these kinds, on relations that are not fresh."""
        return tuple(each for each in self.operations if each.kind in kinds and not self.fresh(each.relation))

    def with_rows(self, *kinds: str) -> tuple[Operation, ...]:
        """The same, on relations that may have rows: what reads or writes an empty table is done at once."""
        return tuple(each for each in self.of_kind(*kinds) if self._known_as(each.relation) not in self.history.emptied)

    def has_no_rows(self, name: Name | None) -> bool:
        """Whether the same text took every row away before."""
        return self._known_as(name) in self.history.cleared

    def indexes_to_come(self, table: Name) -> Iterator[Operation]:
        """Indexes that statements after this one make on the table."""
        for name in {table, self._known_as(table) or table}:
            yield from (each for place, each in self.history.whole.indexes.get(name, ()) if place >= self.history.done)

    def is_never_null(self, table: Name | None, column: str) -> bool:
        """Whether the column is known to be NOT NULL, or to be proved so by a check that is valid."""
        name, known = self._known_as(table), self.schema.find(table)
        if name is None:
            return False
        own = None if known is None else known.column(column)
        if (own is not None and own.not_null) or (name, column) in self.history.never_null:
            return True
        checks = (each for each in self.schema.checks.on(name) if each.validated)
        return any(column in each.proves_not_null for each in checks)

    def _known_as(self, name: Name | None) -> Name | None:
        return None if name is None else self.schema.resolve(name)

    @property
    def alone(self) -> bool:
        """Whether it is all that its step does."""
        return self.step is not None and len(self.step.action.statements) == 1

    def makes(self, table: Name | None, column: str) -> bool:
        """Whether the same transaction makes that column: before it there is nothing to prove anything of."""
        return table is not None and (table, column) in self.together.makes_columns

    @cached_property
    def keeps_from_writing(self) -> tuple[Name, ...]:
        """Tables in use that the statement itself keeps others from writing, as soon as it begins."""
        strong = (each for each in self.effects.locks if each.mode.conflicts_with(LockMode.ROW_EXCLUSIVE))
        names = (each.relation for each in strong if not each.late and not self.fresh(each.relation))
        return tuple(name for name in names if (known := self.schema.find(name)) is None or known.table is None)

    def own_effects(self, operation: Operation) -> Effects:
        """What one of the statement's actions does by itself: a neighbour's rewrite is not its fault."""
        return self.effects if len(self.operations) == 1 else effects((operation,), self.schema, self.version)
