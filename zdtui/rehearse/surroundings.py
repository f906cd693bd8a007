"""What stands in the way of a rehearsal on a server: asked of it, and of the journal in the database."""

import contextlib

from zdtui.plan.model import Environment
from zdtui.postgres.ask import ask
from zdtui.postgres.rehearsal import rehearsal_sql
from zdtui.postgres.sessions.connect import connect
from zdtui.postgres.target.target import Target
from zdtui.rehearse.permission import Surroundings
from zdtui.rehearse.relations import NAME
from zdtui.run.journal import store
from zdtui.run.journal.reader import NoRunError, fold, read_standing


async def surroundings(target: Target) -> Surroundings:
    """As they are now. Raises TargetError, and JournalError where the journal there must not be read."""
    async with await connect(target, application_name=NAME, only_asks=True) as session:
        ((database, in_recovery, standbys),) = await ask(session, rehearsal_sql("standing"))
        holder = await store.holder(session)
    production, unfinished = await _runs(target)
    return Surroundings(
        database=database,
        in_recovery=in_recovery,
        standbys=tuple(standbys),
        production_runs=production,
        unfinished_runs=unfinished,
        held_by=None if holder is None else str(holder),
    )


async def _runs(target: Target) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Plans that were run in production there, and plans whose run has not ended, each newest first."""
    production: list[str] = []
    unfinished: list[str] = []
    with contextlib.suppress(NoRunError):
        journals, _ = await read_standing(target)
        for state in (fold(journal.events) for journal in journals):
            if state.opened is None:
                unfinished.append("a plan whose journal is not whole")
                continue
            if state.opened.environment == Environment.PRODUCTION:
                production.append(state.opened.plan_name)
            if not state.finished and any(step.applied for step in state.steps.values()):
                unfinished.append(state.opened.plan_name)
    return tuple(production), tuple(unfinished)
