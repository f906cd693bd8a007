"""A text of the author's own statements: of an `sql` step, and of a rollback. Pure."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from pydantic import Field

from zdtui.counted import counted
from zdtui.frozen import Frozen
from zdtui.sql.split import split, split_alone
from zdtui.sql.statement import Statement
from zdtui.steps.key import Key, Kind
from zdtui.steps.wording import short

TRANSACTION = Key(
    "transaction",
    Kind.CHOICE,
    "off: a CALL or DO of the SQL may commit as it goes; each statement runs on its own. Default on.",
    choices=("on", "off"),
)


class Sql(Frozen):
    """One or many statements, exactly as written."""

    sql: str
    file: str | None = Field(default=None, description="where `sql_file` was read from, relative to the plan")
    transaction: bool = Field(default=True, description="False: a CALL or DO may commit as it goes")

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """The statements in order, cut once; with `transaction: off` a CALL or DO stands outside a transaction."""
        return split(self.sql) if self.transaction else split_alone(self.sql)

    @cached_property
    def runs_together(self) -> bool:
        """Whether PostgreSQL takes every statement of it in one transaction, and the plan wants that."""
        return all(statement.transactional for statement in self.statements)


def how_they_run(text: Sql) -> str:
    """'3 statements in one transaction', or each on its own when PostgreSQL or the plan refuses one of them there."""
    statements = text.statements
    together = all(statement.transactional for statement in statements)
    how = "in one transaction" if together else "each on its own, outside a transaction"
    return f"{counted(len(statements), 'statement')} {how}"


def statement_lines(text: Sql) -> Iterator[str]:
    """How they run and each of them, for a summary."""
    yield how_they_run(text)
    for statement in text.statements:
        yield f"- {statement.kind} ({statement.statement_class.shown}): {short(statement.text)}"


def is_together(values: Mapping[str, Any]) -> bool:
    """What `transaction` beside a text says; on unless it says off."""
    return bool(values.get("transaction", "on") == "on")
