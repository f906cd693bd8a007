"""The gate of a proposal: no step of it runs before a person has read it. Pure; `decide` asks it.

This is the one place that says what there is to read of a step, and when it counts as read. A screen shows `sections`
and sends `ReadStep` with their digest once their last line was on the screen; another text has another digest.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from pydantic import BaseModel

from zdtui.counted import counted
from zdtui.plan.confirmed import digest
from zdtui.plan.model import Limits, NoRollback, Plan, Step, Target
from zdtui.plan.once import once
from zdtui.proposals.proposal import Proposal
from zdtui.quantities import format_duration
from zdtui.run.decisions.confirm_text import shown
from zdtui.run.decisions.console_rules import same_plan
from zdtui.run.decisions.decision import Decision, HeldBack, Refused
from zdtui.run.decisions.view import RunView
from zdtui.run.model import commands as c
from zdtui.run.model import effects as f
from zdtui.run.model import events as e
from zdtui.run.model.step_state import Reading

NO_SETTINGS = ("name", "title", "description", "defaults", "steps", "source", "path", "digest")
"""Fields of a plan that say what it is, or that each step holds itself."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of what there is to read of a step."""

    name: str
    text: str
    is_sql: bool = False


def sections(plan: Plan, step: Step) -> tuple[Section, ...]:
    """All that the step would do, in the order it is read: its text, what undoes it, what proves it, and every setting
    of the step and of the whole plan that is not the usual one."""
    found = [Section(step.action.text_name, shown(step), is_sql=_is_sql(step))]
    found.append(Section("undo", shown(step, e.Direction.BACK), is_sql=step.rollback.kind == "sql"))
    found += [Section("must be true", query, is_sql=True) for query in step.verify]
    found.append(Section("settings", "\n".join([*_of_step(step), *_of_plan(plan)])))
    if step.notes.strip():
        found.append(Section("notes", step.notes))
    return tuple(found)


def reading_digest(plan: Plan, step: Step) -> str:
    """The digest of all there is to read of a step of the plan: any change of it makes the step unread again."""
    return _digests(plan)[step.id]


@once
def _digests(plan: Plan) -> dict[str, str]:
    return {
        step.id: digest(part for each in sections(plan, step) for part in (each.name, each.text)) for step in plan.steps
    }


def proposal_of(now: RunView) -> Proposal | None:
    """Who proposed the plan: by the journal of the run, or by the note beside the file; None: nobody did."""
    return now.not_journaled.proposal_over(now.run.proposal)


def reading_of(now: RunView, step: Step) -> Reading | None:
    """Who has read the step as it is now, and when: by the journal, or here before there is one; None: nobody."""
    wanted = reading_digest(now.plan, step)
    here = (
        Reading(each.text_digest, each.by, each.read_at) for each in now.not_journaled.readings if each.step == step.id
    )
    return next((each for each in (*now.run.step(step.id).readings, *here) if each.digest == wanted), None)


def is_to_be_read(now: RunView, step: Step) -> bool:
    """Whether the step is one of a proposal, and nobody has read it as it is now."""
    return proposal_of(now) is not None and reading_of(now, step) is None


def why_unread(now: RunView, step: Step) -> str | None:
    """Why the step cannot be run before it is read; None: it can, as far as that goes."""
    proposal = proposal_of(now)
    if proposal is None or reading_of(now, step) is not None:
        return None
    if now.run.step(step.id).readings:
        return f"{step.id} is another text than the one that was read: nobody has read this one yet"
    return f"{step.id} was proposed by {proposal.who}, and nobody has read it yet"


def told(now: RunView) -> str:
    """'proposed by claude on behalf of ana, read by nobody yet'; empty for a plan that nobody proposed."""
    proposal = proposal_of(now)
    if proposal is None:
        return ""
    said = [f"proposed by {proposal.who}", proposal.doubt]
    if proposal.is_changed(now.plan.digest):
        said.append("changed since")
    return ", ".join(each for each in (*said, _read_by(now)) if each)


