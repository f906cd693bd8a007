"""Who still uses a column or a table, as data. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from zdtui.sql.text.name import Name
from zdtui.sql.text.quote import quote_identifier


class Subject(NamedTuple):
    """The column, or the table where no column is said, whose use is looked for."""

    table: Name
    column: str | None = None

    def __str__(self) -> str:
        return str(self.table) if self.column is None else f"{self.table}.{quote_identifier(self.column)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """A statement that was called, as pg_stat_statements tells it."""

    role: str
    calls: int
    text: str | None
    """Its constants are `$1`, `$2` ... None: the server did not say it."""
    query_id: int | None = None
    top_level: bool = True
    """False: a function called it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementUse:
    """A statement that uses it, or one that could not be read."""

    role: str
    calls: int
    text: str
    """Empty: the server did not say it."""
    why: str
    """How it uses it: 'reads users.name', 'SELECT * of users', 'through the view active_users'; or why it could not be
    read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependent:
    """Something in the catalog that depends on it."""

    what: str
    """As the server calls it: 'view active_users', 'index users_name'."""
    name: str = ""
    """Its bare name, where it has one."""
    why: str = ""
    """How it uses it, where that is more than the catalog's own word."""
    in_the_way: bool
    """It keeps the subject from being dropped, or fails afterwards. False: it goes with the subject."""
    of_the_plan: bool = False
    """The plan itself makes it or takes it away, so it is in nobody's way."""


class Verdict(StrEnum):
    """What was found, in a word."""

    IN_USE = "in use"
    NOT_KNOWN = "not known"
    """Nothing that uses it was seen, and not everything was seen."""
    UNUSED = "unused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What uses the subject. Nothing here is a guess: what is not known stands under `unread` and `not_seen`."""

    subject: Subject
    since: datetime | None
    """From when on statements were counted; None: not known."""
    statements: tuple[StatementUse, ...] = ()
    """Those that read or write it, the most called first."""
    unread: tuple[StatementUse, ...] = ()
    """Those that could not be read: they count as use."""
    dependents: tuple[Dependent, ...] = ()
    not_seen: tuple[str, ...] = ()
    """Why calls may be missing, each in a sentence that says what to do: unknown is not unused."""
    notes: tuple[str, ...] = ()
    """What a person has to know beside it, such as that what standbys serve is counted there."""

    @property
    def in_the_way(self) -> tuple[Dependent, ...]:
        """The dependents that a person has to look after before the subject can go."""
        return tuple(each for each in self.dependents if each.in_the_way and not each.of_the_plan)

    @property
    def verdict(self) -> Verdict:
        """Whether it is used."""
        if self.statements or self.unread or self.in_the_way:
            return Verdict.IN_USE
        return Verdict.NOT_KNOWN if self.not_seen else Verdict.UNUSED
