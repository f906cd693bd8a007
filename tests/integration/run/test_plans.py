"""Every shipped plan on the shop: forward, back to the same schema and the same rows, forward again to the end."""

import subprocess
from datetime import timedelta

import pytest

from tests.fix_db import Database
from tests.integration.run.driver import Driver, ask
from zdtui.demo.binaries import find_binaries
from zdtui.plan.load import load_plan
from zdtui.plan.model import ManualAction, Plan, Step, WaitAction
from zdtui.plan.shipped import plans_folder, shipped_plans
from zdtui.run.model.state import StepStatus

REQUIRED = {
    "split-user-name",
    "rename-column",
    "int-to-bigint",
    "add-not-null",
    "add-foreign-key",
    "add-unique-constraint",
    "add-index",
    "move-to-new-table",
    "drop-column",
    "ten-step-template",
}
TABLES = ("users", "products", "orders", "order_items")


def impatient(plan: Plan) -> Plan:
    """The plan with its soak times cut to a moment."""

    def quick(step: Step) -> Step:
        if not isinstance(step.action, WaitAction):
            return step
        return step.model_copy(update={"action": WaitAction(duration=timedelta(milliseconds=50))})

    return plan.model_copy(update={"steps": tuple(map(quick, plan.steps))})


def schema_of(dsn: str) -> str:
    """The schema as pg_dump writes it, without the journal and without what is different at each run."""
    pg_dump = find_binaries(18).folder / "pg_dump"
    dump = subprocess.run(
        [str(pg_dump), "--schema-only", "--exclude-schema=zdtui", dsn], capture_output=True, text=True, check=True
    ).stdout
    return "\n".join(line for line in dump.splitlines() if not line.startswith(("\\restrict", "\\unrestrict", "--")))


async def rows_of(dsn: str) -> dict[str, str]:
    """A digest of the content of each table of the shop, in the order of the rows' text."""
    digest = "SELECT md5(string_agg(t::text, ',' ORDER BY t::text)) FROM {} AS t"
    return {table: await ask(dsn, digest.format(table)) for table in TABLES}


async def forward(driver: Driver, until: str | None = None) -> None:
    for step in driver.plan.steps:
        if step.id == until:
            return
        if driver.state(step.id).status is StepStatus.DONE:
            continue
        note = "done" if isinstance(step.action, ManualAction) else ""
        state = await driver.run(step.id, note)
        assert state.status is StepStatus.DONE, f"{step.id}: {state.message or driver.stage.refusal}"


def test_the_plans_people_start_from_are_all_there() -> None:
    assert set(shipped_plans()) >= REQUIRED


@pytest.mark.parametrize("name", shipped_plans())
async def test_forward_back_and_forward_again(shop: Database, name: str) -> None:
    plan = impatient(load_plan(plans_folder() / f"{name}.yaml"))
    plan = plan.model_copy(update={"target": plan.target.model_copy(update={"database": None})})
    final = next((step.id for step in plan.steps if step.rollback.kind == "irreversible"), None)
    schema, rows = schema_of(shop.dsn()), await rows_of(shop.dsn())
    async with Driver(plan, shop.dsn()) as driver:
        await forward(driver, until=final)
        assert schema_of(shop.dsn()) != schema
        await driver.roll_back_to(plan.steps[0].id)
        assert all(driver.state(step.id).status is StepStatus.PENDING for step in plan.steps), driver.stage.refusal
        assert schema_of(shop.dsn()) == schema
        assert await rows_of(shop.dsn()) == rows
        await forward(driver)
        await driver.until(lambda: driver.stage.recorder.state.finished)
