"""The gate of a proposal: nothing of it runs before a person has read it, and a changed text is unread again."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any

import pytest
from pydantic import BaseModel

from tests.unit.run.plans import START, done, fold, opened, plan, started, view_of
from tests.unit.steps.test_every_kind import EXAMPLES
from zdtui.plan.model import Limits, NoRollback, Phase, Plan, Step, StepId
from zdtui.proposals.proposal import Proposal
from zdtui.run.decisions.confirm_text import retry_digest, rollback_digest, step_digest
from zdtui.run.decisions.decide import QuietMoment, decide
from zdtui.run.decisions.reading import NO_SETTINGS, is_to_be_read, reading_digest, sections, told
from zdtui.run.decisions.verdict import verdict
from zdtui.run.decisions.view import RunView
from zdtui.run.journal.event_text import sentence_of
from zdtui.run.model import commands as c
from zdtui.run.model import effects as f
from zdtui.run.model import events as e
from zdtui.run.model.console import ConnectionState, ConsoleRole
from zdtui.run.model.plan_events import NotJournaled
from zdtui.run.model.state import RunState

TOUR = plan()
ADD = TOUR.step("add")
CLAUDE = Proposal(by="claude", on_behalf_of="ana", at=START, digest=TOUR.digest)
UNREAD = NotJournaled(CLAUDE)


def proposed(run: RunState | None = None, of: Plan = TOUR, **fields: Any) -> RunView:
    """The view of a proposal that nobody has read, unless told otherwise."""
    usual = {"not_journaled": UNREAD, "operator": "ana@bastion", "wall": START}
    return view_of(of, run or RunState(), **{**usual, **fields})


def run_of(step: Step) -> c.RunStep:
    """R and y."""
    return c.RunStep(step.id, step_digest(step), step.id)


def read(of: Plan, name: str) -> e.StepRead:
    """The event that a step was read as it is in this plan."""
    digest = reading_digest(of, of.step(name))
    return e.StepRead(step=StepId(name), text_digest=digest, by="ana@bastion", read_at=START)


@pytest.mark.parametrize("command", [run_of(ADD), c.Arm(ADD.id, step_digest(ADD), "y", timedelta(hours=1))])
def test_a_step_of_a_proposal_is_held_back_until_a_person_has_read_it(command: c.RunStep | c.Arm) -> None:
    decision = decide(proposed(), command)
    assert decision.held_back
    assert decision.refusal == (
        "add was proposed by claude on behalf of ana, and nobody has read it yet; Enter on the step opens it"
    )
    reading = decide(proposed(), c.ReadStep(ADD.id, reading_digest(TOUR, ADD)))
    (kept,) = reading.effects
    assert isinstance(kept, f.KeepReading)
    assert (kept.read.by, kept.read.read_at) == ("ana@bastion", START)
    assert decide(proposed(not_journaled=NotJournaled(CLAUDE, (kept.read,))), command).refusal is None
    assert decide(proposed(not_journaled=NotJournaled()), command).refusal is None, "a plan that nobody proposed"


def test_rejected_rows_are_not_tried_again_with_a_text_that_nobody_has_read() -> None:
    """Such a text comes by --amend and a reason, in the middle of a run."""
    fill = TOUR.step("fill")
    rejected = e.BatchesDone(step=fill.id, batches=1, rows=9, rejected=1)
    filled = (started(TOUR, "fill"), rejected, e.StepSucceeded(step=fill.id, seconds=1))
    run = fold(*done(TOUR, "add", "deploy"), e.PlanProposed.of(CLAUDE), *filled)
    again = c.RetryRejected(fill.id, retry_digest(fill), "y")
    assert "nobody has read it yet" in (decide(proposed(run), again).refusal or "")
    read_too = fold(*done(TOUR, "add", "deploy"), e.PlanProposed.of(CLAUDE), read(TOUR, "fill"), *filled)
    assert decide(proposed(read_too), again).refusal is None


def test_what_was_armed_while_read_does_not_start_as_another_text() -> None:
    """Arming holds for one text; the gate is asked once more when the moment comes."""
    armed = e.StepArmed(step=ADD.id, sql_digest=step_digest(ADD), confirmed_by="y", until=START + timedelta(hours=9))
    run = fold(opened(TOUR), e.PlanProposed.of(CLAUDE), armed)
    decision = decide(proposed(run), QuietMoment(ADD.id))
    (disarmed,) = decision.events
    assert isinstance(disarmed, e.StepDisarmed)
    assert "nobody has read it yet" in disarmed.why


def test_the_journal_knows_who_proposed_and_who_read_whoever_opens_the_run() -> None:
    run = fold(opened(TOUR), e.PlanProposed.of(CLAUDE), read(TOUR, "add"))
    elsewhere = proposed(run, not_journaled=NotJournaled(), operator="ben@laptop")
    assert run.proposal == CLAUDE
    assert decide(elsewhere, run_of(ADD)).refusal is None
    after = fold(*done(TOUR, "add"), e.PlanProposed.of(CLAUDE), read(TOUR, "add"))
    deploy = TOUR.step("deploy")
    noted = c.RunStep(deploy.id, step_digest(deploy), "y", note="done")
    assert "nobody has read it yet" in (decide(replace(elsewhere, run=after), noted).refusal or "")


def test_a_note_that_was_lost_says_less_than_the_journal() -> None:
    lost = NotJournaled(Proposal(by="", doubt="no note says who"))
    run = fold(opened(TOUR), e.PlanProposed.of(CLAUDE))
    assert told(proposed(run, not_journaled=lost)).startswith("proposed by claude on behalf of ana")


def test_an_edited_text_is_unread_again_and_said_so() -> None:
    edited = TOUR.model_copy(update={"steps": (ADD.model_copy(update={"notes": "now with a note"}), *TOUR.steps[1:])})
    run = fold(opened(TOUR), e.PlanProposed.of(CLAUDE), read(TOUR, "add"), read(TOUR, "fill"))
    now = proposed(run, edited)
    assert "another text than the one that was read" in (decide(now, run_of(edited.step("add"))).refusal or "")
    assert not is_to_be_read(now, edited.step("fill")), "what was not changed stays read"


def test_reading_is_journaled_at_once_where_the_run_is_open_and_kept_where_it_cannot_be() -> None:
    run = fold(opened(TOUR), e.PlanProposed.of(CLAUDE))
    command = c.ReadStep(ADD.id, reading_digest(TOUR, ADD))
    assert decide(proposed(run), command).events == (read(TOUR, "add"),)
    for kept in (
        proposed(run, console_role=ConsoleRole.OBSERVER),
        proposed(run, connection_state=ConnectionState.LOST),
        proposed(run, TOUR.model_copy(update={"digest": "d2"})),
        proposed(),
    ):
        assert decide(kept, command).effects == (f.KeepReading(read(TOUR, "add")),)


def test_reading_another_text_or_a_step_that_is_not_there_is_told_and_twice_is_once() -> None:
    now = proposed()
    assert "not what was read" in (decide(now, c.ReadStep(ADD.id, "another")).refusal or "")
    assert "has no step" in (decide(now, c.ReadStep(StepId("none"), "")).refusal or "")
    twice = proposed(not_journaled=NotJournaled(CLAUDE, (read(TOUR, "add"),)))
    decision = decide(twice, c.ReadStep(ADD.id, reading_digest(TOUR, ADD)))
    assert (decision.refusal, decision.events, decision.effects) == (None, (), ())


def test_a_rollback_never_waits_for_a_reading_and_a_rolled_back_step_stays_read() -> None:
    run = fold(*done(TOUR, "add"), e.PlanProposed.of(CLAUDE))
    back = c.RollBack((ADD.id,), rollback_digest([ADD]), "y")
    assert decide(proposed(run), back).refusal is None
    events = (*done(TOUR, "add"), e.PlanProposed.of(CLAUDE), read(TOUR, "add"))
    undone = fold(*events, started(TOUR, "add", e.Direction.BACK), e.StepRolledBack(step=ADD.id, seconds=1))
    assert not is_to_be_read(proposed(undone), ADD)


def test_what_is_told_of_a_proposal() -> None:
    assert told(view_of(TOUR, RunState())) == ""
    assert told(proposed()) == "proposed by claude on behalf of ana, read by nobody yet"
    some = fold(opened(TOUR), e.PlanProposed.of(CLAUDE), read(TOUR, "add"), read(TOUR, "fill"))
    assert told(proposed(some)) == "proposed by claude on behalf of ana, 2 of 5 steps read by ana@bastion"
    every = fold(opened(TOUR), e.PlanProposed.of(CLAUDE), *(read(TOUR, each.id) for each in TOUR.steps))
    assert told(proposed(every)) == "proposed by claude on behalf of ana, read by ana@bastion"
    changed = proposed(of=TOUR.model_copy(update={"digest": "d2"}))
    assert told(changed) == "proposed by claude on behalf of ana, changed since, read by nobody yet"
    unknown = proposed(not_journaled=NotJournaled(Proposal(by="", doubt="no note says who")))
    assert told(unknown) == "proposed by somebody unknown, no note says who, read by nobody yet"
    assert verdict(proposed()).reason.startswith("next is add, read by nobody yet; proposed by claude on behalf of ana")


def test_the_journal_says_it_in_plain_words() -> None:
    assert sentence_of(e.PlanProposed.of(CLAUDE)) == (
        "plan proposed by claude on behalf of ana on 2026-11-20 03:00 UTC, digest d1"
    )
    said = sentence_of(read(TOUR, "add"))
    assert said.startswith("add read to its last line by ana@bastion at 2026-11-20 03:00:00 UTC, digest ")


OF_NONE = {"timedelta": timedelta(seconds=7), "int": 7, "str": "seven", "Literal['system']": "system"}
"""By what the annotation names: a value in the place of none."""


def another(value: Any, annotation: str) -> Any:
    """A value of the same kind that is not the same."""
    match value:
        case bool():
            return not value
        case Enum():
            return next(each for each in type(value) if each is not value)
        case str():
            return f"{value} or else"
        case int():
            return value + 1
        case timedelta():
            return value + timedelta(seconds=1)
        case datetime():
            return datetime.now(UTC)
        case tuple():
            return (*value, value[0] if value else ("a", "b") if "tuple[tuple" in annotation else "a")
        case None:
            return next(each for word, each in OF_NONE.items() if word in annotation)
        case _:
            raise AssertionError(f"nothing else is known for {value!r}")


def changes_of(value: BaseModel) -> Iterator[tuple[str, BaseModel]]:
    """The value with each of its fields changed, one at a time."""
    for name, field in type(value).model_fields.items():
        if name == "kind":
            continue
        current = getattr(value, name)
        if isinstance(current, BaseModel):
            for inner, changed in changes_of(current):
                yield f"{name}.{inner}", value.model_copy(update={name: changed})
        else:
            yield name, value.model_copy(update={name: another(current, str(field.annotation))})


@pytest.mark.parametrize("action", EXAMPLES, ids=lambda action: action.kind)
def test_no_field_of_any_kind_of_step_can_change_without_being_read_again(action: Any) -> None:
    """Where the text came from is no text: the file's name."""
    back = NoRollback(reason="an example")
    one = Step(id=StepId("one"), title="One", phase=Phase.EXPAND, action=action, rollback=back)
    of = plan(one)
    for name, changed in changes_of(action):
        step = one.model_copy(update={"action": changed})
        assert reading_digest(plan(step), step) != reading_digest(of, one), name


