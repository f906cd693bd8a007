"""What a rehearsal left beside the plan, measured by this place. Without evidence the server is asked nothing."""

import asyncio

from zdtui.evidence.beside import kept_evidence
from zdtui.evidence.standing import Beside
from zdtui.plan.model import Plan
from zdtui.postgres.ask import Connection
from zdtui.watch.here import here_for


async def look_for_evidence(plan: Plan, connection: Connection) -> Beside:
    """The evidence beside the plan and what is known here. Never raises for what a file or the server holds."""
    kept = await asyncio.to_thread(kept_evidence, plan)
    return Beside(kept) if kept.evidence is None else Beside(kept, await here_for(connection, kept.evidence))
