"""A real engine on a database, with its operator and what is measured beside it, while a rehearsal needs it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from zdtui.plan.model import Plan, Step
from zdtui.postgres.target.target import Target
from zdtui.rehearse.measuring import Measuring, measuring
from zdtui.rehearse.operator import Operator
from zdtui.rehearse.permission import Permission
from zdtui.run.engine.engine import Engine
from zdtui.run.engine.surface import EngineSurface
from zdtui.run.model.console import session_name

OPERATOR = "rehearsal"
"""Who the rehearsal's journal says has confirmed its steps."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Who confirms, and who looks."""

    operator: Operator
    measuring: Measuring


@asynccontextmanager
async def on_stage(
    permission: Permission,
    plan: Plan,
    target: Target,
    by_hand: Callable[[Step], Awaitable[str | None]],
    shown: Callable[[EngineSurface], bool],
    note: Callable[[str], None],
) -> AsyncIterator[Stage]:
    """An engine that holds the rehearsal's run of this plan. Raises RehearsalBrokenError and TargetError.

    `shown` is given it before it starts, and says whether a person sees it in a console. `note` is told what cannot be
    seen of the moves there.
    """
    engine = Engine(plan, target, operator=OPERATOR, is_rehearsal=True)
    operator = Operator(engine, permission, by_hand, has_console=shown(engine))
    engine.start()
    try:
        await operator.ready()
        async with measuring(target, session_name(plan.name), note) as looking:
            yield Stage(operator, looking)
    finally:
        await operator.leave()
