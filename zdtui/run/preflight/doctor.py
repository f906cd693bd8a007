"""The preflight board without an engine: one session that only reads, taken and closed."""

from datetime import UTC, datetime
from functools import reduce

import psycopg

from zdtui.errors import TargetError
from zdtui.plan.model import Plan
from zdtui.postgres.commands import command
from zdtui.postgres.sessions.connect import Target, connect
from zdtui.postgres.sessions.error_text import sentence
from zdtui.postgres.sessions.session import backend_pid
from zdtui.run.journal import store as journal
from zdtui.run.journal import stored_events
from zdtui.run.journal.layout import unreadable, unwritable
from zdtui.run.model.state import RunState, apply
from zdtui.run.preflight.board import Board
from zdtui.run.preflight.run_preflight import take_board

NO_PLAN = Plan(name="doctor", title="No plan", steps=(), source="", path="", digest="")
"""What is asked of a server when nothing is to be done there yet."""


async def look(target: Target, plan: Plan | None) -> Board:
    """The board of that plan there, or of the server alone. Raises TargetError when the server cannot be asked."""
    wanted = plan or NO_PLAN
    try:
        async with await connect(target, application_name="zdtui doctor", only_asks=True) as session:
            facts = await journal.journal_facts(session)  # before: it looks whether this session may write
            await session.execute(command("read_only_session"))
            refuses = unreadable(facts) or unwritable(facts) or ""
            state, damage = RunState(), ""
            if facts.installed and plan is not None and unreadable(facts) is None:
                state, damage = await _run_of(session, plan)
            held = await journal.holder(session)
            return await take_board(
                session,
                wanted,
                state,
                own_pids=[backend_pid(session)],
                journal_installed=facts.installed,
                holder=None if held is None else str(held),
                now=datetime.now(UTC),
                journal_refuses=damage or refuses,
            )
    except psycopg.Error as error:
        raise TargetError(sentence(error)) from error


async def _run_of(session: journal.Connection, plan: Plan) -> tuple[RunState, str]:
    """The plan's newest run there as it stands, and what is wrong with its journal."""
    run = await journal.latest_run(session, plan.name)
    if run is None:
        return RunState(), ""
    held = await stored_events.read(session, run)
    damage = held.chain.damage
    return reduce(apply, held.events, RunState()), "" if damage is None else damage.sentence
