"""Six kinds of writers at once, while a drafted plan goes forward, back and forward: no acknowledged write is lost.

Each row has one writer, so that what is acknowledged last is what has to be there, in both shapes while there are two.
`make prove-draft` runs every kind with many seeds on both servers; here are a few. A failure names the seed.
"""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import psycopg
import pytest

from tests.fix_db import Database
from tests.integration.draft.proving import KINDS, PROVING, SEEDS, SHORT, Kind, on_each_server_when_proving
from tests.integration.draft.test_drafts import quick
from tests.integration.run.driver import Driver, ask, do
from zdtui.draft.draft import draft_plan
from zdtui.draft.live import known_of_server
from zdtui.plan.load import parse_plan
from zdtui.plan.model import Phase, Plan, StepId
from zdtui.postgres.sessions.connect import Target
from zdtui.run.model.state import StepStatus
from zdtui.steps.manual import ManualAction

KINDS_OF_WRITERS = ("old_release", "release_after", "upserts", "copies", "cascades", "foreign_trigger")
SETUP = """
CREATE TABLE accounts (id int PRIMARY KEY);
INSERT INTO accounts SELECT generate_series(1, 40);
CREATE TABLE items (
  id int PRIMARY KEY, account int REFERENCES accounts ON UPDATE CASCADE ON DELETE CASCADE, n int NOT NULL DEFAULT 0, note text
);
INSERT INTO items SELECT g, 1 + g % 40, g, 'old' FROM generate_series(1, 3000) g;
CREATE INDEX items_note ON items (note);
CREATE FUNCTION app_counts_notes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.note IS DISTINCT FROM OLD.note THEN NEW.n := OLD.n + 1; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER z_app_counts_notes BEFORE UPDATE ON items FOR EACH ROW EXECUTE FUNCTION app_counts_notes();
ANALYZE
"""
APP_TRIGGER = "CREATE TRIGGER z_app_counts_notes"


@dataclass
class Writers:
    """All six; what each row has to hold is noted once the server has acknowledged it."""

    dsn: str
    seed: int
    kind: Kind
    expected: dict[int, int] = field(default_factory=dict)
    new_release: bool = False
    new_release_writes: asyncio.Lock = field(default_factory=asyncio.Lock)
    counts: dict[str, int] = field(default_factory=dict)
    _next: int = 1_000_000

    def row(self, kind: int) -> int:
        """A row that was there before, of this kind of writer."""
        return 6 * self.random.randrange(1, 480) + kind

    def new_row(self, kind: int) -> int:
        self._next += 6
        return self._next - self._next % 6 + kind

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)

    @contextlib.asynccontextmanager
    async def at_work(self) -> AsyncIterator[asyncio.Event]:
        over = asyncio.Event()
        kinds: tuple[Callable[[Any], Awaitable[None]], ...] = (
            self.old_release,
            self.release_after,
            self.upserts,
            self.copies,
            self.cascades,
            self.foreign_trigger,
        )

        async def write(kind: Callable[[Any], Awaitable[None]]) -> None:
            async with await psycopg.AsyncConnection.connect(
                self.dsn, autocommit=True, prepare_threshold=None
            ) as connection:
                while not over.is_set():
                    with contextlib.suppress(psycopg.errors.DeadlockDetected):  # nothing was acknowledged
                        await kind(connection)
                    self.counts[kind.__name__] = self.counts.get(kind.__name__, 0) + 1
                    await asyncio.sleep(self.random.random() * 0.02)

        async with asyncio.TaskGroup() as group:
            for kind in kinds:
                group.create_task(write(kind))
            try:
                yield over
            finally:
                over.set()

    async def have_written(self) -> None:
        """Until each kind of them has written some more."""
        before = dict(self.counts)
        async with asyncio.timeout(120):
            while any(self.counts.get(kind, 0) < before.get(kind, 0) + 5 for kind in KINDS_OF_WRITERS):  # noqa: ASYNC110 (other tasks count)
                await asyncio.sleep(0.01)

    async def old_release(self, connection: psycopg.AsyncConnection[Any]) -> None:
        value = self.random.randrange(1_000_000)
        if self.random.random() < 0.5:
            row = self.new_row(0)
            await connection.execute("INSERT INTO items (id, account, n) VALUES (%s, 1, %s)", [row, value])
        else:
            row = self.row(0)
            await connection.execute("UPDATE items SET n = %s WHERE id = %s", [value, row])
        self.expected[row] = value

    async def release_after(self, connection: psycopg.AsyncConnection[Any]) -> None:
        """Begins with the trigger, and ends before it is taken back."""
        async with self.new_release_writes:
            if self.new_release and self.kind.insert:
                await self._write_the_new_shape(connection)

    async def _write_the_new_shape(self, connection: psycopg.AsyncConnection[Any]) -> None:
        row, value = self.row(1), self.random.randrange(1_000_000)
        insert = self.random.random() < 0.5
        row = self.new_row(1) if insert else row
        async with connection.transaction():
            for text in self.kind.insert if insert else (self.kind.update,):
                await connection.execute(text.encode(), {"id": row, "value": value})
        self.expected[row] = value

    async def upserts(self, connection: psycopg.AsyncConnection[Any]) -> None:
        row, value = self.row(2) if self.random.random() < 0.7 else self.new_row(2), self.random.randrange(1_000_000)
        text = "INSERT INTO items (id, n) VALUES (%s, %s) ON CONFLICT (id) DO UPDATE SET n = EXCLUDED.n"
        await connection.execute(text, [row, value])
        self.expected[row] = value

    async def copies(self, connection: psycopg.AsyncConnection[Any]) -> None:
        rows = {self.new_row(3): self.random.randrange(1_000_000) for _ in range(5)}
        async with connection.cursor() as cursor, cursor.copy("COPY items (id, n, note) FROM STDIN") as copy:
            for row, value in rows.items():
                await copy.write_row((row, value, "copied"))
        self.expected |= rows

    async def cascades(self, connection: psycopg.AsyncConnection[Any]) -> None:
        """The referencing rows are changed by the server itself, and none of their values may change."""
        old, new = 3 + self.random.randrange(38), 100 + self.random.randrange(10_000)
        with contextlib.suppress(psycopg.errors.UniqueViolation):
            await connection.execute("UPDATE accounts SET id = %s WHERE id = %s", [new, old])
            await connection.execute("UPDATE accounts SET id = %s WHERE id = %s", [old, new])

    async def foreign_trigger(self, connection: psycopg.AsyncConnection[Any]) -> None:
        """The application's own trigger changes the value of a row whose note is written."""
        row = self.row(5)
        text = "UPDATE items SET note = note || '.' WHERE id = %s"
        if not self.kind.app_trigger:
            text = "UPDATE items SET note = note || '.', n = n + 1 WHERE id = %s"
        found = await connection.execute(text.encode(), [row])
        if found.rowcount:
            self.expected[row] = self.expected.get(row, row) + 1