def _read_by(now: RunView) -> str:
    readings = [reading for step in now.plan.steps if (reading := reading_of(now, step)) is not None]
    if not readings:
        return "read by nobody yet"
    by = " and ".join(dict.fromkeys(each.by for each in readings))
    total = len(now.plan.steps)
    return f"read by {by}" if len(readings) == total else f"{len(readings)} of {counted(total, 'step')} read by {by}"


def must_have_been_read(now: RunView, step: Step) -> None:
    """Raises HeldBack for a step of a proposal that no person has read."""
    if (why := why_unread(now, step)) is not None:
        raise HeldBack(f"{why}; Enter on the step opens it")


def read_step(now: RunView, command: c.ReadStep) -> Decision:
    """Keep that a person has read the step: in the journal, or here until this console can write it there."""
    step = next((each for each in now.plan.steps if each.id == command.step), None)
    if step is None:
        raise Refused(f"the plan has no step {command.step}")
    if command.text_digest != reading_digest(now.plan, step):
        raise HeldBack(f"{step.id} is not what was read any more; open it again")
    if not is_to_be_read(now, step):
        return Decision()
    read = e.StepRead(step=step.id, text_digest=command.text_digest, by=now.operator or "operator", read_at=now.wall)
    if not _is_written_at_once(now):
        return Decision(effects=(f.KeepReading(read),))
    return Decision(events=(read,))


def _is_written_at_once(now: RunView) -> bool:
    """Else it waits for the run's beginning, or until this console holds the run."""
    try:
        same_plan(now)
    except Refused:
        return False
    return now.is_conductor and now.run.opened is not None and now.is_connected and now.damage is None


def _is_sql(step: Step) -> bool:
    return not step.action.by_hand and step.action.soak is None


def _of_step(step: Step) -> Iterator[str]:
    already = (shown(step), shown(step, e.Direction.BACK))
    yield f"phase: {step.phase}"
    yield from _settings("", step.action, already)
    if not isinstance(step.rollback, NoRollback):
        yield from _settings("rollback ", step.rollback, already)
    yield from _settings("", step.limits, already, Limits())
    yield from (f"hazard {rule} is acknowledged by the plan: {why}" for rule, why in step.silence)


def _of_plan(plan: Plan) -> Iterator[str]:
    """Of every field of the plan but those that say what it is called and what its steps are; the environment always,
    for it says what has to be typed."""
    yield f"environment: {plan.target.environment}"
    usual = Plan(name="", title="", steps=(), source="", path="", digest="")
    known = plan.model_copy(update={name: getattr(usual, name) for name in NO_SETTINGS})
    yield from _settings("", known.model_copy(update={"target": _with_usual_environment(plan)}), (), usual)


def _with_usual_environment(plan: Plan) -> Target:
    return plan.target.model_copy(update={"environment": Target().environment})


def _settings(
    before: str, values: BaseModel, already: tuple[str, ...] = (), usual: BaseModel | None = None
) -> Iterator[str]:
    """Every field that is not as usual, by its name, unless it is one of the whole texts that were shown already."""
    for name, field in type(values).model_fields.items():
        value = getattr(values, name)
        default = field.get_default(call_default_factory=True) if usual is None else getattr(usual, name)
        if value == default or name == "kind" or value in already:
            continue
        if isinstance(value, BaseModel):
            yield from _settings(f"{before}{name}: ", value, already)
        else:
            yield f"{before}{name}: {_worded(value)}"


def _worded(value: Any) -> str:
    match value:
        case None:
            return "off"
        case bool():
            return "yes" if value else "no"
        case timedelta():
            return format_duration(value)
        case tuple():
            return ", ".join(_worded(each) for each in value)
        case BaseModel():
            return " ".join(f"{name} {_worded(each)}" for name, each in value)
        case _:
            return str(value)
