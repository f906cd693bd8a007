"""A rehearsal in the console: one surface over the engines behind it, and a banner that says that it is no run."""

import threading
from dataclasses import replace
from datetime import UTC, datetime

from screens.scene import Scene
from screens.views.header import header_rows
from tests.console.scenes import WALL
from tests.integration.run.driver import plan_of, sql_step
from zdtui.evidence.model import Evidence, Way
from zdtui.plan.model import StepId
from zdtui.postgres.target.target import Target
from zdtui.rehearse.by_a_person import GOES_BY_ITSELF
from zdtui.rehearse.on_screen import OnScreen
from zdtui.rehearse.passes import Move, Pass
from zdtui.rehearse.permission import RehearsalRefusedError
from zdtui.run.model import commands as c

PLAN = plan_of(sql_step("one", "SELECT 1"))
ONE = StepId("one")
EVIDENCE = Evidence(
    zdtui="0",
    plan_name="tour",
    plan_digest="d",
    rehearsed_at=datetime(2026, 1, 1, tzinfo=UTC),
    target="t",
    server_version="18",
)


def on_screen() -> OnScreen:
    return OnScreen(PLAN, Target("host=/nowhere"), None)


def test_the_banner_says_that_it_is_a_rehearsal_and_how_far() -> None:
    surface = on_screen()
    surface.begins(3, 9, Move(ONE, Way.BACK, Pass.STEP))
    for width in (80, 140):
        (row,) = header_rows(Scene(surface.snapshot, now=0.0, width=width, wall=WALL))
        text = "".join(span.text for span in row.spans)
        assert "REHEARSAL 3/9 back" in text
        assert "staging" not in text


def test_what_a_person_may_not_send_is_refused_and_seen() -> None:
    surface, told = on_screen(), threading.Event()
    surface.subscribe(told.set)
    before = surface.snapshot.refusal_count
    surface.submit(c.RunStep(ONE, "digest", "y"))
    assert (surface.snapshot.refusal, surface.snapshot.refusal_count) == (GOES_BY_ITSELF, before + 1)
    assert told.is_set()


def test_what_came_of_it_is_there_when_it_has_stopped() -> None:
    surface = on_screen()

    async def rehearse() -> Evidence:
        return EVIDENCE

    surface.rehearse = rehearse
    surface.start()
    assert surface.join(30)
    assert (surface.evidence, surface.failure) == (EVIDENCE, None)


def test_why_it_was_refused_is_a_sentence() -> None:
    surface = on_screen()

    async def rehearse() -> Evidence:
        raise RehearsalRefusedError("not here")

    surface.rehearse = rehearse
    surface.start()
    assert surface.join(30)
    assert surface.failure is not None
    assert (surface.failure.message, surface.failure.expected) == ("not here", True)
    assert surface.stopped
    assert replace(surface.snapshot).rehearsal
