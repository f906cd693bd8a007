"""Every kind of change that is drafted, on real servers, beside writers of the old release: forward, back, forward."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

import psycopg
import pytest

from tests.fix_db import Database
from tests.integration.run.driver import QUIET, Driver, ask, do
from tests.integration.run.test_plans import schema_of
from zdtui.draft.draft import draft_plan
from zdtui.draft.drafted import DraftError
from zdtui.draft.live import known_of_server
from zdtui.plan.load import parse_plan
from zdtui.plan.model import ManualAction, Phase, Plan, Step, WaitAction
from zdtui.postgres.sessions.connect import Target
from zdtui.run.model.state import StepStatus
from zdtui.sql.text.name import Name

SETUP = """
CREATE TABLE customers (id int PRIMARY KEY, name text NOT NULL);
INSERT INTO customers SELECT g, 'customer ' || g FROM generate_series(1, 50) g;
CREATE TABLE orders (
  id bigint PRIMARY KEY, customer_id int, status text DEFAULT 'new', total int NOT NULL DEFAULT 0, code varchar(20), note text
);
INSERT INTO orders SELECT g, 1 + g % 50, 'paid', g, 'c' || g, 'n' FROM generate_series(1, 2000) g;
CREATE INDEX orders_note ON orders (note);
CREATE TABLE codes (code text NOT NULL, place int);
INSERT INTO codes SELECT 'c' || g, g FROM generate_series(1, 300) g;
CREATE TABLE log (at date NOT NULL, what text) PARTITION BY RANGE (at);
CREATE TABLE log_1 PARTITION OF log FOR VALUES FROM ('2026-01-01') TO ('2026-07-01');
CREATE TABLE log_2 PARTITION OF log FOR VALUES FROM ('2026-07-01') TO ('2027-01-01');
INSERT INTO log SELECT date '2026-01-01' + g % 360, 'w' || g FROM generate_series(1, 500) g;
ANALYZE
"""


@dataclass(frozen=True)
class Change:
    """What is asked for, and what is true once its plan is done."""

    sql: str
    true_then: str
    by_version: bool = False
    """Whether the plan is another one on an older server."""
    leaves: bool = False
    """Whether going back leaves what needs no undoing."""


def column(name: str, type_: str, not_null: bool, table: str = "orders") -> str:
    return (
        f"SELECT format_type(atttypid, atttypmod) = '{type_}' AND attnotnull = {not_null} FROM pg_attribute"
        f" WHERE attrelid = '{table}'::regclass AND attname = '{name}'"
    )


def gone(name: str) -> str:
    return (
        "SELECT NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'orders'::regclass AND NOT attisdropped"
        f" AND attname LIKE '{name}%')"
    )


def constraint(name: str) -> str:
    return f"SELECT convalidated FROM pg_constraint WHERE conname = '{name}'"


CHANGES = [
    Change("ALTER TABLE orders ALTER COLUMN status SET NOT NULL", column("status", "text", True), by_version=True),
    Change("ALTER TABLE orders ADD CHECK (total >= 0)", constraint("orders_total_check")),
    Change(
        "ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers ON DELETE CASCADE",
        "SELECT convalidated AND confdeltype = 'c' FROM pg_constraint WHERE conname = 'orders_customer_id_fkey'",
    ),
    Change("ALTER TABLE codes ADD CONSTRAINT place_once UNIQUE (place)", constraint("place_once")),
    Change("ALTER TABLE codes ADD PRIMARY KEY (code)", constraint("codes_pkey")),
    Change("ALTER TABLE codes ADD PRIMARY KEY (place)", constraint("codes_pkey"), by_version=True),
    Change(
        "CREATE UNIQUE INDEX by_code ON orders USING btree (lower(code)) INCLUDE (id) WHERE code IS NOT NULL",
        "SELECT indisvalid AND indisunique FROM pg_index WHERE indexrelid = 'by_code'::regclass",
    ),
    Change(
        "CREATE INDEX log_what ON log (what)",
        "SELECT bool_and(indisvalid) AND count(*) = 3 FROM pg_index"
        " WHERE indrelid IN ('log'::regclass, 'log_1'::regclass, 'log_2'::regclass)",
    ),
    Change("DROP INDEX orders_note", "SELECT to_regclass('orders_note') IS NULL"),
    Change("ALTER TABLE orders DROP COLUMN note", gone("note")),
    Change("DROP TABLE codes", "SELECT to_regclass('codes') IS NULL AND to_regclass('codes_to_drop') IS NULL"),
    Change("ALTER TABLE orders RENAME COLUMN total TO amount", column("amount", "integer", True), by_version=True),
    Change("ALTER TABLE orders RENAME COLUMN code TO reference", column("reference", "character varying(20)", False)),
    Change(
        "ALTER TABLE customers RENAME TO clients",
        "SELECT to_regclass('customers') IS NULL AND to_regclass('clients') IS NOT NULL",
    ),
    Change(
        "ALTER TABLE orders ALTER COLUMN code TYPE varchar(40)",
        column("code", "character varying(40)", False),
        leaves=True,
    ),
    Change("ALTER TABLE orders ALTER COLUMN total TYPE bigint", column("total", "bigint", True), by_version=True),
    Change(
        "ALTER TABLE orders ALTER COLUMN total TYPE numeric(12,2) USING total::numeric",
        column("total", "numeric(12,2)", True),
    ),
    Change(
        "ALTER TABLE orders ADD COLUMN token uuid NOT NULL DEFAULT gen_random_uuid()", column("token", "uuid", True)
    ),
    Change("ALTER TABLE orders ADD COLUMN seen boolean NOT NULL DEFAULT false", column("seen", "boolean", True)),
    Change(
        "ALTER TABLE orders ADD COLUMN org int; CREATE INDEX ON orders (org); ALTER TABLE orders ADD CHECK (org > 0)",
        "SELECT convalidated AND to_regclass('orders_org_idx') IS NOT NULL FROM pg_constraint"
        " WHERE conname = 'orders_org_check'",
    ),
]
OLD_RELEASE = (
    "INSERT INTO orders (id, customer_id, status, total, code, note) VALUES ({n}, 1, 'new', {n}, 'x{n}', 'o')",
    "UPDATE orders SET total = total + 1, code = 'u{n}' WHERE id = {n} % 2000",
    "INSERT INTO orders (id, total, status) VALUES ({n} % 2000, 7, 'new') ON CONFLICT (id) DO UPDATE SET total = EXCLUDED.total",
    "INSERT INTO codes VALUES ('w{n}', {n})",
    "UPDATE customers SET name = name || '.' WHERE id = 1 + {n} % 50",
    "INSERT INTO log VALUES ('2026-03-03', 'l{n}')",
)


class OldRelease:
    """Writes on and on as the release before the change does. A statement that fails ends the test."""

    def __init__(self, dsn: str, statements: tuple[str, ...] = OLD_RELEASE) -> None:
        self.dsn, self.statements = dsn, statements
        self.number = 100_000
        self._over = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._over.clear()
        self._task = asyncio.create_task(self._write())

    async def stop(self) -> None:
        self._over.set()
        if self._task is not None:
            await self._task
        self._task = None

    async def _write(self) -> None:
        async with await psycopg.AsyncConnection.connect(self.dsn, autocommit=True) as connection:
            while not self._over.is_set():
                for each in self.statements:
                    self.number += 1
                    await connection.execute(each.format(n=self.number).encode())
                await asyncio.sleep(0.01)


def quick(plan: Plan) -> Plan:
    """Without a day's soak, and without guards, which stop a step on a machine that is busy."""

    def shorter(step: Step) -> Step:
        if not isinstance(step.action, WaitAction):
            return step
        return step.model_copy(update={"action": WaitAction(duration=timedelta(milliseconds=20))})

    return plan.model_copy(update={"steps": tuple(map(shorter, plan.steps)), "guards": QUIET})


