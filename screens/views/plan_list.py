"""The steps by phase, with state and duration, and a visible line before the point of no return."""

from dataclasses import dataclass
from typing import Literal, assert_never

from screens.look import Look
from screens.rows import Row, RowKeys, RowsAhead, Span, row
from screens.scene import Scene
from screens.text import drawable, pad, pad_left, width_of
from screens.words import figure, look, symbol
from zdtui import amounts
from zdtui.amounts import limit
from zdtui.counted import counted
from zdtui.plan.model import Phase, Step
from zdtui.plan.once import once
from zdtui.run.decisions.reading import is_to_be_read, proposal_of, told
from zdtui.run.model.activity import Activity
from zdtui.run.model.remaining import WIDEST
from zdtui.run.model.state import StepState, StepStatus

POINT: Literal["point of no return"] = "point of no return"


def plan_title(scene: Scene) -> Row:
    """'Plan', how many steps there are; and of a proposal who made it, and who has read it, as far as there is room."""
    name, proposal = Span(" Plan ", Look.TITLE), proposal_of(scene.snapshot)
    steps = Span(f"{counted(len(scene.snapshot.plan.steps), 'step')} ", Look.QUIET)
    if proposal is None:
        return row(name, steps)
    whole = row(name, steps, Span(f"{told(scene.snapshot)} ", Look.WARN))
    if width_of(whole.text) <= scene.width:
        return whole
    unread = sum(is_to_be_read(scene.snapshot, step) for step in scene.snapshot.plan.steps)
    return row(name, Span(f"{unread} unread, by {proposal.by or 'somebody'} ", Look.WARN))


@dataclass(frozen=True, slots=True)
class _Layout:
    """What stands in which row: a phase's name, the line before the point of no return, or a step with its number."""

    lines: tuple[Phase | Literal["point of no return"] | tuple[int, Step], ...]
    keys: RowKeys


@once
def _layout(steps: tuple[Step, ...]) -> _Layout:
    lines: list[Phase | Literal["point of no return"] | tuple[int, Step]] = []
    phase: Phase | None = None
    crossed = False
    for number, step in enumerate(steps, 1):
        if step.is_point_of_no_return and not crossed:
            crossed = True
            lines.append(POINT)
        if step.phase is not phase:
            phase = step.phase
            lines.append(phase)
        lines.append((number, step))
    keys = tuple(each[1].id if isinstance(each, tuple) else None for each in lines)
    return _Layout(tuple(lines), RowKeys(keys))


def plan_rows(scene: Scene) -> RowsAhead:
    """A row for each phase and each step; a step's key is its id. Only those that are seen are made."""
    steps = scene.snapshot.plan.steps
    layout = _layout(steps)
    digits = len(str(len(steps)))

    def made(place: int) -> Row:
        match layout.lines[place]:
            case (number, step):
                return _step(scene, number, digits, step)
            case Phase() as phase:
                return row(Span(f" {phase.upper()}", Look.QUIET))
            case str() as point:
                side = "─" * max(2, (scene.width - width_of(point) - 4) // 2)
                return row(Span(f" {side} {point} {side}", Look.DANGER))
            case _ as never:
                assert_never(never)

    return RowsAhead(layout.keys, made)


def _step(scene: Scene, number: int, digits: int, step: Step) -> Row:
    state = scene.snapshot.run.step(step.id)
    activity = scene.snapshot.activity
    mark = "›" if step.id == scene.snapshot.next_step else " "
    left = f"{number:>{digits}} {drawable(step.id)}"
    activity = activity if activity and activity.step == step.id else None
    right = _right(step, state, activity, max(0, scene.width - 6 - width_of(left)))
    if state.status is StepStatus.PENDING and is_to_be_read(scene.snapshot, step):
        right = "unread"
    room = max(4, scene.width - 4 - width_of(right) - 2)
    state_look = look(state)
    name_look = Look.STRONG if step.id == scene.snapshot.next_step else state_look
    return row(
        Span(mark, Look.KEY),
        Span(f"{symbol(state.status, scene.ascii_only)} ", state_look),
        Span(pad(left, room), name_look),
        Span(f" {pad_left(right, width_of(right))} ", _right_look(state, state_look)),
        key=step.id,
    )


def _right_look(state: StepState, state_look: Look) -> Look:
    if state.status is not StepStatus.DONE:
        return state_look
    return Look.WARN if state.rejected else Look.QUIET


def _right(step: Step, state: StepState, activity: Activity | None, room: int) -> str:
    """What stands at the right edge: duration, share done, or the word for what is wrong.

    The time left stands there where the step's name has room beside it: the progress tells it too.
    """
    if activity is not None and activity.progress is not None:
        left, share = activity.progress.eta, figure(activity.progress.fraction, amounts.share, none="")
        both = f"{share} {pad_left('' if left is None else str(left), WIDEST)}"
        return (both if width_of(both) <= room else share) if share else "running"
    if activity is not None:
        return str(state.status)
    match state.status:
        case StepStatus.PENDING:
            return "rolled back" if state.rolled_back else _to_come(step)
        case StepStatus.DONE:
            if step.action.by_hand:
                return "by hand"
            took = figure(state.seconds, amounts.took, none="")
            return f"{amounts.number(state.rejected)} rejected  {took}" if state.rejected else took
        case StepStatus.HELD if state.fraction is not None:
            return f"held {amounts.share(state.fraction)}"
        case (
            StepStatus.RUNNING
            | StepStatus.ROLLING_BACK
            | StepStatus.HELD
            | StepStatus.FAILED
            | StepStatus.IN_DOUBT
            | StepStatus.APPLIED
            | StepStatus.SKIPPED
        ):
            return str(state.status)
        case _ as never:
            assert_never(never)


def _to_come(step: Step) -> str:
    if step.rollback.kind == "irreversible":
        return "irreversible"
    if (soak := step.action.soak) is not None:
        return limit(soak)
    return "by hand" if step.action.by_hand else ""
