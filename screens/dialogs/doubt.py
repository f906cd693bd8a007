"""Settling what became of a statement that was sent and never heard of again."""

import time
from collections.abc import Callable

from screens.dialogs.facts.target import on_fact
from screens.dialogs.frame.base import Dialog
from screens.dialogs.frame.now import Now
from screens.dialogs.frame.sheet import Answer, Choose, Fact, Page, Sheet, Write
from screens.look import Look
from screens.would_send import refusal, settle_doubt
from zdtui.plan.model import Step, StepId
from zdtui.run.decisions.confirm_text import author_sql
from zdtui.run.decisions.snapshot import Snapshot
from zdtui.run.engine.surface import EngineSurface
from zdtui.run.model.commands import Command, SettleDoubt
from zdtui.run.model.state import StepState

YES = Answer("e", "it took effect")
NO = Answer("d", "it did not")


def statement_in_doubt(step: Step, state: StepState) -> str:
    """The text of the statement, or of the whole step where it cannot be told apart."""
    text = author_sql(step, state.direction)
    if text is None:
        return ""
    statements = text.statements
    index = state.statement_in_doubt
    return statements[index].text if index is not None and index < len(statements) else text.sql


def doubt_sheet(snapshot: Snapshot, step: Step) -> Sheet:
    """What is in doubt, what the console saw, and what each answer leads to."""
    state = snapshot.run.step(step.id)
    number = (state.statement_in_doubt or 0) + 1
    text = statement_in_doubt(step, state)
    return Sheet(
        title=f"Settle the doubt about {step.id}, statement {number}",
        asks=(Choose("you looked at the server:", (YES, NO), "answer"), Write("say how you know")),
        pages=(Page("SQL", text),) if text else (),
        facts=(
            on_fact(snapshot),
            Fact("seen", state.message or "nothing that settles it", Look.STRONG),
            Fact(YES.key, "took effect: it is not run again, the step goes on after it"),
            Fact(NO.key, "did not: it is sent again when the step goes on"),
        ),
        production=snapshot.is_production,
        withdrawn=refusal(snapshot, settle_doubt(step)),
        leave="not yet",
    )


class SettleDoubtDialog(Dialog):
    """Asks what became of it, and how the operator knows."""

    def __init__(self, engine: EngineSurface, step_id: StepId, clock: Callable[[], float] = time.monotonic) -> None:
        """KeyError when the plan has no such step."""
        super().__init__(engine, clock)
        self._step = engine.snapshot.plan.step(step_id)

    def sheet(self, snapshot: Snapshot, now: Now) -> Sheet:
        """See `doubt_sheet`."""
        return doubt_sheet(snapshot, self._step)

    def command(self, given: tuple[str, ...]) -> Command | None:
        """SettleDoubt, with the reason."""
        return SettleDoubt(self._step.id, done=given[0] == YES.key, reason=given[-1])
