"""What every kind of step says about itself. Pure.

A verb without an answer that is right for every newcomer is abstract: the type checker refuses to make a step of a kind
that leaves one out.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from zdtui.frozen import Frozen
from zdtui.sql.statement import Statement
from zdtui.steps.execution import AtOnce, Batches, ByHand, Execution, Soak, Statements
from zdtui.steps.key import Key, Kind, Table
from zdtui.steps.mistake import Mistake
from zdtui.steps.statements import Sql


class Given(NamedTuple):
    """What a plan file says of one step."""

    name: str
    """The key that says what the step does."""
    value: Any
    """What stands after it; of a mapping what stands after each of its keys."""
    beside: Mapping[str, Any]
    """What stands after the other keys of the step."""
    file_text: Callable[[str], str]
    """The text of a file that the plan names; what is wrong with it is noted by whoever reads."""


class Use(StrEnum):
    """What a step does with the rows of a table."""

    CHANGED = "changed"
    """UPDATE: a backfill."""
    READ = "read"
    """A copy's source, and either side of a comparison."""
    ADDED = "added"
    """INSERT: a copy's target."""
    COUNTED = "counted"
    """Read by a check or a verify query."""
    NAMED = "named"
    """By a statement of the author's."""


class TableUse(NamedTuple):
    """A table that the step works on by itself, not by a statement of the author's."""

    name: str
    use: Use
    columns: tuple[str, ...] = ()
    """Those it writes, as the author wrote them."""


class Judged(NamedTuple):
    """The SQL in which hazards are looked for: the author's own, or what the step amounts to."""

    text: str
    statements: tuple[Statement, ...]
    file: str | None = None
    """Where the text was read from, if not from the plan itself."""
    on_empty_tables: str | None = None
    """What a trace runs in its place on a scratch server, where there is no row; None: the same."""


class Update(NamedTuple):
    """The UPDATE that a step makes of each row."""

    assignments: tuple[tuple[str, str], ...]
    where: str | None


class StepKind(Frozen, ABC):
    """A kind of step: an action that says all about itself. Any of the modules beside this one is an example."""

    # How it is read and written.

    @classmethod
    @abstractmethod
    def step_keys(cls) -> tuple[Key, ...]:
        """The keys that make a step one of this kind; a step has exactly one key of all kinds."""

    @classmethod
    def beside(cls) -> tuple[Key, ...]:
        """Keys that may stand beside it."""
        return ()

    @classmethod
    def mapping(cls) -> Table | None:
        """The keys of its mapping; None where it is one value."""
        return None

    @classmethod
    @abstractmethod
    def read(cls, given: Given) -> "StepKind":
        """The step's action. Where a value is missing a problem was noted already: anything may stand in for it.

        It is made by the name of its class and not by `cls`: so the type checker sees there which verbs it lacks.
        """

    @abstractmethod
    def mistakes(self) -> Iterator[Mistake]:
        """What is wrong with it that the table of keys cannot say."""

    def value_of(self, key: Key) -> Any:
        """What is written after one of `step_keys` or `beside`; None: that key is not written."""
        return self if key.kind is Kind.OBJECT else getattr(self, key.field_name)

    def goes_without_saying(self, key: Key) -> bool:
        """Whether a key of `mapping` need not be written, although its value is not the field's default."""
        return False

    # What it is for the server.

    @property
    @abstractmethod
    def execution(self) -> Execution:
        """In which way it is carried out; what a crash and a pause leave follows from that."""

    @property
    def statements(self) -> tuple[Statement, ...]:
        """What it sends as the author wrote it."""
        return ()

    @property
    @abstractmethod
    def judged(self) -> Judged:
        """What hazards are looked for in."""

    @property
    @abstractmethod
    def tables(self) -> tuple[TableUse, ...]:
        """The tables it works on, besides those its statements and queries name; privileges follow from the use."""

    @property
    @abstractmethod
    def expressions(self) -> tuple[str, ...]:
        """The author's texts that the server reads as SQL, besides its statements."""

    @property
    def updates(self) -> Update | None:
        """The UPDATE it makes of each row, for the hazards of that; None: it makes none."""
        return None

    @property
    def proves_unused(self) -> str | None:
        """The column or table that it proves to be unused, as the author wrote it; None: it proves no such thing."""
        return None

    # What a person reads.

    @abstractmethod
    def confirm_text(self) -> str:
        """The text that is confirmed: SQL to the letter, or words where there is none. Its digest is in journals."""

    def retry_text(self) -> str:
        """What is sent when its rejected rows are tried again; empty: no row of it can be rejected."""
        return ""

    @abstractmethod
    def summary(self) -> Iterator[str]:
        """What it is, in lines, for `zdtui check`."""

    @abstractmethod
    def review(self) -> Iterator[str]:
        """What it is, in Markdown, for a review."""

    @abstractmethod
    def how(self, lock_timeout: str, statement_timeout: str) -> str:
        """How it will be carried out, for the confirmation; the limits in words, `none` for none."""

    @abstractmethod
    def when_paused(self) -> str:
        """What happens to it when the operator pauses and leaves while it is under way."""

    @property
    def text_name(self) -> str:
        """What the text that is confirmed is called."""
        return "SQL"

    # What follows.

    @property
    def author_sql(self) -> Sql | None:
        """The author's own statements, where it runs those."""
        return self.execution.text if isinstance(self.execution, Statements) else None

    @property
    def batches(self) -> Batches | None:
        """How it works in batches, where it does: a checkpoint says what is done."""
        return self.execution if isinstance(self.execution, Batches) else None

    @property
    def soak(self) -> timedelta | None:
        """The time that passes, where it is nothing else."""
        return self.execution.duration if isinstance(self.execution, Soak) else None

    @property
    def query_asked(self) -> str | None:
        """The author's query, where it is nothing else."""
        return self.execution.query if isinstance(self.execution, AtOnce) else None

    @property
    def only_reads(self) -> bool:
        """Whether it sends something, and changes nothing by it."""
        return self.query_asked is not None or (self.batches is not None and self.batches.only_reads)

    @property
    def by_hand(self) -> bool:
        """Whether a person does it, and says in a note what was done."""
        return isinstance(self.execution, ByHand)

    @property
    def rejects_rows(self) -> bool:
        """Whether rows may be rejected, and tried again."""
        return bool(self.retry_text())


class SendsNothing(StepKind, ABC):
    """A kind of step that sends nothing to the server."""

    def mistakes(self) -> Iterator[Mistake]:
        """None: there is no SQL."""
        yield from ()

    @property
    def judged(self) -> Judged:
        """Nothing."""
        return Judged("", ())

    @property
    def tables(self) -> tuple[TableUse, ...]:
        """None."""
        return ()

    @property
    def expressions(self) -> tuple[str, ...]:
        """None."""
        return ()
