"""No task dies alone: one file makes tasks, and whatever ends one, its owner hears of it."""

import ast
import asyncio
from pathlib import Path

import pytest

from zdtui import owned_tasks
from zdtui.owned_tasks import EndedByItselfError, Fault, OwnedTasks, beside

CHECKOUT = Path(__file__).parents[2]
SOURCES = sorted(path for room in ("zdtui", "screens") for path in (CHECKOUT / room).rglob("*.py"))
MAKES_TASKS = CHECKOUT / "zdtui" / "owned_tasks.py"
ERRORS = (
    ValueError("no"),
    KeyError("no"),
    UnicodeDecodeError("utf-8", b"\xff", 0, 1, "no"),
    RecursionError(),
    MemoryError(),
    OSError("no"),
)


def loose_tasks(text: str) -> list[str]:
    """Calls that make a task nobody owns, or swallow how one ended. A TaskGroup owns its own."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        swallows = any(keyword.arg == "return_exceptions" for keyword in node.keywords)
        bare = called in ("asyncio.create_task", "create_task", "asyncio.ensure_future", "ensure_future")
        of_a_loop = called.endswith(".create_task") and "loop" in called
        if bare or of_a_loop or swallows or called.endswith("run_coroutine_threadsafe"):
            found.append(f"{node.lineno}: {called}")
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(CHECKOUT).as_posix())
def test_no_other_file_makes_a_task(path: Path) -> None:
    assert path == MAKES_TASKS or loose_tasks(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "text",
    [
        "asyncio.create_task(f())",
        "asyncio.get_running_loop().create_task(f())",
        "x = asyncio.ensure_future(f())",
        "await asyncio.gather(a, return_exceptions=True)",
        "asyncio.run_coroutine_threadsafe(f(), loop)",
    ],
)
def test_the_look_for_loose_tasks_finds_them(text: str) -> None:
    assert loose_tasks(f"async def g():\n    {text}")


async def raising(error: BaseException) -> None:
    await asyncio.sleep(0)
    raise error


class Told:
    """Keeps what it is told, and can be waited for."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self._heard = asyncio.Event()

    def __call__(self, fault: Fault) -> None:
        self.faults.append(fault)
        self._heard.set()

    async def first(self) -> Fault:
        await asyncio.wait_for(self._heard.wait(), 30)
        return self.faults[0]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
async def test_whatever_a_task_ends_with_its_owner_hears_of_it(error: Exception) -> None:
    told = Told()
    OwnedTasks(told).once("part", raising(error))
    fault = await told.first()
    assert fault.error is error
    assert fault.part == "part"
    assert not fault.begun_again


async def test_a_cancellation_from_elsewhere_is_a_fault_and_one_of_the_owner_is_not() -> None:
    told, forever = Told(), asyncio.Event()
    tasks = OwnedTasks(told)
    ours = tasks.once("ours", wait_for(forever))
    theirs = tasks.once("theirs", wait_for(forever))
    assert await tasks.stop(ours)
    theirs.cancel()
    fault = await told.first()
    assert fault.part == "theirs"
    assert isinstance(fault.error, asyncio.CancelledError)
    assert len(told.faults) == 1


async def wait_for(event: asyncio.Event) -> None:
    await event.wait()


async def test_a_task_that_is_cancelled_before_it_began_is_heard_of_too() -> None:
    told = Told()
    OwnedTasks(told).once("part", wait_for(asyncio.Event())).cancel()
    assert isinstance((await told.first()).error, asyncio.CancelledError)


async def test_what_works_for_ever_is_begun_again_until_its_owner_closes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(owned_tasks, "AGAIN_AFTER", 0.0)
    told, times, third = Told(), 0, asyncio.Event()

    async def work() -> None:
        nonlocal times
        times += 1
        if times == 3:
            third.set()
            await asyncio.Event().wait()
        if times == 2:
            raise ValueError("no")

    tasks = OwnedTasks(told)
    tasks.for_ever("part", work)
    await asyncio.wait_for(third.wait(), 30)
    assert [type(fault.error) for fault in told.faults] == [EndedByItselfError, ValueError]
    assert all(fault.begun_again for fault in told.faults)
    assert await tasks.close()
    await asyncio.sleep(0)
    assert times == 3
    assert len(told.faults) == 2


async def test_stopping_gives_up_on_what_does_not_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(owned_tasks, "ASK_AGAIN", 0.01)
    may_end, told = asyncio.Event(), Told()

    async def deaf() -> None:
        while not may_end.is_set():
            try:
                await may_end.wait()
            except asyncio.CancelledError:
                continue

    tasks = OwnedTasks(told)
    task = tasks.once("deaf", deaf())
    await asyncio.sleep(0)
    assert not await tasks.stop(task, seconds=0.05)
    may_end.set()
    assert await tasks.close()
    assert told.faults == []


async def test_a_work_beside_a_block_ends_with_it_and_its_error_is_raised_there() -> None:
    with pytest.raises(ValueError, match="no"):
        async with beside(raising(ValueError("no"))):
            pass
    with pytest.raises(KeyError):
        async with beside(wait_for(asyncio.Event())) as task:
            raise KeyError("of the block")
    assert task.cancelled()
