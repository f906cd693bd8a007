"""One row of the table of facts: what a kind of operation does to everybody else."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from zdtui.sql.effects import Unnamed
from zdtui.sql.lock_modes import LockMode
from zdtui.sql.operation import Operation, Role
from zdtui.sql.schema.relations import Relation, Schema
from zdtui.sql.text.name import Name

DOCUMENTATION = "https://www.postgresql.org/docs/current/"


@dataclass(slots=True)
class Case:
    """An operation, what is known of the tables, and the server's major version. Not to be changed."""

    operation: Operation
    schema: Schema
    version: int
    relation: Relation | None = field(init=False)
    """What is known of the relation it is done to."""
    name: Name | None = field(init=False)
    """That relation, as it is known."""

    def __post_init__(self) -> None:
        self.relation = self.schema.find(self.operation.relation)
        self.name = self.operation.relation if self.relation is None else self.relation.name

    @property
    def only(self) -> bool:
        """Whether it is told to leave partitions and children alone."""
        return "ONLY" in self.operation.words

    def says(self, *words: str) -> bool:
        """Whether one of these words is said."""
        return any(word in self.operation.words for word in words)

    @property
    def targets(self) -> tuple[Name, ...]:
        """The relation, and those the same is done to."""
        also = tuple(self.schema.resolve(name) for name in self.operation.mentioned(Role.ALSO))
        return (*([self.name] if self.name is not None else []), *also)


Reach = Callable[[Case], Iterable[Name]]
"""Further relations that are locked."""
Condition = Callable[[Case], bool]


@dataclass(frozen=True)
class Also:
    """Further relations, the mode they are locked in, and why."""

    reach: Reach
    mode: LockMode
    why: str
    late: bool = False
    """Only in the course of the statement, and only if there are rows for it."""
    mode_of: Callable[[Case], LockMode] | None = None
    """Where the mode depends on what is said; `mode` is then the weakest."""

    def mode_in(self, case: Case) -> LockMode:
        """The mode for this case."""
        return self.mode if self.mode_of is None else self.mode_of(case)


@dataclass(frozen=True, kw_only=True)
class Fact:
    """What one kind of operation does."""

    mode: LockMode | None = None
    """On the relation it is done to, and on those named beside it; None: nothing is locked there."""
    mode_of: Callable[[Case], LockMode | None] | None = None
    """Where the mode depends on what is said."""
    children: bool = False
    """The same mode on every partition and inheriting table, unless ONLY is said."""
    also: tuple[Also, ...] = ()
    unnamed: Callable[[Case], Unnamed | None] | None = None
    """What is locked beside that, though it cannot be named."""
    rewrites: Condition | None = None
    """When the table's rows get another file; of a partitioned table, its partitions' rows."""
    rebuilds: Reach | None = None
    """Indexes whose file changes without the table's."""
    scans: Reach | None = None
    """Tables that are read whole under the lock."""
    wal_heavy: bool = False
    inverse: Callable[[Case], str | None] | None = None
    observed: bool = True
    """Whether servers were seen to do so (tests/corpus); False: the documentation alone says it, and that is told."""
    page: str = ""
    """Of the documentation."""

    @property
    def source(self) -> str:
        """The page's address."""
        return f"{DOCUMENTATION}{self.page}" if self.page else ""
