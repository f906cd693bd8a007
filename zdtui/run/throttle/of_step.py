"""The throttle a step works under: the plan's limits, narrowed by the step's own."""

from collections.abc import Awaitable, Callable

from zdtui.plan.model import Plan, Step, Throttle
from zdtui.run.figures.guards import Blind, blind
from zdtui.run.figures.sight import Sight
from zdtui.run.model.commands import ThrottleLevel
from zdtui.run.throttle.signals import Watching, blind_signals
from zdtui.run.throttle.throttling import Connection, Throttling
from zdtui.watch.samples import Samples


def throttling_of(
    plan: Plan,
    step: Step,
    samples: Callable[[], Samples],
    effort: Callable[[], ThrottleLevel],
    connect: Callable[[], Awaitable[Connection]],
    sight: Callable[[], Sight] | None = None,
) -> Throttling | None:
    """The throttle of a backfill, copy or comparison; None for every other step."""
    batches = step.action.batches
    if batches is None:
        return None
    return Throttling(
        limits=limits_of(plan.throttle, step),
        samples=samples,
        effort=effort,
        table=batches.table,
        connect=connect,
        sight=sight,
        guards_blind=lambda: () if sight is None else blind(plan.guards, samples(), sight()),
    )


def limits_of(throttle: Throttle, step: Step) -> Throttle:
    """The plan's limits, with the lag the step itself allows in place of the plan's."""
    batches = step.action.batches
    lag = None if batches is None else batches.tuning.max_replication_lag
    return throttle if lag is None else throttle.model_copy(update={"replication_lag": lag})


def blind_ahead(plan: Plan, step: Step, samples: Samples, sight: Sight) -> tuple[Blind, ...]:
    """The figures that the throttle of this step would rest for, because they cannot be seen and nobody accepted it.

    What only a step at work asks for (query, address, canary) is not looked at.
    """
    batches = step.action.batches
    if batches is None:
        return ()
    limits = limits_of(plan.throttle, step).model_copy(update={"canary": None})
    found = blind_signals(Watching(limits, samples, batches.table, None, sight))
    return tuple(each for each in found if not sight.is_accepted(each.figure, each.unseen))
