"""Where a whole run stands, as one word, and the exit code of `zdtui status --exit-code` for it. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import TypeVar

from zdtui.run.model.state import RunState, StepStatus

Of = TypeVar("Of")


class Standing(StrEnum):
    """Where a run stands, by its journal alone."""

    FINISHED = "finished"
    WAITING = "waiting"
    """Between two steps: the next one waits for a person."""
    WORKING = "working"
    """A step is under way; or its console ended in the middle of it, which only the server knows."""
    HELD = "held"
    FAILED = "failed"
    """A step failed, or whether it took effect is in doubt."""


EXIT_CODES = {Standing.FINISHED: 0, Standing.WAITING: 3, Standing.WORKING: 4, Standing.HELD: 5, Standing.FAILED: 6}
"""Apart from 1 and 2, which every command has for what cannot be told at all."""
AT_WORK = frozenset({StepStatus.RUNNING, StepStatus.ROLLING_BACK})
BAD = frozenset({StepStatus.FAILED, StepStatus.IN_DOUBT})
STOPPED = frozenset({StepStatus.HELD, StepStatus.APPLIED})


def standing(state: RunState) -> Standing:
    """The word for that run."""
    statuses = {step.status for step in state.steps.values()}
    if statuses & BAD:
        return Standing.FAILED
    if statuses & STOPPED:
        return Standing.HELD
    if statuses & AT_WORK:
        return Standing.WORKING
    if state.finished:
        return Standing.FINISHED
    return Standing.HELD if state.pause_by is not None else Standing.WAITING


def exit_code(standings: Iterable[Standing]) -> int:
    """Of several runs the one that most needs a person; 0 when all are finished."""
    return max((EXIT_CODES[each] for each in standings), default=0)


def worth_telling(found: Sequence[tuple[Of, RunState]], *, every: bool) -> Iterator[tuple[Of, RunState]]:
    """Of runs, the newest first: the newest, and those that are not finished; or all."""
    return ((of, state) for place, (of, state) in enumerate(found) if every or place == 0 or not state.finished)
