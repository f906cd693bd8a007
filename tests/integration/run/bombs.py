"""Errors thrown into a task of the engine at one of its await points, as a defect of ours would raise them there."""

import asyncio
import types
from collections.abc import Callable, Coroutine, Generator
from dataclasses import dataclass, field
from typing import Any

import pytest

from zdtui.owned_tasks import OwnedTasks

KINDS: tuple[Callable[[], BaseException], ...] = (
    lambda: ValueError("thrown by a test"),
    lambda: KeyError("thrown by a test"),
    lambda: UnicodeDecodeError("utf-8", b"\xff", 0, 1, "thrown by a test"),
    lambda: RecursionError("thrown by a test"),
    lambda: asyncio.CancelledError("thrown by a test"),
    lambda: MemoryError("thrown by a test"),
)


@dataclass
class Bomb:
    """Goes off once, in the task of that part, when it has waited `at` times since it was armed."""

    part: str
    error: Callable[[], BaseException]
    at: int = 1
    armed: bool = True
    went_off: bool = False
    waits: int = field(default=0)

    def due(self) -> bool:
        """Whether this wait is the one."""
        if not self.armed or self.went_off:
            return False
        self.waits += 1
        self.went_off = self.waits >= self.at
        return self.went_off


def lay(monkeypatch: pytest.MonkeyPatch, bomb: Bomb) -> None:
    """Every task of that part is made with the bomb in it from now on."""
    begin = OwnedTasks._begin

    def with_bomb(self: OwnedTasks, part: str, work: Any, again: Any) -> Any:
        return begin(self, part, _driven(work, bomb) if part == bomb.part else work, again)

    monkeypatch.setattr(OwnedTasks, "_begin", with_bomb)


async def _driven(work: Coroutine[Any, Any, None], bomb: Bomb) -> None:
    await _drive(work, bomb)


@types.coroutine
def _drive(work: Coroutine[Any, Any, None], bomb: Bomb) -> Generator[Any, Any, None]:
    """Runs the work; where it waits for the chosen time, the error is thrown in instead of the answer."""
    thrown: BaseException | None = None
    while True:
        try:
            waited_for = work.send(None) if thrown is None else work.throw(thrown)
        except StopIteration:
            return
        if bomb.due():
            thrown = bomb.error()
            continue
        try:
            yield waited_for
        except BaseException as error:  # noqa: BLE001 (what the loop throws in is passed on as it is)
            thrown = error
        else:
            thrown = None
