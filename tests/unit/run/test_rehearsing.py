"""The process of a rehearsal that a console has begun: however it ends, it is over then, and why is told."""

import asyncio
import sys

import pytest

from tests.unit.run.plans import plan
from zdtui.evidence.under_way import UnderWay
from zdtui.plan.model import StepId
from zdtui.postgres.target.target import Target
from zdtui.run.engine import rehearsing
from zdtui.run.engine.rehearsing import Rehearsing
from zdtui.run.engine.state import EngineState

ADD = StepId("add")


async def came_to() -> UnderWay:
    """What the console shows when the process has ended."""
    state = EngineState(plan=plan(), target=Target("host=/nowhere"), operator="ana", changed=lambda: None)
    looked = asyncio.Event()

    async def look_again() -> None:
        looked.set()

    Rehearsing(state, look_again).start(ADD)
    assert state.under_way == UnderWay(ADD)
    await looked.wait()
    assert state.under_way is not None
    return state.under_way


async def test_one_that_cannot_be_started_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    over = await came_to()
    assert over.over
    assert over.failed == "it could not be started: No such file or directory"


async def test_one_that_dies_of_a_fault_of_its_own_has_kept_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python ends with 1 then, which is no verdict on the step."""
    monkeypatch.setattr(rehearsing, "MODULE", "zdtui.no_such_module")
    assert await came_to() == UnderWay(ADD, over=True, failed="it ended with 1: it said nothing")
