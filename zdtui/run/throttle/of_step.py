"""The throttle a step works under: the plan's limits, narrowed by the step's own."""

from collections.abc import Awaitable, Callable

from zdtui.plan.model import BackfillAction, CompareAction, CopyAction, Plan, Step, Throttle
from zdtui.run.commands import Effort
from zdtui.run.throttle.throttling import Connection, Throttling
from zdtui.watch.samples import Samples


def throttling_of(
    plan: Plan,
    step: Step,
    samples: Callable[[], Samples],
    effort: Callable[[], Effort],
    connect: Callable[[], Awaitable[Connection]],
) -> Throttling | None:
    """The throttle of a backfill, copy or comparison; None for every other step."""
    match step.action:
        case BackfillAction(table=table) | CopyAction(source=table) | CompareAction(source=table):
            limits = limits_of(plan.throttle, step)
            return Throttling(limits=limits, samples=samples, effort=effort, table=table, connect=connect)
        case _:
            return None


def limits_of(throttle: Throttle, step: Step) -> Throttle:
    """The plan's limits, with the lag the step itself allows in place of the plan's."""
    match step.action:
        case BackfillAction(tuning=tuning) | CopyAction(tuning=tuning) | CompareAction(tuning=tuning):
            if tuning.max_replication_lag is not None:
                return throttle.model_copy(update={"replication_lag": tuning.max_replication_lag})
    return throttle
