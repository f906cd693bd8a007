"""The statements of a step or of its rollback, and whether they run in one transaction. Pure."""

from functools import lru_cache

from zdtui.plan.model import SqlAction, SqlRollback
from zdtui.sql.split import split, split_alone
from zdtui.sql.statement import Statement


def statements_of(text: SqlAction | SqlRollback) -> tuple[Statement, ...]:
    """The statements in order; with `transaction: off` a CALL or DO stands outside a transaction."""
    return split(text.sql) if text.transaction else split_alone(text.sql)


def runs_together(text: SqlAction | SqlRollback) -> bool:
    """Whether PostgreSQL takes every statement of it in one transaction, and the plan wants that."""
    return _together(text.sql, text.transaction)


@lru_cache(maxsize=256)
def _together(sql: str, transaction: bool) -> bool:
    """Asked for at each statement of a step."""
    return all(statement.transactional for statement in (split(sql) if transaction else split_alone(sql)))
