"""The team's own throttle and the canary, asked for real: a query, an HTTP address, a WAL message."""

import asyncio
import contextlib
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tests.fix_db import Database
from zdtui.demo.embedded import SUPERUSER
from zdtui.plan.model import Answer, Throttle
from zdtui.run.model.commands import ThrottleLevel
from zdtui.run.throttle.throttling import Throttling
from zdtui.watch.samples import LocksSample, QueriesSample, Reading, ReplicationSample, Samples, ServerSample

PATIENCE = 240.0


def everything_seen() -> Samples:
    """A quiet server, seen at this moment."""
    now = time.monotonic()
    return Samples(
        locks=Reading(LocksSample(), now),
        queries=Reading(QueriesSample(), now),
        replication=Reading(ReplicationSample(), now),
        server=Reading(ServerSample(), now),
    )


@asynccontextmanager
async def asking(database: Database | None, **limits: object) -> AsyncIterator[Throttling]:
    """A throttle that asks, until the block ends."""
    throttling = Throttling(
        limits=Throttle().model_copy(update=limits),
        samples=everything_seen,
        effort=lambda: ThrottleLevel.FULL,
        connect=None if database is None else database.aconnect,
    )
    task = asyncio.create_task(throttling.run())
    try:
        yield throttling
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def until(condition: Callable[[], bool], what: str) -> None:
    for _ in range(round(PATIENCE / 0.02)):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"never: {what}")


@pytest.fixture
def address() -> Iterator[tuple[str, dict[str, int]]]:
    """An HTTP address and the status it answers with."""
    says = {"status": 200}

    class Says(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(says["status"])
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Says) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/throttle", says
        server.shutdown()
        thread.join()


async def test_a_query_of_the_team_slows_and_stops(server18: Database) -> None:
    server18.execute("CREATE TABLE brake (says text); INSERT INTO brake VALUES ('go')")
    async with asking(server18, query="SELECT says FROM brake") as throttling:
        await until(lambda: throttling.answers.get("throttle query") is Answer.GO, "go")
        assert not throttling.rest(0.01).throttled
        server18.execute("UPDATE brake SET says = 'stop'")
        await until(lambda: throttling.rest(0.01).reason == "throttle query says stop (limit go)", "stop")
        server18.execute("UPDATE brake SET says = 'go'")
        await until(lambda: not throttling.rest(0.01).throttled, "go again")


@pytest.mark.parametrize(
    "query", ["SELECT pg_sleep(60)", "SELECT 1/0", "SELECT 'perhaps'", "SELECT FROM no_such", "DROP TABLE kept"]
)
async def test_what_is_not_answered_or_not_allowed_means_what_the_plan_says(server18: Database, query: str) -> None:
    server18.execute("CREATE TABLE kept ()")
    limits = {"query": query, "timeout": timedelta(milliseconds=200), "unanswered": Answer.SLOW}
    async with asking(server18, **limits) as throttling:
        await until(lambda: throttling.answers.get("throttle query") is Answer.SLOW, "the plan's own word for silence")
    assert server18.execute("SELECT to_regclass('kept')::text") == [("kept",)]


def answers(throttling: Throttling, answer: Answer) -> bool:
    """Whether the address was last heard to say so."""
    return throttling.answers.get("throttle url") is answer


async def test_an_address_slows_stops_and_is_missed_when_it_is_gone(address: tuple[str, dict[str, int]]) -> None:
    url, says = address
    async with asking(None, url=url) as throttling:
        for status, answer in ((200, Answer.GO), (429, Answer.SLOW), (503, Answer.STOP)):
            says["status"] = status
            await until(partial(answers, throttling, answer), f"{answer}")
    async with asking(None, url="http://127.0.0.1:1/nobody", timeout=timedelta(seconds=1)) as throttling:
        await until(lambda: throttling.answers.get("throttle url") is Answer.STOP, "stop, because nobody answers")


async def test_the_canary_has_a_baseline_soon_and_leaves_no_table(server18: Database) -> None:
    async with asking(server18, canary=5) as throttling:
        await until(lambda: throttling.canary.times_usual is not None, "a figure")
    assert server18.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'zdtui'") == [(0,)]


async def test_a_session_that_is_terminated_is_opened_again(server18: Database) -> None:
    async with asking(server18, query="SELECT 'go'") as throttling:
        await until(lambda: throttling.answers.get("throttle query") is Answer.GO, "go")
        server18.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        await until(lambda: throttling.answers.get("throttle query") is Answer.STOP, "silence")
        await until(lambda: throttling.answers.get("throttle query") is Answer.GO, "go again")


async def test_one_source_that_dies_takes_none_of_the_others_along(server18: Database) -> None:
    """The address is none, the canary may not sing: the query goes on and each of them is told of."""
    server18.execute(
        "REVOKE EXECUTE ON FUNCTION pg_logical_emit_message(boolean, text, text, boolean) FROM PUBLIC", SUPERUSER
    )
    try:
        async with asking(server18, query="SELECT 'go'", url="http://127.0.0.1:1/", canary=5) as throttling:
            await until(lambda: throttling.answers.get("throttle query") is Answer.GO, "the query's answer")
            await until(lambda: bool(throttling.silent.get("throttle url")), "the address is silent")
            await until(lambda: "permission denied" in throttling.canary_failed, "the canary fails")
            assert "does not answer" in str(throttling.signals()[-1])
            assert "permission denied" in throttling.rest(0.01).reason
    finally:
        server18.execute(
            "GRANT EXECUTE ON FUNCTION pg_logical_emit_message(boolean, text, text, boolean) TO PUBLIC", SUPERUSER
        )
