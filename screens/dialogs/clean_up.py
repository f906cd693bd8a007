"""Removing the invalid index that a failed CONCURRENTLY build left."""

import time
from collections.abc import Callable

from screens.dialogs.facts.how import sql_facts, statements_of
from screens.dialogs.facts.situation import refusal
from screens.dialogs.facts.target import is_production, now_facts, on_fact
from screens.dialogs.frame.base import Dialog
from screens.dialogs.frame.now import Now
from screens.dialogs.frame.sheet import Answer, Ask, Choose, Fact, Page, Sheet, TypeExactly
from screens.look import Look
from zdtui.plan.model import Step, StepId
from zdtui.run.decisions.decide import clean_up_sql
from zdtui.run.decisions.snapshot import Snapshot
from zdtui.run.engine.surface import EngineSurface
from zdtui.run.model.commands import CleanUpIndex, Command
from zdtui.run.model.state import StepState
from zdtui.sql.split import split

LEFT = " was left invalid"
"""What follows the index's name in the message of a step held for it (zdtui.run.execute.statements, settle)."""


def index_of(step: Step, state: StepState) -> str | None:
    """The next invalid index: as the server named it, else as the message or the step does."""
    if state.invalid_indexes:
        return state.invalid_indexes[0]
    name, left, _ = state.message.partition(LEFT)
    if left and name:
        return name
    written = [statement.index_name for statement in statements_of(step) if not statement.transactional]
    return next((each for each in written if each), None)


def command_of(step: Step, index: str) -> CleanUpIndex:
    """The command, with the statement that is shown."""
    return CleanUpIndex(step.id, index, clean_up_sql(index))


def clean_up_sheet(snapshot: Snapshot, step: Step, index: str | None, now: Now) -> Sheet:
    """The statement, why it is needed, and who would make it wait."""
    sql = clean_up_sql(index) if index else ""
    production = is_production(snapshot)
    last: Ask = TypeExactly(step.id, "drop it") if production else Choose("", (Answer("y", "drop it"),))
    statements = split(sql)
    return Sheet(
        title=f"Remove the invalid index {index or ''} left by {step.id}",
        asks=(last,),
        pages=(Page("SQL", sql),) if sql else (),
        facts=(
            on_fact(snapshot),
            Fact("why", snapshot.run.step(step.id).message or "no invalid index is known of"),
            Fact("after", _after(snapshot, step), Look.STRONG),
            *(sql_facts(statements, step.limits)[:1] if statements else ()),
            *now_facts(snapshot, statements, now),
        ),
        production=production,
        withdrawn=refusal(snapshot, command_of(step, index)) if index else f"{step.id} left no invalid index",
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
        self._index = index_of(self._step, engine.snapshot.run.step(step_id))

    def sheet(self, snapshot: Snapshot, now: Now) -> Sheet:
        """See `clean_up_sheet`."""
        return clean_up_sheet(snapshot, self._step, self._index, now)

    def command(self, given: tuple[str, ...]) -> Command | None:
        """CleanUpIndex, with the statement that was shown."""
        return command_of(self._step, self._index) if self._index else None
