"""What an `unused` step found last, as lines: who still uses it, and what was not seen. Pure."""

from collections.abc import Iterator

from screens.look import Look
from screens.rows import Row, Span, row
from screens.scene import Scene
from screens.text import fold, one_line
from zdtui.amounts import number
from zdtui.counted import counted
from zdtui.plan.model import Step
from zdtui.run.model.events import UsageFound
from zdtui.run.model.state import StepState
from zdtui.run.model.usage_events import UseSeen
from zdtui.usage.usage import Verdict


def is_unused(found: UsageFound) -> bool:
    """Whether it was proved."""
    return found.verdict == Verdict.UNUSED


def used_lines(found: UsageFound) -> Iterator[str]:
    """The statements, the most called first, then what depends on it, and why calls may be missing."""
    yield from map(_call, found.statements)
    yield from _more(found.statement_count - len(found.statements))
    yield from (f"could not be read: {_call(each)}" for each in found.unread)
    yield from _more(found.unread_count - len(found.unread))
    yield from (f"depends on it: {each}" for each in found.in_the_way)
    yield from found.not_seen
    yield from (f"goes with it: {each}" for each in found.goes_with_it)
    yield from found.notes


def _call(use: UseSeen) -> str:
    text = f": {use.text}" if use.text else ""
    return f"{counted(use.calls, 'call', shown=number(use.calls))} by {use.role}: {use.why}{text}"


def _more(count: int) -> Iterator[str]:
    if count > 0:
        yield f"and {counted(count, 'more statement')}"


def used_rows(scene: Scene, step: Step, state: StepState) -> Iterator[Row]:
    """The same below the step that asked."""
    if step.action.proves_unused is None or state.used is None:
        return
    look = Look.PLAIN if is_unused(state.used) else Look.WARN
    for line in used_lines(state.used):
        for place, part in enumerate(fold(one_line(line), max(8, scene.width - 6))):
            yield row(Span(f"   {'- ' if place == 0 else '  '}{part}", look))
