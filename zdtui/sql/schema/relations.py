"""What is known of the tables: read from a server, or built up from the statements that came before."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import Any

from zdtui.sql.schema.by_table import ByTable
from zdtui.sql.text.bounds import PartitionKey
from zdtui.sql.text.name import Name


class RelationKind(StrEnum):
    """As pg_class.relkind tells them apart."""

    TABLE = "table"
    PARTITIONED = "partitioned table"
    FOREIGN = "foreign table"
    INDEX = "index"
    PARTITIONED_INDEX = "partitioned index"
    VIEW = "view"
    MATERIALIZED_VIEW = "materialized view"
    SEQUENCE = "sequence"


TABLES = frozenset({RelationKind.TABLE, RelationKind.PARTITIONED, RelationKind.FOREIGN})
INDEXES = frozenset({RelationKind.INDEX, RelationKind.PARTITIONED_INDEX})


@dataclass(frozen=True, slots=True)
class KnownColumn:
    """A column of a table."""

    name: str
    type: str = ""
    """As format_type() writes it, or as the author did: 'character varying(20)'. Empty: not known."""
    not_null: bool = False
    collation: str = ""
    identity: bool = False
    highest: int | None = None
    """Of a key of two or four bytes: the highest value, as of the last ANALYZE."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A relation, with what a statement's effects depend on."""

    name: Name
    kind: RelationKind
    columns: tuple[KnownColumn, ...] = ()
    table: Name | None = None
    """Of an index its table; of a sequence the table whose column owns it."""
    indexed: tuple[str, ...] = ()
    """Of an index: its columns in their order, then those it mentions; of a sequence: the column that owns it."""
    unique: bool = False
    primary: bool = False
    plain: bool = False
    """Of an index: it is known to be a B-tree of nothing but its columns, on every row."""
    constraint: str | None = None
    """Of an index: the constraint it stands for."""
    collations: tuple[str, ...] = ()
    parents: tuple[Name, ...] = ()
    """What it is a partition or an inheriting child of; of an index, the index it is attached to."""
    is_partition: bool = False
    is_default: bool = False
    """The default partition."""
    partitioned_by: PartitionKey | None = None
    """What a partitioned table is partitioned by, as far as it was read from a statement."""
    unlogged: bool = False
    temporary: bool = False
    reads: tuple[Name, ...] = ()
    """Of a view or materialized view: the relations in it."""
    reads_columns: frozenset[tuple[Name, str]] = frozenset()
    """Of a view: the columns it reads; empty where that is not known."""
    oid: int | None = field(default=None, compare=False)
    """In the catalog it was read from; None: a statement we read has made it."""
    fresh: bool = False
    """Made by a statement we read, so that nobody else uses it yet."""

    def column(self, name: str) -> KnownColumn | None:
        """The column of that name."""
        return next((each for each in self.columns if each.name == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignKey:
    """A foreign key, by both of its tables."""

    name: str
    table: Name
    columns: tuple[str, ...] = ()
    references: Name
    referenced_columns: tuple[str, ...] = ()
    validated: bool = True
    enforced: bool = True
    cascades: bool = False
    """Rows of `table` are deleted or changed with the row they reference."""
    inherited: bool = False
    """A partition has it from the table it is a partition of, and nothing of it is on the other side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A check or a NOT NULL constraint."""

    name: str
    table: Name
    columns: tuple[str, ...] = ()
    validated: bool = True
    proves_not_null: tuple[str, ...] = ()
    """Columns that, validated, it proves to hold no NULL: CHECK (c IS NOT NULL)."""
    no_inherit: bool = False
    expression: str | None = None
    """Of a check, where it was read from a statement."""
    not_null_only: bool = False
    """A NOT NULL constraint of its own (PostgreSQL 18), and no check."""


@dataclass(frozen=True, slots=True)
class Domain:
    """A domain: its base type, and whether a value can fail it."""

    base: str
    constrained: bool


class Hang(Enum):
    """How one relation hangs on another."""

    OF = "of"
    """An index or sequence on its table."""
    UNDER = "under"
    """A child on its parent."""
    DEFAULT = "default"
    """The default partition on its parent."""
    READS = "reads"
    """A view on what it reads."""


class Relations(dict[Name, Relation]):
    """Relations by name, which also knows those of a table, those under a parent and those that read another."""

    def __init__(self, relations: Iterable[Relation] = ()) -> None:
        super().__init__()
        self._hanging: dict[tuple[Hang, Name], dict[Name, Relation]] = {}
        for each in relations:
            self[each.name] = each

    def hanging(self, how: Hang, name: Name) -> tuple[Relation, ...]:
        """Those that hang on it in that way, in the order in which they came."""
        return tuple(self._hanging.get((how, name), {}).values())

    def __setitem__(self, name: Name, relation: Relation) -> None:
        self._forget(name)
        super().__setitem__(name, relation)
        for end in _hangs_on(relation):
            self._hanging.setdefault(end, {})[name] = relation

    def __delitem__(self, name: Name) -> None:
        self._forget(name)
        super().__delitem__(name)

    def pop(self, name: Name, default: Any = None) -> Any:
        """Take it away; None, or what else is given, when it is not there."""
        self._forget(name)
        return super().pop(name, default)

    def update(self, *others: Any, **more: Relation) -> None:
        """Add or replace, as for every dictionary."""
        for name, relation in dict(*others, **more).items():
            self[name] = relation

    def _forget(self, name: Name) -> None:
        known = self.get(name)
        for end in () if known is None else _hangs_on(known):
            self._hanging.get(end, {}).pop(name, None)


def _hangs_on(relation: Relation) -> Iterator[tuple[Hang, Name]]:
    if relation.table is not None:
        yield Hang.OF, relation.table
    yield from ((Hang.UNDER, parent) for parent in relation.parents)
    if relation.is_default:
        yield from ((Hang.DEFAULT, parent) for parent in relation.parents)
    yield from ((Hang.READS, name) for name in relation.reads)


def _ends(key: ForeignKey) -> tuple[Name, Name]:
    return key.table, key.references


def _table(check: Check) -> tuple[Name]:
    return (check.table,)


@dataclass
class Schema:
    """Everything known, changed in place by its one owner."""

    relations: Relations = field(default_factory=Relations)
    foreign_keys: ByTable[ForeignKey] = field(default_factory=lambda: ByTable(_ends))
    checks: ByTable[Check] = field(default_factory=lambda: ByTable(_table))
    domains: dict[str, Domain] = field(default_factory=dict)
    types: set[str] = field(default_factory=set)
    """Types that a statement which was read made: they are no domains."""
    triggers: dict[tuple[Name, str], Name] = field(default_factory=dict)
    """By table and trigger."""
    policies: set[tuple[Name, str]] = field(default_factory=set)
    """By table and policy."""
    steady_functions: frozenset[str] = frozenset()
    """Functions of people's own that are immutable or stable."""
    committing: set[str] = field(default_factory=set)
    """Procedures whose body, in a statement that was read, ends its transaction."""
    statistics: dict[str, Name] = field(default_factory=dict)
    """Extended statistics and their table."""
    published: dict[str, tuple[Name, ...]] = field(default_factory=dict)
    """By publication: the tables it names."""
    bound: set[tuple[str, Name, str]] = field(default_factory=set)
    """What follows a column by its number, in words ('trigger touch'), by table and column; views of a catalog say it
    by what they read."""
    search_path: tuple[str, ...] = ("public",)
    complete: bool = False
    """Read from a server, so that what is not in it is not there."""
    in_utc: bool | None = None
    """Whether the session's time zone is UTC; None: nobody has said."""
    in_utc_locally: bool | None = None
    """The same as SET LOCAL has it, until the transaction ends; None: as the session has it."""

    @property
    def is_utc(self) -> bool | None:
        """Whether the time zone is UTC now; None where that is not known."""
        return self.in_utc if self.in_utc_locally is None else self.in_utc_locally

    def find(self, name: Name | None) -> Relation | None:
        """The relation a name means: as written, or by the search path."""
        if name is None:
            return None
        if (found := self.relations.get(name)) is not None:
            return found
        if name.schema is None:
            for schema in self.search_path:
                if (found := self.relations.get(tuple.__new__(Name, (schema, name.name)))) is not None:
                    return found
        elif name.schema in self.search_path:
            return self.relations.get(Name(None, name.name))
        return None

    def resolve(self, name: Name) -> Name:
        """The name the relation is known by; the name itself when it is not known."""
        found = self.find(name)
        return name if found is None else found.name

    def indexes_of(self, table: Name) -> Iterator[Relation]:
        """Its own indexes."""
        return (each for each in self.relations.hanging(Hang.OF, table) if each.kind in INDEXES)

    def children_of(self, table: Name) -> Iterator[Relation]:
        """Partitions and inheriting tables, of all levels; of an index, the indexes attached to it."""
        for each in self.relations.hanging(Hang.UNDER, table):
            yield each
            yield from self.children_of(each.name)

    def sequences_of(self, table: Name) -> Iterator[Relation]:
        """Sequences that a column of the table owns."""
        return (each for each in self.relations.hanging(Hang.OF, table) if each.kind is RelationKind.SEQUENCE)

    def referenced_by(self, table: Name) -> Iterator[ForeignKey]:
        """Foreign keys of the table that point elsewhere, or to itself."""
        return (each for each in self.foreign_keys.on(table) if each.table == table)

    def referencing(self, table: Name) -> Iterator[ForeignKey]:
        """Foreign keys that point to the table."""
        return (each for each in self.foreign_keys.on(table) if each.references == table)

    def views_on(self, relation: Name) -> Iterator[Relation]:
        """Views and materialized views that read it, directly or through others."""
        for each in self.relations.hanging(Hang.READS, relation):
            yield each
            yield from self.views_on(each.name)

    def foreign_key(self, table: Name, name: str | None) -> ForeignKey | None:
        """The foreign key of that name."""
        return next((each for each in self.referenced_by(table) if each.name == name), None)

    def check(self, table: Name, name: str | None) -> Check | None:
        """The check of that name."""
        return next((each for each in self.checks.on(table) if each.name == name), None)

    def index_of_constraint(self, table: Name, name: str | None) -> Relation | None:
        """The index that stands for that constraint."""
        return next((each for each in self.indexes_of(table) if each.constraint == name and name is not None), None)

    def put(self, relations: Iterable[Relation]) -> None:
        """Add or replace relations."""
        self.relations.update({each.name: each for each in relations})
