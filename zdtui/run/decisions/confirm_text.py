"""The text of a step as the operator confirms it, and its digest. What is shown is what is sent."""

import hashlib
from collections.abc import Iterable
from typing import assert_never

from zdtui.plan.model import Irreversible, NoRollback, Sql, SqlRollback, Step
from zdtui.run.model.events import Direction


def shown(step: Step, direction: Direction = Direction.FORWARD) -> str:
    """The step's action (or rollback) as text: SQL to the letter, or words where there is no SQL.

    A backfill or copy is shown as the statement of one batch, with the batch's bounds as :after and :upto.
    """
    return step.action.confirm_text() if direction is Direction.FORWARD else _back(step)


def author_sql(step: Step, direction: Direction) -> Sql | None:
    """The author's own statements in that direction; None: the step goes there without any."""
    if direction is Direction.FORWARD:
        return step.action.author_sql
    return step.rollback if isinstance(step.rollback, SqlRollback) else None


def shown_retry(step: Step) -> str:
    """What is sent when the step's rejected rows are tried again: the statement of the step, for those rows."""
    return step.action.retry_text()


def digest(texts: Iterable[str]) -> str:
    """SHA-256 in hex over texts; what a command carries to prove which text was on the screen."""
    joined = hashlib.sha256()
    for text in texts:
        joined.update(len(text.encode()).to_bytes(8, "big"))
        joined.update(text.encode())
    return joined.hexdigest()


def step_digest(step: Step, direction: Direction = Direction.FORWARD) -> str:
    """The digest of one step's shown text and of its verify queries when it goes forward."""
    return digest([shown(step, direction), *(step.verify if direction is Direction.FORWARD else ())])


def retry_digest(step: Step) -> str:
    """The digest of what is shown before rejected rows are tried again."""
    return digest([step.id, shown_retry(step)])


def rollback_digest(steps: Iterable[Step]) -> str:
    """The digest over the rollbacks of several steps, in the order they would run."""
    return digest([part for step in steps for part in (step.id, shown(step, Direction.BACK))])


def _back(step: Step) -> str:
    match step.rollback:
        case SqlRollback(sql=sql):
            return sql
        case NoRollback(reason=reason):
            return f"nothing to undo: {reason}"
        case Irreversible(consequence=consequence):
            return f"irreversible: {consequence}"
        case _ as never:
            assert_never(never)
