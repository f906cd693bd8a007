"""What came of trying rejected rows again, as the checkpoint tells it."""

from uuid import UUID

from zdtui.plan.model import StepId
from zdtui.run.journal import store as journal
from zdtui.run.model import events as e


async def end_of_retry(connection: journal.Connection, run: UUID, step: StepId, message: str = "") -> e.RetryEnded:
    """What the checkpoint says of the step. Raises psycopg.Error."""
    totals = await journal.read_totals(connection, run, step)
    _, rows, rejected = totals or (0, 0, 0)
    first = await journal.first_rejected(connection, run, step)
    return e.RetryEnded(step=step, rows=rows, rejected=rejected, first_rejected=first, message=message)
