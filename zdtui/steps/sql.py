"""The author's own statements. Pure."""

from collections.abc import Iterator
from typing import Any, Literal

from zdtui.steps.execution import Statements
from zdtui.steps.key import Key, Kind
from zdtui.steps.kind import Given, Judged, StepKind, TableUse
from zdtui.steps.mistake import Mistake, sql_mistakes, transaction_mistakes
from zdtui.steps.statements import TRANSACTION, Sql, how_they_run, is_together, statement_lines
from zdtui.steps.wording import fence


class SqlAction(Sql, StepKind):
    """What an `sql` or `sql_file` step runs."""

    kind: Literal["sql"] = "sql"

    @classmethod
    def step_keys(cls) -> tuple[Key, ...]:
        """`sql`, or `sql_file`."""
        return (
            Key("sql", Kind.SQL, "Statements; one transaction unless one of them cannot be in one."),
            Key("sql_file", Kind.FILE, "The same, from a file.", field="file"),
        )

    @classmethod
    def beside(cls) -> tuple[Key, ...]:
        """`transaction`."""
        return (TRANSACTION,)

    @classmethod
    def read(cls, given: Given) -> "SqlAction":
        """The text, or that of the file."""
        file = given.value if given.name == "sql_file" else None
        sql = given.value if file is None else given.file_text(file)
        return SqlAction(sql=sql, file=file, transaction=is_together(given.beside))

    def mistakes(self) -> Iterator[Mistake]:
        """What the runner cannot take."""
        yield from sql_mistakes(self)
        yield from transaction_mistakes(self)

    def value_of(self, key: Key) -> Any:
        """The text or its file, and `transaction` where it is off."""
        if key.name == "transaction":
            return None if self.transaction else False
        return None if key.name == "sql" and self.file is not None else super().value_of(key)

    @property
    def execution(self) -> Statements:
        """The statements."""
        return Statements(self)

    @property
    def judged(self) -> Judged:
        """The statements."""
        return Judged(self.sql, self.statements, self.file)

    @property
    def tables(self) -> tuple[TableUse, ...]:
        """None but those the statements name."""
        return ()

    @property
    def expressions(self) -> tuple[str, ...]:
        """None besides the statements."""
        return ()

    def confirm_text(self) -> str:
        """The text, to the letter."""
        return self.sql

    def summary(self) -> Iterator[str]:
        """How they run, and each with the class it is run as."""
        return statement_lines(self)

    def review(self) -> Iterator[str]:
        """How they run, and the text."""
        yield f"{how_they_run(self)}{f', from `{self.file}`' if self.file else ''}:"
        yield ""
        yield from fence(self.sql)

    def how(self, lock_timeout: str, statement_timeout: str) -> str:
        """Together or alone; the limits of each statement are the console's to say, by its class."""
        return how_they_run(self)

    def when_paused(self) -> str:
        """Of a statement that neither waits for its next try nor is CONCURRENTLY."""
        return "a statement that waits for a lock is withdrawn; one that works is waited for, then we leave"
