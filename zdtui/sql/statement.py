"""One statement of a migration: its exact text, its place, and the class that decides how it is run."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from zdtui.sql.operation import Operation
from zdtui.sql.operations import operations_of
from zdtui.sql.text.pieces import Source


class StatementClass(StrEnum):
    """How a statement is run: its limits, its retries, and who can hold it up."""

    INSTANT_DDL = "instant DDL"
    """Short strong lock. Short lock_timeout, retried on lock timeout and deadlock. Held up by lock holders."""
    CONCURRENTLY = "concurrently"
    """CREATE / DROP INDEX CONCURRENTLY, REINDEX CONCURRENTLY, DETACH PARTITION CONCURRENTLY, REFRESH ... CONCURRENTLY
    is not one (it is a query under EXCLUSIVE). No short lock_timeout. Held up by lockers of its table, and most by old
    snapshots."""
    VALIDATE = "validate"
    """VALIDATE CONSTRAINT: a long scan under SHARE UPDATE EXCLUSIVE; lock wait is short, work is long."""
    DML = "DML"
    """INSERT, UPDATE, DELETE, MERGE, COPY, TRUNCATE is not one. Row locks."""
    QUERY = "query"
    """SELECT, VALUES, TABLE, SHOW, EXPLAIN."""
    UTILITY = "utility"
    """VACUUM, ANALYZE, COMMENT, GRANT, SET ...: neither long strong locks nor rows."""
    UNKNOWN = "unknown"
    """Not recognised: run with the strictest assumption (as INSTANT_DDL) and said to be unknown."""

    @property
    def shown(self) -> str:
        """In a sentence: how long its work lasts is for its effects to say, not for the name of its class."""
        return "DDL" if self is StatementClass.INSTANT_DDL else self.value


@dataclass(frozen=True)
class Statement:
    """A statement cut out of a text. `text` is the author's own, without the closing semicolon."""

    text: str
    offset: int
    """0-based character offset of `text` in the SQL it was cut from."""
    line: int
    """1-based line of `text` in the SQL it was cut from."""
    kind: str
    """The leading words as PostgreSQL's command reference names them: 'ALTER TABLE', 'CREATE INDEX CONCURRENTLY'."""
    statement_class: StatementClass
    transactional: bool
    """False when PostgreSQL refuses it inside a transaction block."""
    index_name: str | None = None
    """For CREATE / DROP / REINDEX INDEX [CONCURRENTLY]: the index as written (perhaps schema-qualified)."""
    table_name: str | None = None
    """The first relation the statement names as its object, as written; for an index, the table it is on."""

    @cached_property
    def operations(self) -> tuple[Operation, ...]:
        """What it does, one operation for each action; UNKNOWN when nobody understands it. Read once, if ever."""
        source = self.__dict__.pop("_cut_as", None) or Source(self.text)
        found = operations_of(source)
        self.__dict__["_understood"] = source.is_understood
        return found

    @property
    def is_understood(self) -> bool:
        """The server's own grammar is known to read it. Else ask `zdtui.sql.syntax.not_understood`."""
        return bool(self.operations) and bool(self.__dict__["_understood"])

    def cut_as(self, source: Source) -> "Statement":
        """The statement with the tokens it was cut by, which are read for its operations and then let go of.

        They are no field: a copy with another text (`dataclasses.replace`) must not have them.
        """
        self.__dict__["_cut_as"] = source
        return self
