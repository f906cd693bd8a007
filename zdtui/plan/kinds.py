"""What each kind of step is like, where more than one place has to know. Pure.

A kind that is added gets its answers here, and the type checker says so; nobody asks `isinstance` and goes on with the
rest as if it were nothing.
"""

from dataclasses import dataclass
from typing import assert_never

from zdtui.plan.model import (
    Action,
    BackfillAction,
    CheckAction,
    CompareAction,
    CopyAction,
    ManualAction,
    SqlAction,
    WaitAction,
)
from zdtui.sql.statement import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class StepKind:
    """What holds for every step of a kind."""

    statements: tuple[Statement, ...] = ()
    """What it sends as the author wrote it."""
    in_batches: bool = False
    """It works in batches: a checkpoint says what is done, and a pause waits for the end of one."""
    rejects_rows: bool = False
    """Rows may be rejected, and tried again."""
    soaks: bool = False
    """It is a time that passes, and goes on by itself after a crash."""
    by_hand: bool = False
    """A person does it; nothing is sent."""


def kind_of(action: Action) -> StepKind:
    """What holds for this step."""
    match action:
        case SqlAction(statements=statements):
            return StepKind(statements=statements)
        case BackfillAction() | CopyAction():
            return StepKind(in_batches=True, rejects_rows=True)
        case CompareAction():
            return StepKind(in_batches=True)
        case CheckAction():
            return StepKind()
        case ManualAction():
            return StepKind(by_hand=True)
        case WaitAction():
            return StepKind(soaks=True)
        case _ as never:
            assert_never(never)
