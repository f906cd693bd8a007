"""Taking the preflight board: the questions are asked of the server, the answers judged."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from zdtui.plan.model import Plan
from zdtui.postgres.ask import Connection
from zdtui.postgres.preflight import gather_facts, gather_stored
from zdtui.run.model.state import RunState
from zdtui.run.preflight.board import Board
from zdtui.run.preflight.checks import judge
from zdtui.run.preflight.judge import PreflightInput
from zdtui.run.preflight.plan_tables import table_needs
from zdtui.run.preflight.touched import touches


async def take_board(
    conn: Connection,
    plan: Plan,
    run_state: RunState,
    *,
    own_pids: Collection[int],
    journal_installed: bool,
    holder: str | None,
    now: datetime,
    journal_refuses: str = "",
    not_known: str = "",
) -> Board:
    """The board as things stand. A question that fails is a WARN with the error; nothing of the server's is raised.

    `conn` must be in autocommit mode; other tasks may use it meanwhile. `own_pids`: the conductor's backends;
    `holder`: who holds the run when we do not; `now` dates the board; `journal_refuses`: why nothing can be journaled;
    `not_known`: what of the server could not be read.
    """
    tables = [need.name for need in table_needs(plan.steps)]
    named = dict.fromkeys(touch.name for touch in touches(plan.steps))
    facts = replace(await gather_facts(conn, tables, own_pids), stored=await gather_stored(conn, list(named)))
    return judge(PreflightInput(plan, run_state, facts, journal_installed, holder, journal_refuses, not_known), now)
