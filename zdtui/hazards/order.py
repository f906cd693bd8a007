"""What comes before and after each step of a plan, as far as a rule asks for it. Worked out once for a plan. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from zdtui.plan.model import Phase, Step
from zdtui.plan.once import once

NEVER = 1 << 60


@dataclass(frozen=True, slots=True)
class Order:
    """Places of steps, from 0: of the first of a kind, NEVER where there is none; of the last, -1."""

    first_wait: int
    first_manual: int
    first_expanding_sql: int
    first_before_contract: int
    """Of the first step of any phase but contract."""
    last_manual_of_dual_write: int
    last_backfill: int


@once
def order_of(steps: tuple[Step, ...]) -> Order:
    """The order of these steps."""
    return Order(
        first_wait=_first(steps, lambda step: step.action.soak is not None),
        first_manual=_first(steps, lambda step: step.action.by_hand),
        first_expanding_sql=_first(
            steps, lambda step: step.phase is Phase.EXPAND and step.action.author_sql is not None
        ),
        first_before_contract=_first(steps, lambda step: step.phase is not Phase.CONTRACT),
        last_manual_of_dual_write=_last(steps, lambda step: step.phase is Phase.DUAL_WRITE and step.action.by_hand),
        last_backfill=_last(steps, lambda step: step.action.updates is not None),
    )


def _first(steps: Iterable[Step], is_one: Callable[[Step], bool]) -> int:
    return next((place for place, step in enumerate(steps) if is_one(step)), NEVER)


def _last(steps: tuple[Step, ...], is_one: Callable[[Step], bool]) -> int:
    return next((place for place in range(len(steps) - 1, -1, -1) if is_one(steps[place])), -1)
