"""A cancel request that is late on its way meets nothing but the question it was meant for."""

import asyncio
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any, cast

import psycopg
import pytest

from tests.fix_db import Database
from tests.integration.run.far_link import far_link
from zdtui.postgres.sessions.connect import Target, connect
from zdtui.postgres.sessions.deadline import Deadline
from zdtui.postgres.sessions.session import Session, ask_to_cancel
from zdtui.run.execute.cancel_on_stop import cancelled_on_stop
from zdtui.run.execute.control import Control, Stop
from zdtui.run.execute.put_back import put_back
from zdtui.run.execute.work import Work
from zdtui.run.model.events import HoldKind

LATE = 0.2
"""Seconds that a cancel request is on its way here: what it was meant for is over by then."""


@pytest.fixture
async def session(server: Database) -> AsyncIterator[Session]:
    """A session whose cancel requests, and they alone, arrive late."""
    to = psycopg.conninfo.conninfo_to_dict(server.dsn(tcp=True))
    opened: list[Session] = []
    async with far_link(str(to["host"]), int(to["port"] or 0), LATE, direct=lambda: not opened) as port:
        to |= {"host": "127.0.0.1", "port": port}
        opened.append(await connect(Target(psycopg.conninfo.make_conninfo("", **to)), application_name="test"))
        yield opened[0]
        await opened[0].close()


async def _is_left_alone(session: Session) -> None:
    """What is asked now takes longer than any cancel that is on its way."""
    await session.execute("SELECT pg_sleep(%s)", [2 * LATE])


async def test_the_next_question_waits_for_a_cancel_that_is_on_its_way(session: Session) -> None:
    asked = asyncio.create_task(session.execute("SELECT pg_sleep(%s)", [LATE / 4]))
    await asyncio.sleep(0)
    cancel = asyncio.create_task(ask_to_cancel(session))
    await asked
    assert not cancel.done()
    await _is_left_alone(session)
    assert cancel.done()


async def test_one_whose_sender_was_stopped_meanwhile_is_waited_for_too(session: Session) -> None:
    asked = asyncio.create_task(session.execute("SELECT pg_sleep(%s)", [LATE / 4]))
    await asyncio.sleep(0)
    cancel = asyncio.create_task(ask_to_cancel(session))
    await asyncio.sleep(LATE / 8)
    cancel.cancel()
    await asked
    await _is_left_alone(session)


async def test_a_question_that_lasts_is_cancelled(session: Session) -> None:
    asked = asyncio.create_task(session.execute("SELECT pg_sleep(60)"))
    await asyncio.sleep(0)
    await ask_to_cancel(session)
    with pytest.raises(psycopg.errors.QueryCanceled):
        await asked


async def test_a_stop_that_comes_with_the_answer_of_a_long_look(session: Session) -> None:
    work = _work(session)
    async with cancelled_on_stop(work, session):
        asked = asyncio.create_task(session.execute("SELECT pg_sleep(%s)", [LATE / 4]))
        await asyncio.sleep(LATE / 8)
        work.control.ask(Stop(HoldKind.PAUSED, "p"))
        await asked
    await _is_left_alone(session)


async def test_a_deadline_that_comes_with_the_answer(session: Session) -> None:
    async with Deadline(session, LATE / 8) as deadline:
        await session.execute("SELECT pg_sleep(%s)", [LATE / 4])
    assert deadline.passed
    await _is_left_alone(session)


async def test_a_session_is_put_back_whoever_cancels_what_it_does(session: Session, server: Database) -> None:
    """An administrator who means the author's statement, and whose cancel comes a moment after it."""
    await session.execute("SELECT pg_advisory_lock(1); SET work_mem = '1MB'")
    put, met = 0, 0
    async with await psycopg.AsyncConnection.connect(server.dsn(user="postgres"), autocommit=True) as administrator:

        async def cancels() -> None:
            nonlocal met
            while put < 60:
                await administrator.execute("SELECT pg_cancel_backend(%s)", [session.pid])
                met += 1
                await asyncio.sleep(0.01)

        cancelling = asyncio.create_task(cancels())
        for _ in range(60):
            await put_back(_work(session))
            put += 1
        await cancelling
    assert met
    row = await (await session.execute("SELECT current_setting('work_mem') <> '1MB'")).fetchone()
    assert row == (True,)


def _work(session: Session) -> Work:
    """What is looked at of a step by those who are tried here."""
    host = SimpleNamespace(told_of=print)
    fields: dict[str, Any] = {"control": Control(), "connection": session, "host": host, "lock_let_go": False}
    return cast(Work, SimpleNamespace(**fields))
