"""The migration log of one run as Markdown: who did what, when, for how long, and what got in the way. Pure."""

from collections.abc import Iterator

from zdtui.amounts import took
from zdtui.counted import counted
from zdtui.drawable import drawable_text
from zdtui.run.journal.damage import Damage
from zdtui.run.journal.event_text import sentence_of
from zdtui.run.model import events as e
from zdtui.run.model.state import RunState, StepState


def report(state: RunState, events: list[e.Recorded], damage: Damage | None = None) -> str:
    """The whole document. What cannot be drawn of a text is told by its number."""
    lines = [
        *_head(state),
        *_not_whole(damage),
        "",
        *_steps(state),
        "",
        *_trouble(events),
        *_notes(events),
        *_log(events),
    ]
    return drawable_text("\n".join(lines)) + "\n"


def _head(state: RunState) -> Iterator[str]:
    opened = state.opened
    if opened is None:
        yield "# A run without a beginning"
        return
    yield f"# {opened.plan_title}"
    yield ""
    yield f"- plan: `{opened.plan_name}` ({opened.plan_path}), digest `{state.plan_digest[:12]}`"
    yield f"- run: `{state.run}`"
    yield f"- target: {opened.database} on {opened.server}, PostgreSQL {opened.server_version // 10000}"
    yield f"- environment: {opened.environment}"
    yield f"- begun: {_stamp(state.opened_at)}, last event {_stamp(state.last_at)}"
    yield from _proposed(state)
    yield f"- outcome: {'finished' if state.finished else 'not finished'}"


def _proposed(state: RunState) -> Iterator[str]:
    """Of a plan that somebody else proposed: who, and who has read how much of it."""
    proposal = state.proposal
    if proposal is None:
        return
    read = {name: step.readings for name, step in state.steps.items() if step.readings}
    by = " and ".join(dict.fromkeys(each.by for readings in read.values() for each in readings)) or "nobody"
    text = " (the text that was run is another one)" if proposal.is_changed(state.plan_digest) else ""
    yield f"- proposed: by {proposal.who}{text}; {counted(len(read), 'step')} read by {by}"


def _not_whole(damage: Damage | None) -> Iterator[str]:
    if damage is not None:
        yield ""
        yield f"**Not to be relied on: {damage.sentence}.**"


def _steps(state: RunState) -> Iterator[str]:
    yield "## Steps"
    yield ""
    yield "| step | outcome | took | rows | remarks |"
    yield "|---|---|---|---|---|"
    for name, step in state.steps.items():
        rows = "" if step.rows is None else str(step.rows)
        yield f"| {name} | {_outcome(step)} | {_took(step)} | {rows} | {_remark(step)} |"


def _outcome(step: StepState) -> str:
    return "rolled back" if step.rolled_back else str(step.status)


def _took(step: StepState) -> str:
    return "" if step.seconds is None else took(step.seconds)


def _remark(step: StepState) -> str:
    parts = [step.message]
    if step.attempt > 1:
        parts.append(f"attempt {step.attempt}")
    if step.rejected:
        parts.append(f"{counted(step.rejected, 'row')} rejected")
    return _cell("; ".join(part for part in parts if part))


def _trouble(events: list[e.Recorded]) -> Iterator[str]:
    waits = [recorded for recorded in events if isinstance(recorded.event, e.AttemptFailed)]
    awaited = [recorded for recorded in events if isinstance(recorded.event, e.LockAwaited)]
    trips = [recorded for recorded in events if isinstance(recorded.event, e.GuardTripped)]
    if waits:
        total = sum(recorded.event.waited for recorded in waits if isinstance(recorded.event, e.AttemptFailed))
        yield f"## Locks waited for: {counted(len(waits), 'try', 'tries')} given up, {took(total)} in all"
        yield ""
        yield from (f"- {_stamp(recorded.at)} {sentence_of(recorded.event)}" for recorded in waits)
        yield ""
    if awaited:
        yield f"## Waited for outside the queue: {counted(len(awaited), 'time')}"
        yield ""
        yield from (f"- {_stamp(recorded.at)} {sentence_of(recorded.event)}" for recorded in awaited)
        yield ""
    if trips:
        yield f"## Guards tripped: {len(trips)}"
        yield ""
        yield from (f"- {_stamp(recorded.at)} {sentence_of(recorded.event)}" for recorded in trips)
        yield ""
    accepted = [recorded for recorded in events if isinstance(recorded.event, e.BlindnessAccepted)]
    if accepted:
        yield f"## Gone without a figure: {counted(len(accepted), 'time')}, accepted in writing"
        yield ""
        yield from (f"- {_stamp(recorded.at)} {sentence_of(recorded.event)}" for recorded in accepted)
        yield ""


def _notes(events: list[e.Recorded]) -> Iterator[str]:
    notes = [recorded for recorded in events if isinstance(recorded.event, e.NoteAdded)]
    if notes:
        yield "## Notes"
        yield ""
        yield from (f"- {_stamp(each.at)} {each.operator}: {sentence_of(each.event)}" for each in notes)
        yield ""


def _log(events: list[e.Recorded]) -> Iterator[str]:
    yield "## Log"
    yield ""
    yield "| when (UTC) | who | what |"
    yield "|---|---|---|"
    for recorded in events:
        yield f"| {_stamp(recorded.at)} | {_cell(recorded.operator)} | {_cell(sentence_of(recorded.event))} |"


def _stamp(at: object) -> str:
    return "" if at is None else f"{at:%Y-%m-%d %H:%M:%S}"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())
