"""A step of a proposal is opened with Enter and read: it counts once every line was on the screen, and not before."""

import ast
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from screens.app import ConsoleApp
from screens.reading.step import StepReading, reading_rows
from screens.text import width_of
from tests.console.dialogs.stage import ScriptedEngine, screen_text, until
from tests.console.scenes import TOUR, snapshot_of
from zdtui.plan.model import Plan
from zdtui.proposals.proposal import Proposal
from zdtui.run.decisions.decide import decide
from zdtui.run.decisions.reading import reading_digest
from zdtui.run.decisions.snapshot import Snapshot
from zdtui.run.decisions.verdict import verdict
from zdtui.run.model import effects as f
from zdtui.run.model.commands import Command, ReadStep
from zdtui.run.model.plan_events import NotJournaled
from zdtui.run.model.state import RunState

CLAUDE = Proposal(by="claude", on_behalf_of="ana", digest=TOUR.digest)
LONG = TOUR.model_copy(
    update={
        "steps": (
            TOUR.steps[0].model_copy(update={"notes": "\n".join(f"note {number}" for number in range(60))}),
            *TOUR.steps[1:],
        )
    }
)


class Deciding(ScriptedEngine):
    """Keeps what was read as the engine does."""

    def submit(self, command: Command) -> None:
        super().submit(command)
        kept = self.snapshot.not_journaled
        read = [each.read for each in decide(self.snapshot, command).effects if isinstance(each, f.KeepReading)]
        self.snapshot = judged(replace(self.snapshot, not_journaled=replace(kept, readings=(*kept.readings, *read))))


def judged(snapshot: Snapshot) -> Snapshot:
    """With the verdict that it has."""
    return replace(snapshot, verdict=verdict(snapshot))


@asynccontextmanager
async def console(
    plan: Plan = TOUR, proposal: Proposal | None = CLAUDE, size: tuple[int, int] = (80, 23)
) -> AsyncIterator[tuple[ConsoleApp, Deciding, Pilot[int]]]:
    """A console on a proposal that nobody has read."""
    engine = Deciding(judged(snapshot_of(plan, RunState(), not_journaled=NotJournaled(proposal))))
    app = ConsoleApp(engine)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield app, engine, pilot


async def opened(app: ConsoleApp, pilot: Pilot[int]) -> None:
    """Enter on the step, until its text is there."""
    await pilot.press("enter")
    await until(pilot, lambda: isinstance(app.screen, StepReading) and "Read" in screen_text(app), "it opens")
    await pilot.pause()


def read(engine: Deciding) -> list[str]:
    """The steps that were said to be read."""
    return [each.step for each in engine.submitted if isinstance(each, ReadStep)]


async def test_it_counts_when_its_last_line_was_on_the_screen_and_every_one_before() -> None:
    async with console(LONG) as (app, engine, pilot):
        assert "read by nobody yet" in screen_text(app)
        await opened(app, pilot)
        assert "not seen yet" in screen_text(app)
        await pilot.press("G")
        await until(pilot, lambda: "note 59" in screen_text(app), "the end")
        assert read(engine) == [], "the middle was jumped over"
        for _ in range(20):
            if "read: Enter" in screen_text(app):
                break
            await pilot.press("enter")
            await pilot.pause()
        first = LONG.steps[0]
        assert engine.submitted == [ReadStep(first.id, reading_digest(LONG, first))]
        assert "read: Enter opens the next step" in screen_text(app)
        await pilot.press("escape")
        await until(pilot, lambda: "11 unread, by claude" in screen_text(app), "the plan says how much was read")


async def test_enter_alone_reads_the_whole_plan_and_ends_in_the_console() -> None:
    async with console() as (app, engine, pilot):
        await opened(app, pilot)
        for _ in range(200):
            if not isinstance(app.screen, StepReading):
                break
            await pilot.press("enter")
            await pilot.pause()
        assert sorted(read(engine)) == sorted(each.id for each in TOUR.steps)
        await until(pilot, lambda: "read by ana@bastion" in screen_text(app), "the console says who")
        await pilot.press("enter")
        await pilot.pause()
        assert not isinstance(app.screen, StepReading), "what was read opens as in every plan"


async def test_a_plan_that_nobody_proposed_opens_as_ever() -> None:
    async with console(proposal=None) as (app, engine, pilot):
        assert "unread" not in screen_text(app)
        await pilot.press("enter")
        await pilot.pause()
        assert not isinstance(app.screen, StepReading)
        assert engine.submitted == []


@pytest.mark.parametrize("width", [40, 80, 200])
def test_no_line_of_what_is_read_is_cut(width: int) -> None:
    step = TOUR.steps[1].model_copy(update={"notes": "a word " * 300})
    plan = TOUR.model_copy(update={"steps": (step,)})
    rows = reading_rows(plan, step, width)
    assert max(width_of(each.text) for each in rows) <= width
    assert "".join("".join(each.text for each in rows).split()).count("aword") >= 300


def test_one_screen_says_that_a_step_was_read() -> None:
    """Which screen counts is decided in one place: no other makes that command."""
    makes = [
        path.name
        for path in (Path(__file__).parents[2] / "screens").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("ReadStep")
    ]
    assert makes == ["step.py"]
