"""What a statement does, as data: one operation, or one for each action of an ALTER TABLE.

`kind` is the manual's own name for it and the key into the table of facts: 'ALTER TABLE ADD COLUMN',
'CREATE INDEX CONCURRENTLY', 'UPDATE'. Expressions and types are the author's own text, cut from the statement.
"""

from dataclasses import dataclass
from enum import StrEnum

from zdtui.sql.text.bounds import PartitionKey
from zdtui.sql.text.name import Name

UNKNOWN = "?"
"""The kind of a statement that nobody understands: the strongest is assumed."""


class ConstraintKind(StrEnum):
    """The kinds of constraint of a table."""

    PRIMARY_KEY = "PRIMARY KEY"
    UNIQUE = "UNIQUE"
    FOREIGN_KEY = "FOREIGN KEY"
    CHECK = "CHECK"
    EXCLUDE = "EXCLUDE"
    NOT_NULL = "NOT NULL"


class Role(StrEnum):
    """What a further relation has to do with an operation."""

    REFERENCED = "referenced"
    """By a foreign key that is made."""
    PARENT = "parent"
    """PARTITION OF, ATTACH, INHERIT: the partitioned or inherited table."""
    PARTITION = "partition"
    """What is attached or detached, or the child."""
    INDEX = "index"
    """USING INDEX, CLUSTER ON, REPLICA IDENTITY USING INDEX, ATTACH to an index."""
    READ = "read"
    """Rows are read from it: ACCESS SHARE."""
    ROWS_LOCKED = "rows locked"
    """SELECT ... FOR UPDATE and its kin."""
    WRITTEN = "written"
    """Rows are inserted, changed or deleted."""
    LIKE = "like"
    """CREATE TABLE ... LIKE."""
    ALSO = "also"
    """The second and further objects of DROP, TRUNCATE, LOCK, VACUUM ...: the same is done to them."""
    OWNED_BY = "owned by"
    """The table a sequence is given to."""
    PUBLISHED = "published"
    """A table named by a publication."""


TIME_ZONE = "timezone"
"""The parameter of SET TIME ZONE."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A further relation, and why it is mentioned."""

    role: Role
    name: Name
    only: bool = False
    """ONLY is said before it: its children are left alone. Of the operation's own relation it is one of the words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraint:
    """A constraint as it is written, of a column or of the table."""

    kind: ConstraintKind
    name: str | None = None
    columns: tuple[str, ...] = ()
    references: Name | None = None
    referenced_columns: tuple[str, ...] = ()
    using_index: str | None = None
    expression: str | None = None
    not_valid: bool = False
    not_enforced: bool = False
    no_inherit: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column as it is defined by CREATE TABLE or ADD COLUMN."""

    name: str
    type: str | None = None
    """As written: 'varchar(20)', 'int'. `serial` is left as it is."""
    default: str | None = None
    """The expression as written."""
    generated: str | None = None
    """The expression of GENERATED ALWAYS AS (...) as written."""
    stored: bool = False
    """Of a generated column: STORED and not VIRTUAL (PostgreSQL 18's default)."""
    identity: bool = False
    collation: str | None = None
    constraints: tuple[Constraint, ...] = ()
    """Those written with the column; NOT NULL too."""

    @property
    def not_null(self) -> bool:
        """Whether the definition forbids NULL, by NOT NULL or PRIMARY KEY."""
        return any(each.kind in (ConstraintKind.NOT_NULL, ConstraintKind.PRIMARY_KEY) for each in self.constraints)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One thing that is done to one object."""

    kind: str
    relation: Name | None = None
    """The relation it is done to: the table of an index that is created, of a trigger, of a policy; an index that is
    dropped or rebuilt is itself the relation."""
    object: Name | None = None
    """What is made, changed or dropped, where that is not the relation: the new index, trigger, type, function."""
    column: str | None = None
    """The column an action is about; the value that ALTER TYPE RENAME VALUE renames."""
    columns: tuple[str, ...] = ()
    """Columns of an index, or assigned by an UPDATE."""
    definition: Column | None = None
    """Of ADD COLUMN."""
    definitions: tuple[Column, ...] = ()
    """Of CREATE TABLE."""
    constraint: Constraint | None = None
    """Of ADD CONSTRAINT; for VALIDATE, DROP, ALTER, RENAME CONSTRAINT only its name is certain."""
    constraints: tuple[Constraint, ...] = ()
    """The table constraints of CREATE TABLE."""
    mentions: tuple[Mention, ...] = ()
    new_name: str | None = None
    """Of a RENAME; the value that ALTER TYPE adds; the schema of SET SCHEMA, the tablespace of SET TABLESPACE, the role
    of OWNER TO."""
    type: str | None = None
    """Of ALTER COLUMN TYPE, as written. The access method of CREATE INDEX."""
    expression: str | None = None
    """USING of ALTER COLUMN TYPE, SET DEFAULT, the SET list of an UPDATE: as written. The body of DO or of a function.
    The function of a trigger. The bound of ATTACH PARTITION."""
    where: str | None = None
    """The WHERE of DML or of a partial index, as written."""
    partitioned_by: PartitionKey | None = None
    """Of CREATE TABLE ... PARTITION BY."""
    lock_mode: str | None = None
    """Of LOCK TABLE: 'ACCESS EXCLUSIVE' ..."""
    parameters: tuple[str, ...] = ()
    """Names of the storage parameters, attribute options or properties that are set or reset."""
    words: frozenset[str] = frozenset()
    """What else is said, in capitals: CONCURRENTLY, IF EXISTS, IF NOT EXISTS, OR REPLACE, CASCADE, ONLY, UNIQUE, FULL,
    TEMPORARY, UNLOGGED, WITH NO DATA, NOT VALID, FOR EACH ROW ... Of an ALTER TABLE, IF EXISTS is the action's own, and
    TABLE IF EXISTS the table's. OPAQUE: it calls what the text does not show, so it may do anything beside. IN BLOCK:
    the body of a DO does it. COMMITS: the body of a DO or a procedure ends its transaction."""

    def mentioned(self, role: Role) -> tuple[Name, ...]:
        """The names mentioned in that role."""
        return tuple([each.name for each in self.mentions if each.role is role]) if self.mentions else ()
