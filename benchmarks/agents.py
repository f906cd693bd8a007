"""What `zdtui mcp` costs: its first answer, its list of tools, and a run that an agent follows.

`make bench-agents`. The first answer is that of the official client: the program is started, the protocol agreed on and
the tools listed. Tokens are told as a quarter of the characters of the list as it is sent. A backfill runs alone and
followed by subscription in turns; the figure is the median of the ratios of neighbours. What a look at a followed run
costs the server is the sum of what its log says of each question. The last line is JSON.
"""

import argparse
import asyncio
import json
import os
import re
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import psycopg
from mcp import Client, StdioServerParameters, stdio_client

from benchmarks.machine import machine
from tests.integration.run.driver import Driver, plan_of, sql_step, step
from zdtui.demo.embedded import SUPERUSER, Cluster, ClusterSettings
from zdtui.demo.folders import claim_folder
from zdtui.demo.shop import OPERATOR, create_roles
from zdtui.owned_tasks import beside
from zdtui.plan.model import BackfillAction, Plan
from zdtui.run.model.state import StepStatus

ROOT = Path(__file__).resolve().parents[1]

CHARACTERS_A_TOKEN = 4
AGENT = "zdtui_agent"
DATABASE = "filled"
HEADS = "-- One row a run: how many events"
"""How the question begins that each look asks once (zdtui/postgres/journal/heads.sql)."""


@asynccontextmanager
async def agent(folder: Path, dsn: str | None = None) -> AsyncIterator[Client]:
    """The program and the official client."""
    words = ["-m", "zdtui", "mcp", "--root", str(folder), *(["--dsn", dsn] if dsn else [])]
    env = {**os.environ, "XDG_STATE_HOME": str(folder), "PYTHONPATH": str(ROOT)}
    async with Client(stdio_client(StdioServerParameters(command=sys.executable, args=words, env=env))) as client:
        yield client


async def first_answers(folder: Path, times: int) -> tuple[list[float], int]:
    """Seconds from the start of the program to its list of tools, and how many characters that is."""
    found, characters = [], 0
    for _ in range(times):
        began = time.perf_counter()
        async with agent(folder) as client:
            tools = (await client.list_tools()).tools
            found.append(time.perf_counter() - began)
        listed = [each.model_dump(by_alias=True, exclude_none=True, mode="json") for each in tools]
        characters = len(json.dumps(listed, separators=(",", ":")))
    return found, characters


def plan(number: int) -> Plan:
    """A backfill of a table of its own."""
    fill = BackfillAction(table=f"t{number}", assignments=(("x", "1"),), where="x IS NULL")
    return plan_of(sql_step("begin", "SELECT 1"), step("fill", fill), name=f"fill-{number}")


async def filled(folder: Path, cluster: Cluster, number: int, *, followed: bool) -> tuple[float, int]:
    """Seconds that the backfill took, and how often the agent was told that the run had gone on."""
    told = 0
    async with Driver(plan(number), cluster.dsn(DATABASE, OPERATOR)) as driver:
        await driver.run("begin")
        await driver.stage.recorder.flush(5)
        may_read_journal(cluster)
        uri = f"zdtui://runs/{driver.stage.recorder.run}/status"

        async def follow() -> None:
            nonlocal told
            async with (
                agent(folder, cluster.dsn(DATABASE, AGENT)) as client,
                client.listen(resource_subscriptions=[uri]) as events,
            ):
                async for _ in events:
                    await client.read_resource(uri)
                    told += 1

        if not followed:
            return await timed(driver), 0
        async with beside(follow()) as following:
            await driver.until(lambda: told > 0)
            seconds = await timed(driver)
            following.cancel()
        return seconds, told


def may_read_journal(cluster: Cluster) -> None:
    """What docs/agents.md says to grant."""
    with psycopg.connect(cluster.dsn(DATABASE, OPERATOR), autocommit=True) as session:
        session.execute(f"GRANT USAGE ON SCHEMA zdtui TO {AGENT}".encode())
        session.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA zdtui TO {AGENT}".encode())