async def forward(driver: Driver, release: OldRelease, until: str | None = None) -> None:
    for step in driver.plan.steps:
        if step.id == until:
            return
        if isinstance(step.action, ManualAction) and step.phase is Phase.SWITCH:
            await release.stop()  # what is deployed here does not need the old shape any more
        if driver.state(step.id).status is not StepStatus.DONE:
            state = await driver.run(step.id, "done" if isinstance(step.action, ManualAction) else "")
            assert state.status is StepStatus.DONE, f"{step.id}: {state.message or driver.stage.refusal}"


def named(change: Change) -> str:
    return change.sql[:60]


@pytest.mark.parametrize("change", [each for each in CHANGES if not each.by_version], ids=named)
async def test_a_draft_goes_forward_back_and_forward_beside_the_old_release(server18: Database, change: Change) -> None:
    await there_and_back(str(server18.dsn()), change)


@pytest.mark.parametrize("change", [each for each in CHANGES if each.by_version], ids=named)
async def test_so_does_one_that_differs_by_version(server: Database, change: Change) -> None:
    await there_and_back(str(server.dsn()), change)


async def there_and_back(
    dsn: str, change: Change, setup: str = SETUP, statements: tuple[str, ...] = OLD_RELEASE
) -> None:
    await do(dsn, setup)
    known = await known_of_server(Target(dsn), {Name(None, "orders")})
    plan = quick(parse_plan(draft_plan(change.sql, known).text, "draft.yaml"))
    final = next((step.id for step in plan.steps if step.rollback.kind == "irreversible"), None)
    before = schema_of(dsn)
    release = OldRelease(dsn, statements)
    async with Driver(plan, dsn) as driver:
        release.start()
        try:
            await forward(driver, release, final)
            await driver.roll_back_to(plan.steps[0].id)
            assert change.leaves or schema_of(dsn) == before
            await release.stop()
            release.start()
            await forward(driver, release)
        finally:
            await release.stop()
    assert release.number > 100_000
    assert await ask(dsn, change.true_then) is True


