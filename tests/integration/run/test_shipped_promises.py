"""What the shipped plans say of themselves: two shapes in step whatever else is on the table, and a way back that is a swap."""

from dataclasses import dataclass

import pytest

from tests.fix_db import Database
from tests.integration.run.driver import Driver, ask
from tests.integration.run.test_plans import forward, impatient
from zdtui.plan.load import load_plan
from zdtui.plan.model import Plan
from zdtui.plan.shipped import plans_folder
from zdtui.run.model.state import StepStatus

ORDER = "INSERT INTO orders (user_id, status, total_cents) VALUES (1, 'paid', 5) RETURNING id"
ITEM = "INSERT INTO order_items (order_id, product_id, quantity, price_cents) VALUES ({}, 1, 1, 1)"


def shipped(name: str) -> Plan:
    """The plan for any database, with its soak times cut to a moment."""
    plan = impatient(load_plan(plans_folder() / f"{name}.yaml"))
    return plan.model_copy(update={"target": plan.target.model_copy(update={"database": None})})


async def files_of(dsn: str) -> str:
    """The file of each table: another one when it was rewritten."""
    return str(
        await ask(
            dsn,
            "SELECT 'orders'::regclass || pg_relation_filenode('orders')::text"
            " || ' ' || pg_relation_filenode('order_items')::text",
        )
    )


async def test_the_wide_key_goes_back_by_a_swap_with_all_that_was_written_and_forward_again(shop: Database) -> None:
    dsn = shop.dsn()
    plan = shipped("int-to-bigint")
    async with Driver(plan, dsn) as driver:
        await forward(driver, until="soak")
        files = await files_of(dsn)
        for _ in range(2):
            order = await ask(dsn, ORDER)
            await ask(dsn, ITEM.format(order) + " RETURNING id")
            count = await ask(dsn, "SELECT count(*) FROM orders")
            await driver.roll_back_to("swap")
            assert driver.state("swap").status is StepStatus.PENDING, driver.stage.refusal
            assert await ask(dsn, "SELECT pg_typeof(max(id))::text FROM orders") == "integer"
            assert await ask(dsn, f"SELECT count(*) FROM order_items WHERE order_id = {order}") == 1
            assert await ask(dsn, "SELECT count(*) FROM orders") == count
            order = await ask(dsn, ORDER)
            await ask(dsn, ITEM.format(order) + " RETURNING id")
            with pytest.raises(Exception, match="foreign key"):
                await ask(dsn, ITEM.format(2_000_000_000) + " RETURNING id")
            await forward(driver, until="soak")
            assert await ask(dsn, "SELECT pg_typeof(max(id))::text FROM orders") == "bigint"
        assert await files_of(dsn) == files, "nothing is rewritten by a swap"
        assert await ask(dsn, "SELECT bool_and(small_id = id) FROM orders")
        assert await ask(dsn, "SELECT bool_and(small_order_id = order_id) FROM order_items")
        await forward(driver)
    keys = "SELECT string_agg(indexrelid::regclass::text, ' ' ORDER BY 1) FROM pg_index WHERE indrelid = 'orders'::regclass"
    assert "orders_big" not in await ask(dsn, keys)
    assert await ask(
        dsn,
        "SELECT bool_and(convalidated) AND count(*) = 1 FROM pg_constraint"
        " WHERE contype = 'f' AND confrelid = 'orders'::regclass",
    )


async def test_past_the_greatest_integer_the_application_goes_on_and_the_way_back_says_no(shop: Database) -> None:
    dsn = shop.dsn()
    async with Driver(shipped("int-to-bigint"), dsn) as driver:
        await forward(driver, until="soak")
        await ask(dsn, "SELECT setval('orders_id_seq', 2147483647)")
        order = await ask(dsn, ORDER)
        assert order == 2_147_483_648
        await ask(dsn, ITEM.format(order) + " RETURNING id")
        await driver.roll_back_to("swap")
        state = driver.state("swap")
        assert state.status is StepStatus.FAILED
        assert "integer out of range" in state.message
        assert await ask(dsn, f"SELECT count(*) FROM orders WHERE id = {order}") == 1
        await forward(driver)


@dataclass(frozen=True)
class Sync:
    """A shipped plan with a sync trigger, what else may be on its table, and how to see that both shapes agree."""

    plan: str
    until: str
    beside: str
    """Another trigger and a generated column, there before the plan."""
    writes: tuple[str, ...]
    differ: str
    """The rows in which the two shapes differ, counted."""


def another_trigger(table: str, name: str, body: str) -> str:
    """A BEFORE trigger of the application's own."""
    return (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN {body} RETURN NEW; END $$;"
        f" CREATE TRIGGER {name} BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {name}();"
    )