async def timed(driver: Driver) -> float:
    """Seconds of the backfill."""
    began = time.perf_counter()
    state = await driver.run("fill")
    if state.status is not StepStatus.DONE:
        raise SystemExit(f"the backfill ended as {state}")
    return time.perf_counter() - began


async def turns(folder: Path, cluster: Cluster, pairs: int) -> dict[str, object]:
    """Alone and followed, in turns."""
    alone: list[float] = []
    followed: list[float] = []
    told = 0
    for number in range(pairs):
        for is_followed in (False, True) if number % 2 else (True, False):
            seconds, times = await filled(folder, cluster, 2 * number + is_followed, followed=is_followed)
            (followed if is_followed else alone).append(seconds)
            told += times
    ratios = [one / other for one, other in zip(followed, alone, strict=True)]
    return {
        "look": looks(cluster.log_text),
        "backfill_alone_s": round(statistics.median(alone), 2),
        "backfill_followed_s": round(statistics.median(followed), 2),
        "ratio_followed": round(statistics.median(ratios), 3),
        "ratios": [round(each, 3) for each in ratios],
        "told": told,
    }


def looks(log: str) -> dict[str, object]:
    """How many looks there were, how many questions each asked, and how long the server worked for one."""
    durations = [float(each) for each in re.findall(r" zdtui agents LOG:  duration: ([0-9.]+) ms", log)]
    asked = re.findall(r" zdtui agents LOG:  duration: [0-9.]+ ms  execute [^:]*: ([^\n]*)", log)
    count, questions = sum(each.startswith(HEADS) for each in asked), len(asked)
    each = max(1, count)
    return {"times": count, "questions": round(questions / each, 1), "server_ms": round(sum(durations) / each, 2)}


def prepare(cluster: Cluster, pairs: int, rows: int) -> None:
    """A role for agents, the tables, and the journal, which agents may read."""
    create_roles(cluster)
    with psycopg.connect(cluster.dsn(user=SUPERUSER), autocommit=True) as session:
        session.execute(f"CREATE ROLE {AGENT} LOGIN IN ROLE pg_monitor".encode())
        session.execute(f"ALTER ROLE {AGENT} SET log_min_duration_statement = 0".encode())
        session.execute(f"CREATE DATABASE {DATABASE} OWNER {OPERATOR}".encode())
    with psycopg.connect(cluster.dsn(DATABASE, OPERATOR), autocommit=True) as session:
        for number in range(2 * pairs):
            session.execute(f"CREATE TABLE t{number} (id int PRIMARY KEY, x int)".encode())
            session.execute(f"INSERT INTO t{number} SELECT g FROM generate_series(1, {rows}) AS g".encode())
            session.execute(f"VACUUM ANALYZE t{number}".encode())


def main() -> None:
    """Measure, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--starts", type=int, default=7)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--quick", action="store_true", help="3 starts, 2 pairs of backfills of 200 000 rows")
    given = parser.parse_args()
    starts, pairs, rows = (3, 2, 200_000) if given.quick else (given.starts, given.pairs, given.rows)
    folder = claim_folder("zdtui-bench-agents")
    cluster = Cluster.create(folder.path / "server", 18, ClusterSettings(superuser_on_loopback=True))
    with tempfile.TemporaryDirectory() as root:
        try:
            seconds, characters = asyncio.run(first_answers(Path(root), starts))
            used = resource.getrusage(resource.RUSAGE_CHILDREN)
            processor = (used.ru_utime + used.ru_stime) / starts
            cluster.start()
            prepare(cluster, pairs, rows)
            figures = asyncio.run(turns(Path(root), cluster, pairs))
        finally:
            cluster.stop("immediate")
            folder.remove()
    first = {
        "median": round(statistics.median(seconds), 2),
        "least": round(min(seconds), 2),
        "processor": round(processor, 2),
    }
    tools = {"characters": characters, "tokens": round(characters / CHARACTERS_A_TOKEN)}
    print(json.dumps({"benchmark": "agents", "first_answer_s": first, "tools": tools, **figures, "machine": machine()}))


if __name__ == "__main__":
    main()
