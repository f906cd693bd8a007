"""A session that is being opened when its task is cancelled is closed: nobody else would ever know of it."""

import asyncio
import contextlib
import gc
from collections.abc import Awaitable, Callable

import pytest

from tests.fix_db import Database
from zdtui.postgres.sessions.connect import Target, connect
from zdtui.postgres.sessions.session import Session
from zdtui.run.engine.sessions import Sessions, open_sessions

Opening = Callable[[Target], Awaitable[Session | Sessions]]


async def one(target: Target) -> Session:
    return await connect(target, application_name="zdtui test")


async def three(target: Target) -> Sessions:
    return await open_sessions(target, "test")


@pytest.mark.parametrize("opening", [one, three])
async def test_an_opening_that_is_cancelled_anywhere_leaves_no_session(server18: Database, opening: Opening) -> None:
    target = Target(server18.dsn())
    cancelled = 0
    for turn in range(60):
        before = {id(each) for each in _open_here()}
        task = asyncio.ensure_future(opening(target))
        await asyncio.sleep(0.0002 * 1.35**turn)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await (await task).close()
            break
        cancelled += 1
        assert [each for each in _open_here() if id(each) not in before] == []
    else:
        raise AssertionError("never opened")
    assert cancelled >= 3


def _open_here() -> list[Session]:
    gc.collect()
    return [each for each in gc.get_objects() if isinstance(each, Session) and not each.closed]