async def wrong(dsn: str, writers: Writers, query: str) -> list[str]:
    """Rows that do not hold what was acknowledged."""
    async with await psycopg.AsyncConnection.connect(dsn) as connection:
        rows = await (await connection.execute(query.encode())).fetchall()
    found: dict[int, int] = dict(rows)
    return [
        f"row {row} ({KINDS_OF_WRITERS[row % 6]}): {found.get(row)} and not {value}, by {query}"
        for row, value in writers.expected.items()
        if found.get(row) != value
    ]


async def forward(driver: Driver, writers: Writers, first: str, last: StepId | None) -> None:
    """Up to `last`, not included; the new release writes once the trigger is there."""
    for step in driver.plan.steps:
        if step.id == last:
            return
        if driver.state(step.id).status is StepStatus.DONE:
            continue
        state = await driver.run(step.id, "done" if isinstance(step.action, ManualAction) else "")
        assert state.status is StepStatus.DONE, f"{step.id}: {state.message or driver.stage.refusal}"
        writers.new_release = writers.new_release or step.id == first


@pytest.mark.parametrize("kind", KINDS if PROVING else SHORT)
@pytest.mark.parametrize("seed", SEEDS)
async def test_no_acknowledged_write_is_lost(server: Database, kind: str, seed: int) -> None:
    on_each_server_when_proving(server)
    dsn, it = str(server.dsn()), KINDS[kind]
    await do(dsn, SETUP if it.app_trigger else SETUP.replace(APP_TRIGGER, f"-- {APP_TRIGGER}"))
    plan = quick(parse_plan(draft_plan(it.sql, await known_of_server(Target(dsn), ())).text, "draft.yaml"))
    final = next((step.id for step in plan.steps if step.phase is Phase.CONTRACT), None)
    writers = Writers(dsn, seed, it)
    async with writers.at_work() as over, Driver(plan, dsn) as driver:
        await forward(driver, writers, it.begins_with, final)
        await writers.have_written()
        await back(driver, plan, writers)
        await forward(driver, writers, it.begins_with, final)
        await writers.have_written()
        over.set()
    for query in it.both:
        assert await wrong(dsn, writers, query) == [], f"seed {seed}"
    assert await ask(dsn, f"SELECT count(*) FROM {it.wrong}") == 0, f"seed {seed}"
    async with Driver(plan, dsn) as driver:
        await forward(driver, writers, it.begins_with, None)
    assert await wrong(dsn, writers, it.final) == [], f"seed {seed}"


async def back(driver: Driver, plan: Plan, writers: Writers) -> None:
    """The release after the change is taken back first, as its note says."""
    writers.new_release = False
    async with writers.new_release_writes:
        pass  # what it had begun is done
    await driver.roll_back_to(plan.steps[0].id)
    assert all(driver.state(step.id).status is StepStatus.PENDING for step in plan.steps), driver.stage.refusal
