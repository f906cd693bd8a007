"""The judgement over preflight facts: one small function a check, all of the same form. Pure."""

from datetime import datetime

from zdtui.run.preflight import checks_previous_runs as judge_leftovers
from zdtui.run.preflight import checks_surroundings as judge_surroundings
from zdtui.run.preflight import checks_tables as judge_tables
from zdtui.run.preflight import checks_target as judge_target
from zdtui.run.preflight.board import Board
from zdtui.run.preflight.judge import Judge, PreflightInput

CHECKS: tuple[Judge, ...] = (
    *judge_target.CHECKS,
    *judge_tables.CHECKS,
    *judge_surroundings.CHECKS,
    *judge_leftovers.CHECKS,
)
"""In the order of the board. A check that does not apply returns None."""


def judge(situation: PreflightInput, now: datetime) -> Board:
    """The board: every check that applies, dated `now`."""
    return Board(tuple(check for each in CHECKS if (check := each(situation)) is not None), now)
