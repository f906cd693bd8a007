"""The rules of arming: a confirmation beforehand, for one text and a limited time. Pure; `decide` asks them.

Arming changes when a step starts, never whether it may: it is held to every rule a confirmation on the spot is held to,
when it is given and once more when it fires.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from zdtui.amounts import limit
from zdtui.run.decisions.console_rules import idle_conductor
from zdtui.run.decisions.decision import Decision, HeldBack, Refused
from zdtui.run.decisions.view import RunView
from zdtui.run.model import commands as c
from zdtui.run.model import effects as f
from zdtui.run.model import events as e

SHORTEST, LONGEST = timedelta(seconds=1), timedelta(hours=24)
"""How long a step may be armed for: a confirmation of yesterday is none."""
HIGHEST_CEILING = timedelta(seconds=5)
"""More than this in the queue is an outage, not a moment."""

RunStep = Callable[[RunView, c.RunStep], Decision]
"""The rule for a confirmation on the spot; raises Refused."""


def arm(now: RunView, command: c.Arm, run_step: RunStep) -> Decision:
    """Journal that the step is armed. A guard that is over now is no reason to refuse: that is what is waited for."""
    idle_conductor(now)
    if now.run.armed is not None:
        raise Refused(f"{now.run.armed.step} is armed already; p disarms it")
    step = next((each for each in now.plan.steps if each.id == command.step), None)
    if step is not None and not step.action.statements:
        raise Refused(f"{command.step} cannot be armed: it runs no SQL of its own, so it takes no locks to wait for")
    if not SHORTEST <= command.lasts <= LONGEST:
        raise HeldBack(f"a step is armed for {limit(SHORTEST)} to {limit(LONGEST)}")
    confirmed = c.RunStep(command.step, command.sql_digest, command.confirmed_by)
    would = run_step(replace(now, breached_guards=()), confirmed)
    opening: tuple[f.Effect, ...] = tuple(effect for effect in would.effects if isinstance(effect, f.OpenRun))
    armed = e.StepArmed(
        step=command.step,
        sql_digest=command.sql_digest,
        confirmed_by=command.confirmed_by,
        until=now.wall + command.lasts,
    )
    return Decision(effects=(*opening, f.Record(armed)))


def fire(now: RunView, step: str, run_step: RunStep) -> Decision:
    """Start the step that is armed, if every rule still lets it; a rule that does not disarms it."""
    armed = now.run.armed
    if armed is None or armed.step != step or now.working is not None or now.breached_guards:
        return Decision()
    if now.wall >= armed.until:
        return disarm(now, "no quiet moment came in time")
    try:
        would = run_step(now, c.RunStep(armed.step, armed.sql_digest, armed.confirmed_by))
    except Refused as refused:
        return disarm(now, str(refused))
    return replace(would, effects=tuple(_as_armed(effect) for effect in would.effects))


def _as_armed(effect: f.Effect) -> f.Effect:
    """The journal says of the start that it was confirmed beforehand."""
    if not isinstance(effect, f.Perform):
        return effect
    by = f"{effect.started.confirmed_by}, armed"
    return replace(effect, started=effect.started.model_copy(update={"confirmed_by": by}))


def disarm(now: RunView, why: str) -> Decision:
    """Journal that nothing starts by itself any more."""
    armed = now.run.armed
    return Decision() if armed is None else Decision(events=(e.StepDisarmed(step=armed.step, why=why),))


def set_ceiling(now: RunView, command: c.SetQueueCeiling) -> Decision:
    """Turn the ceiling, and journal it in a run that is open."""
    if not timedelta(0) <= command.ceiling <= HIGHEST_CEILING:
        raise HeldBack(f"lock_queue_ceiling must be between 0 and {limit(HIGHEST_CEILING)}")
    said = e.QueueCeilingSet(seconds=command.ceiling.total_seconds())
    return Decision(
        events=(said,) if now.run.opened is not None else (), effects=(f.SetQueueCeiling(ceiling=command.ceiling),)
    )
