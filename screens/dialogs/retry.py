"""Trying the rows again that a backfill or copy could not take."""

import time
from collections.abc import Callable

from screens.dialogs.facts.target import on_fact
from screens.dialogs.frame.base import Dialog
from screens.dialogs.frame.now import Now
from screens.dialogs.frame.sheet import Fact, Page, Sheet, last_question
from screens.look import Look
from screens.would_send import refusal, retry_step
from zdtui import amounts
from zdtui.counted import counted
from zdtui.plan.model import Step, StepId
from zdtui.run.decisions.confirm_text import retry_digest, shown_retry
from zdtui.run.decisions.snapshot import Snapshot
from zdtui.run.decisions.typed_word import typed_word
from zdtui.run.engine.surface import EngineSurface
from zdtui.run.model.commands import Command, RetryRejected


def command_of(step: Step, confirmed_by: str) -> RetryRejected:
    """The command, with the digest of what is shown."""
    return RetryRejected(step.id, retry_digest(step), confirmed_by)


def retry_sheet(snapshot: Snapshot, step: Step) -> Sheet:
    """The statement, how many rows and the first of them with the reason."""
    state = snapshot.run.step(step.id)
    command = retry_step(step)
    rows = [Fact("first" if place == 0 else "", each) for place, each in enumerate(state.first_rejected)]
    rejected = counted(state.rejected, "rejected row", shown=amounts.number(state.rejected))
    return Sheet(
        title=f"Try the {rejected} of {step.id} again",
        asks=(last_question(typed_word(snapshot, command), "try them again"),),
        pages=(Page("SQL", shown_retry(step)),),
        facts=(
            on_fact(snapshot),
            Fact(
                "rows",
                f"{amounts.number(state.rejected)} in zdtui.rejected; `zdtui rejected last` lists them",
                Look.STRONG,
            ),
            *rows,
            Fact("how", "each row by itself; those that are still refused stay aside, with the new reason"),
        ),
        production=snapshot.is_production,
        withdrawn=refusal(snapshot, command),
    )


class ConfirmRetry(Dialog):
    """Asks before they are tried. In production the step's id is typed."""

    def __init__(self, engine: EngineSurface, step_id: StepId, clock: Callable[[], float] = time.monotonic) -> None:
        """KeyError when the plan has no such step."""
        super().__init__(engine, clock)
        self._step = engine.snapshot.plan.step(step_id)

    def sheet(self, snapshot: Snapshot, now: Now) -> Sheet:
        """See `retry_sheet`."""
        return retry_sheet(snapshot, self._step)

    def command(self, given: tuple[str, ...]) -> Command | None:
        """RetryRejected, with the digest of what was shown."""
        return command_of(self._step, given[-1])
