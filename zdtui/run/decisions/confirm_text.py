"""The text of a step as the operator confirms it, and its digest. What is shown is what is sent."""

from collections.abc import Iterable

from zdtui.plan.confirmed import back_digest, back_text, digest, forward_digest, forward_text
from zdtui.plan.model import Sql, SqlRollback, Step
from zdtui.run.model.events import Direction


def shown(step: Step, direction: Direction = Direction.FORWARD) -> str:
    """The step's action (or rollback) as text: SQL to the letter, or words where there is no SQL.

    A backfill or copy is shown as the statement of one batch, with the batch's bounds as :after and :upto.
    """
    return forward_text(step) if direction is Direction.FORWARD else back_text(step)


def author_sql(step: Step, direction: Direction) -> Sql | None:
    """The author's own statements in that direction; None: the step goes there without any."""
    if direction is Direction.FORWARD:
        return step.action.author_sql
    return step.rollback if isinstance(step.rollback, SqlRollback) else None


def shown_retry(step: Step) -> str:
    """What is sent when the step's rejected rows are tried again: the statement of the step, for those rows."""
    return step.action.retry_text()


def step_digest(step: Step, direction: Direction = Direction.FORWARD) -> str:
    """The digest of one step's shown text and of its verify queries when it goes forward."""
    return forward_digest(step) if direction is Direction.FORWARD else back_digest(step)


def retry_digest(step: Step) -> str:
    """The digest of what is shown before rejected rows are tried again."""
    return digest([step.id, shown_retry(step)])


def rollback_digest(steps: Iterable[Step]) -> str:
    """The digest over the rollbacks of several steps, in the order they would run."""
    return digest([part for step in steps for part in (step.id, shown(step, Direction.BACK))])
