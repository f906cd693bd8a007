"""Removing the invalid index that a failed CONCURRENTLY build left."""

import time
from collections.abc import Callable
from dataclasses import replace

from screens.dialogs.facts.how import sql_facts
from screens.dialogs.facts.target import now_facts, on_fact
from screens.dialogs.frame.base import Dialog
from screens.dialogs.frame.now import Now
from screens.dialogs.frame.sheet import Fact, Page, Sheet, last_question
from screens.look import Look
from screens.would_send import clean_up_index, refusal
from zdtui.plan.model import Step, StepId
from zdtui.run.decisions.clean_up import clean_up_sql, left_index
from zdtui.run.decisions.snapshot import Snapshot
from zdtui.run.decisions.typed_word import typed_word
from zdtui.run.engine.surface import EngineSurface
from zdtui.run.model.commands import CleanUpIndex, Command
from zdtui.sql.split import split


def command_of(step: Step, index: str, confirmed_by: str) -> CleanUpIndex:
    """The command, with the statement that is shown."""
    return replace(clean_up_index(step, index), confirmed_by=confirmed_by)


def clean_up_sheet(snapshot: Snapshot, step: Step, index: str | None, now: Now) -> Sheet:
    """The statement, why it is needed, and who would make it wait."""
    sql = clean_up_sql(index) if index else ""
    command = clean_up_index(step, index)
    statements = split(sql)
    return Sheet(
        title=f"Remove the invalid index {index or ''} left by {step.id}",
        asks=(last_question(typed_word(snapshot, command), "drop it"),),
        pages=(Page("SQL", sql),) if sql else (),
        facts=(
            on_fact(snapshot),
            Fact("why", snapshot.run.step(step.id).message or "no invalid index is known of"),
            Fact("after", _after(snapshot, step), Look.STRONG),
            *(sql_facts(statements, step.limits)[:1] if statements else ()),
            *now_facts(snapshot, statements, now),
        ),
        production=snapshot.is_production,
        withdrawn=refusal(snapshot, command),
    )


def _after(snapshot: Snapshot, step: Step) -> str:
    others = snapshot.run.step(step.id).invalid_indexes[1:]
    if others:
        return f"{step.id} is held; D then asks of {', '.join(others)}, and R tries again when all are gone"
    return f"{step.id} is held; R tries it again"


class ConfirmCleanUp(Dialog):
    """Asks before the index is dropped. In production the step's id is typed."""

    def __init__(self, engine: EngineSurface, step_id: StepId, clock: Callable[[], float] = time.monotonic) -> None:
        """KeyError when the plan has no such step."""
        super().__init__(engine, clock)
        self._step = engine.snapshot.plan.step(step_id)
        self._index = left_index(self._step, engine.snapshot.run.step(step_id))

    def sheet(self, snapshot: Snapshot, now: Now) -> Sheet:
        """See `clean_up_sheet`."""
        return clean_up_sheet(snapshot, self._step, self._index, now)

    def command(self, given: tuple[str, ...]) -> Command | None:
        """CleanUpIndex, with the statement that was shown."""
        return command_of(self._step, self._index, given[-1]) if self._index else None