SYNCS = (
    Sync(
        "rename-column",
        "deploy-phone-number",
        another_trigger("users", "z_app", "IF NEW.address = 'moved' THEN NEW.phone := '+1 ' || NEW.id; END IF;")
        + "ALTER TABLE users ADD COLUMN dial text GENERATED ALWAYS AS (replace(phone, ' ', '')) STORED;",
        (
            "UPDATE users SET address = 'moved' WHERE id % 3 = 0",
            "UPDATE users SET phone_number = '+2 ' || id WHERE id % 5 = 0",
            "UPDATE users SET phone = '+3 ' || id WHERE id % 7 = 0",
            "INSERT INTO users (id, name, email, phone) VALUES (1, 'a', 'b', '+4')"
            " ON CONFLICT (id) DO UPDATE SET phone = EXCLUDED.phone",
            "INSERT INTO users (name, email, phone_number, address) VALUES ('a', 'b', '+5', 'moved')",
        ),
        "SELECT count(*) FROM users WHERE phone IS DISTINCT FROM phone_number"
        " OR dial IS DISTINCT FROM replace(phone_number, ' ', '')",
    ),
    Sync(
        "split-user-name",
        "deploy-readers",
        another_trigger("users", "z_app", "IF NEW.address = 'moved' THEN NEW.name := 'New ' || NEW.id; END IF;")
        + "ALTER TABLE users ADD COLUMN shout text GENERATED ALWAYS AS (upper(name)) STORED;",
        (
            "UPDATE users SET address = 'moved' WHERE id % 3 = 0",
            "UPDATE users SET first_name = 'Only', last_name = 'Parts' WHERE id % 5 = 0",
            "UPDATE users SET name = 'Just Name' WHERE id % 7 = 0",
            "INSERT INTO users (id, name, email) VALUES (1, 'Up Sert', 'b') ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name",
        ),
        "SELECT count(*) FROM users WHERE btrim(name) IS DISTINCT FROM btrim(concat_ws(' ', first_name, last_name))"
        " OR shout IS DISTINCT FROM upper(name)",
    ),
    Sync(
        "ten-step-template",
        "switch-reads",
        another_trigger("products", "z_app", "IF NEW.title = 'dear' THEN NEW.price_cents := 9900; END IF;")
        + "ALTER TABLE products ADD COLUMN euros int GENERATED ALWAYS AS (price_cents / 100) STORED;",
        (
            "UPDATE products SET title = 'dear' WHERE id % 3 = 0",
            "UPDATE products SET price = 12.34 WHERE id % 5 = 0 AND title <> 'dear'",
            "UPDATE products SET price_cents = 77 WHERE id % 7 = 0 AND title <> 'dear'",
        ),
        "SELECT count(*) FROM products WHERE price IS DISTINCT FROM (price_cents / 100.0)::numeric(12, 2)"
        " OR euros <> price_cents / 100",
    ),
    Sync(
        "int-to-bigint",
        "soak",
        another_trigger("orders", "z_app", "IF NEW.note = 'again' THEN NEW.total_cents := 1; END IF;")
        + "ALTER TABLE orders ADD COLUMN label text GENERATED ALWAYS AS ('O' || id) STORED;",
        (
            "UPDATE orders SET note = 'again' WHERE id % 3 = 0",
            "INSERT INTO orders (id, user_id, total_cents) VALUES (1, 1, 1) ON CONFLICT (id) DO UPDATE SET total_cents = 2",
            "INSERT INTO orders (user_id, total_cents) SELECT 1, 1 FROM generate_series(1, 10)",
        ),
        "SELECT count(*) FROM orders WHERE small_id <> id OR label <> 'O' || id",
    ),
    Sync(
        "drop-column",
        "deploy-without-it",
        another_trigger("products", "z_app", "IF NEW.title = 'dear' THEN NEW.legacy_code := 'Z' || NEW.id; END IF;")
        + "ALTER TABLE products ADD COLUMN legacy_length int GENERATED ALWAYS AS (length(legacy_code)) STORED;",
        (
            "UPDATE products SET title = 'dear' WHERE id % 3 = 0",
            "UPDATE products SET legacy_code = NULL WHERE id % 5 = 0 AND title <> 'dear'",
            "UPDATE products SET id = id + 100000 WHERE id % 7 = 0",
            "DELETE FROM products WHERE id % 11 = 0",
        ),
        "SELECT count(*) FROM products AS p FULL JOIN products_legacy_code AS kept ON kept.product_id = p.id"
        " WHERE p.legacy_code IS DISTINCT FROM kept.legacy_code",
    ),
    Sync(
        "move-to-new-table",
        "deploy-addresses",
        another_trigger("users", "z_app", "IF NEW.phone = 'moved' THEN NEW.address := NEW.id || ' New Road'; END IF;")
        + "ALTER TABLE users ADD COLUMN address_length int GENERATED ALWAYS AS (length(address)) STORED;",
        (
            "UPDATE users SET phone = 'moved' WHERE id % 3 = 0",
            "UPDATE users SET address = '' WHERE id % 5 = 0 AND phone IS DISTINCT FROM 'moved'",
            "UPDATE users SET id = id + 1000000 WHERE id % 7 = 0",
            "DELETE FROM users WHERE id % 11 = 0",
            "UPDATE addresses SET line = 'elsewhere' WHERE user_id % 13 = 0",
            "INSERT INTO users (id, name, email, address) VALUES (1, 'a', 'b', 'c')"
            " ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name",
        ),
        "SELECT count(*) FROM (SELECT id, address FROM users WHERE address <> '' AND address !~ '[[:cntrl:]]') AS u"
        " FULL JOIN addresses AS a ON a.user_id = u.id WHERE a.line IS DISTINCT FROM u.address",
    ),
)


@pytest.mark.parametrize("sync", SYNCS, ids=lambda sync: sync.plan)
async def test_both_shapes_agree_beside_other_triggers_and_generated_columns(shop: Database, sync: Sync) -> None:
    shop.execute(sync.beside)
    async with Driver(shipped(sync.plan), shop.dsn()) as driver:
        await forward(driver, until=sync.until)
        for write in sync.writes:
            shop.execute(write)
            assert await ask(shop.dsn(), sync.differ) == 0, write


@pytest.mark.parametrize("name", [sync.plan for sync in SYNCS])
def test_a_sync_trigger_comes_last_and_lists_no_columns(name: str) -> None:
    text = (plans_folder() / f"{name}.yaml").read_text("utf-8")
    made = [line for line in text.splitlines() if "CREATE TRIGGER" in line]
    assert made
    assert all("CREATE TRIGGER zzz_zdtui_" in line and "UPDATE OF" not in line for line in made)