def test_no_setting_of_the_step_or_of_the_whole_plan_can_either() -> None:
    now = reading_digest(TOUR, ADD)
    for name, limits in changes_of(Limits()):
        step = ADD.model_copy(update={"limits": limits})
        assert reading_digest(plan(step), step) != now, name
    changed: dict[str, Any] = {"silence": (("rewrites", "fine"),), "verify": ("SELECT true",), "phase": Phase.CONTRACT}
    for field, value in changed.items():
        step = ADD.model_copy(update={field: value})
        assert reading_digest(plan(step), step) != now, field
    for name, value in changes_of(TOUR.model_copy(update={"steps": ()})):
        if name not in NO_SETTINGS and not name.startswith("defaults."):
            of = value.model_copy(update={"steps": TOUR.steps})
            assert isinstance(of, Plan)
            assert reading_digest(of, ADD) != now, name
    assert reading_digest(TOUR.model_copy(update={"digest": "d2", "source": "#"}), ADD) == now, "comments are no text"


def test_what_is_read_is_named_as_a_person_knows_it() -> None:
    found = {each.name: each.text for each in sections(TOUR, TOUR.step("fill"))}
    assert "UPDATE" in found["SQL" if "SQL" in found else next(iter(found))]
    assert "environment: staging" in found["settings"]
    assert "phase: backfill" in found["settings"]
