"""What has to change its type together: a column, every column that refers to it, and what stands on them. Pure."""

from dataclasses import dataclass

from zdtui.sql.text.name import Name

HIGHEST = {"smallint": 2**15 - 1, "integer": 2**31 - 1, "bigint": 2**63 - 1}
"""Of the integers the highest value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A column that changes its type, and the two names it has beside its own."""

    table: Name
    """As it is written in the plan."""
    resolved: Name
    column: str
    before: str
    """Its type."""
    not_null: bool
    default: str | None
    identity: str | None
    """'ALWAYS' or 'BY DEFAULT' of an identity column."""
    sequence: Name | None
    """The sequence it owns."""
    sequence_type: str | None
    leads: bool
    """Whether an index begins with it."""
    unique: bool
    """Whether an index that is unique has it."""

    @property
    def new(self) -> str:
        """What the column of the new type is called until the swap."""
        return f"{self.column}_new"

    @property
    def old(self) -> str:
        """What the column of the old type is called after it."""
        return f"{self.column}_old"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrimaryKey:
    """A primary key with a member in it.

    It takes its index along when it goes, so that each way over the swap uses up an index of its own.
    """

    table: Name
    resolved: Name
    name: str
    columns: tuple[str, ...]
    for_swap: str
    for_way_back: str
    spare: str
    """To go forward once more."""
    reference: str
    """What foreign keys of the new type point at, so that the primary key can go without them."""
    referenced: bool
    """Whether any foreign key points at it."""
    deferral: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """An index or a unique constraint that the new columns have under another name until the swap."""

    table: Name
    name: str
    beside: str
    text: str
    """The statement that builds it."""
    constraint: str | None = None
    """Of a unique constraint: what stands behind UNIQUE USING INDEX; None: it is an index alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A foreign key or a check: the old one goes with the swap, and its like on the new columns takes its name."""

    table: Name
    resolved: Name
    references: Name | None
    name: str
    beside: str
    old_text: str
    new_text: str
    validated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """All of it. The first member is what was asked for; each other one refers to a member before it."""

    wanted: str
    members: tuple[Member, ...]
    keys: tuple[PrimaryKey, ...] = ()
    copies: tuple[Copied, ...] = ()
    bound: tuple[Bound, ...] = ()

    @property
    def is_wider(self) -> bool:
        """Whether an integer becomes a wider one, so that the old column cannot hold every value."""
        return self.wanted in HIGHEST and all(
            each.before in HIGHEST and HIGHEST[each.before] < HIGHEST[self.wanted] for each in self.members
        )

    @property
    def wraps(self) -> bool:
        """Whether a value past the old type is written as another one there: a key must not refuse new rows."""
        return self.is_wider and self.members[0].unique

    @property
    def resolved_tables(self) -> tuple[Name, ...]:
        """The tables of the members."""
        return tuple(dict.fromkeys(each.resolved for each in self.members))

    @property
    def locked(self) -> tuple[Name, ...]:
        """Every table that the swap locks, those that are referred to first."""
        ends = [each.references for each in self.bound if each.references is not None]
        own = [*(each.table for each in self.members), *(each.table for each in self.bound)]
        return tuple(dict.fromkeys((*ends, *own)))

    def of(self, resolved: Name) -> tuple[Member, ...]:
        """The members in that table."""
        return tuple(each for each in self.members if each.resolved == resolved)

    def renames(self, resolved: Name) -> dict[str, str]:
        """By column of the table: its name until the swap."""
        return {each.column: each.new for each in self.of(resolved)}