HANGING = """
CREATE TABLE h (id serial PRIMARY KEY, k int, p int, q text, g int GENERATED ALWAYS AS (k * 2) STORED);
CREATE STATISTICS s ON k, p FROM h;
CREATE POLICY some_rows ON h USING (p > 0);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER w BEFORE UPDATE OF q ON h FOR EACH ROW EXECUTE FUNCTION f();
CREATE TABLE parts (k int, v int) PARTITION BY RANGE (k)
"""


@pytest.mark.parametrize(
    ("table", "column", "said"),
    [
        ("h", "k", "statistics"),
        ("h", "p", "policy some_rows"),
        ("h", "q", "trigger w"),
        ("h", "k", "column g of table public.h"),
        ("h", "id", "sequence public.h_id_seq"),
        ("parts", "k", "the partition key"),
    ],
)
async def test_whatever_hangs_on_a_column_is_known_and_not_left_behind(
    server18: Database, table: str, column: str, said: str
) -> None:
    dsn = str(server18.dsn())
    await do(dsn, HANGING)
    known = await known_of_server(Target(dsn), ())
    with pytest.raises(DraftError, match=f"{said}.* would stay with the old column"):
        draft_plan(f"ALTER TABLE {table} RENAME COLUMN {column} TO other", known)


async def test_what_a_trigger_runs_is_for_a_person_to_look_at(server18: Database) -> None:
    dsn = str(server18.dsn())
    await do(dsn, HANGING)
    drafted = draft_plan("ALTER TABLE h DROP COLUMN p", await known_of_server(Target(dsn), ()))
    assert "Whether public.f() uses h.p: a trigger of the table runs it." in drafted.decisions
    assert any("policy some_rows" in each for each in drafted.decisions)
