"""Where a run stands, as lines of text. Pure."""

from collections.abc import Iterator
from uuid import UUID

from zdtui.counted import counted
from zdtui.drawable import drawable
from zdtui.run.journal.damage import Damage
from zdtui.run.model.state import RunState, StepStatus


def damage_line(run: UUID, damage: Damage) -> str:
    """What is wrong with the journal of a run: what the lines above it say is not to be relied on."""
    return drawable(f"    NOT WHOLE    {str(run)[:8]}  {damage.sentence}")


def status_lines(state: RunState) -> Iterator[str]:
    """One line for the run, then one for each step that says more than 'pending'."""
    opened = state.opened
    if opened is None or state.run is None:
        return
    over = sum(step.status in (StepStatus.DONE, StepStatus.SKIPPED) for step in state.steps.values())
    how = "finished" if state.finished else f"at {state.current}" if state.current else "between steps"
    begun = f"{state.opened_at:%Y-%m-%d %H:%M} UTC" if state.opened_at else "?"
    last = f"{state.last_at:%Y-%m-%d %H:%M} UTC" if state.last_at else "?"
    yield drawable(
        f"{str(state.run)[:8]}  {opened.plan_name}  {over}/{len(state.steps)} {how}  "
        f"on {opened.database} at {opened.server} ({opened.environment})  "
        f"begun {begun}, last {last} by {state.operator}"
    )
    for name, step in state.steps.items():
        if step.status is StepStatus.PENDING and not step.rolled_back:
            continue
        word = "rolled back" if step.rolled_back else str(step.status)
        rows = f"  {counted(step.rows, 'row')}" if step.rows is not None else ""
        rejected = f"  {step.rejected} rejected" if step.rejected else ""
        why = f"  {step.message}" if step.message else ""
        yield drawable(f"    {word:<12} {name}{rows}{rejected}{why}")
    for each in state.blindness:
        what = ", ".join(each.about) or each.figure
        yield drawable(f"    {'blind':<12} goes on without {what}, accepted by {each.by}: {each.reason}")
