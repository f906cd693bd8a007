"""The rule for removing an invalid index that a failed CONCURRENTLY build left. Pure; `decide` asks it."""

from zdtui.plan.model import Step
from zdtui.run.decisions.console_rules import idle_conductor, writable_journal
from zdtui.run.decisions.decision import Decision, HeldBack, Refused
from zdtui.run.decisions.typed_word import is_confirmed
from zdtui.run.decisions.view import RunView
from zdtui.run.model import commands as c
from zdtui.run.model import effects as f
from zdtui.run.model import events as e
from zdtui.run.model.left_invalid import without
from zdtui.run.model.state import StepState

LEFT = " was left invalid"
"""What follows the index's name in the message of a step held for it (zdtui.run.execute.statements, recovery)."""


def clean_up_sql(index_name: str) -> str:
    """The statement that removes an invalid index a failed build left, as it is shown and sent."""
    return f"DROP INDEX CONCURRENTLY IF EXISTS {index_name}"


def left_index(step: Step, state: StepState) -> str | None:
    """The next invalid index: as the server named it, else as the message or the step does."""
    if state.invalid_indexes:
        return state.invalid_indexes[0]
    name, left, _ = state.message.partition(LEFT)
    if left and name:
        return name
    statements = step.action.statements
    written = [statement.index_name for statement in statements if not statement.transactional]
    return next((each for each in written if each), None)


def clean_up(now: RunView, command: c.CleanUpIndex) -> Decision:
    """Drop an index that the step left invalid, by the statement that was shown. Raises Refused."""
    idle_conductor(now)
    state = now.run.step(command.step)
    if state.hold is not e.HoldKind.INVALID_INDEX or not command.index_name:
        raise Refused(f"{command.step} left no invalid index")
    writable_journal(now)
    if command.sql != clean_up_sql(command.index_name):
        raise HeldBack("what was confirmed is not what would be run; look at it again")
    if state.invalid_indexes and without(state.invalid_indexes, command.index_name) == state.invalid_indexes:
        raise HeldBack(f"{command.index_name} is not among what was left: {', '.join(state.invalid_indexes)}")
    if not is_confirmed(now, command):
        raise HeldBack(f"type {command.step} to drop the invalid index")
    return Decision(effects=(f.DropInvalidIndex(command.step, command.index_name, command.sql),))
