"""The fixtures give what they promise, and the embedded servers behave like servers."""

import asyncpg
import psycopg

from tests.fix_db import SHOP_USERS, Database, ReplicatedDatabase
from zdtui.demo.shop import wait_for_standby


def test_each_test_has_an_empty_database_of_its_own(server: Database) -> None:
    tables = server.execute("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace")
    assert tables == [(0,)]
    server.execute("CREATE TABLE t (id int); CREATE SCHEMA zdtui; INSERT INTO t VALUES (1)")
    assert server.execute("SELECT id, current_database() FROM t") == [(1, server.name)]


async def test_asyncpg_comes_in_by_socket_and_by_loopback(server: Database) -> None:
    for dsn in (server.dsn(), server.dsn(tcp=True), server.dsn("postgres", tcp=True)):
        connection = await asyncpg.connect(dsn)
        assert await connection.fetchval("SELECT current_database()") == server.name
        await connection.close()


def test_the_operator_is_no_superuser_but_sees_and_signals(server18: Database) -> None:
    rights = "SELECT rolsuper, pg_has_role('pg_monitor', 'usage'), pg_has_role('pg_signal_backend', 'usage')"
    assert server18.execute(f"{rights} FROM pg_roles WHERE rolname = current_user") == [(False, True, True)]


def test_the_shop_has_the_faults_the_plans_mend(shop: Database) -> None:
    assert shop.execute("SELECT count(*), count(DISTINCT name) > 300 FROM users") == [(SHOP_USERS, True)]
    assert shop.execute("SELECT count(*) > 0 FROM users WHERE name NOT LIKE '% %'") == [(True,)]
    assert shop.execute("SELECT count(*) > 10 FROM orders WHERE status IS NULL") == [(True,)]
    assert shop.execute("SELECT count(*) FROM orders o LEFT JOIN users u ON u.id = o.user_id WHERE u.id IS NULL") == [
        (0,)
    ]
    assert shop.execute("SELECT count(*) = count(DISTINCT sku) FROM products") == [(True,)]
    indexes = "SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = 'orders'::regclass ORDER BY 1"
    assert shop.execute(indexes) == [("orders_pkey",), ("orders_user_id_idx",)]


def test_the_application_may_use_what_the_operator_adds(shop: Database) -> None:
    shop.execute("CREATE TABLE invoices (id bigint GENERATED ALWAYS AS IDENTITY, total int)")
    shop.execute("INSERT INTO invoices (total) VALUES (1); UPDATE users SET name = 'x' WHERE id = 1", "shop_app")
    assert shop.execute("SELECT count(*) FROM invoices", "shop_app") == [(1,)]


def test_the_standby_streams(primary_with_standby: ReplicatedDatabase) -> None:
    database = primary_with_standby
    database.execute("CREATE TABLE t (id int); INSERT INTO t VALUES (7)")
    assert database.execute("SELECT slot_name, active FROM pg_replication_slots") == [("standby_a", True)]
    database.wait_for_replay()
    with psycopg.connect(database.standby_dsn(), autocommit=True) as standby:
        assert standby.execute("SELECT id, pg_is_in_recovery() FROM t").fetchall() == [(7, True)]


def test_a_crashed_standby_comes_back_and_streams(primary_with_standby: ReplicatedDatabase) -> None:
    standby = primary_with_standby.standby
    before = standby.pid
    standby.kill()
    assert not standby.running
    standby.start()
    wait_for_standby(primary_with_standby.primary, "standby-a")
    assert standby.pid != before


def test_a_crashed_primary_recovers_what_was_committed(primary_with_standby: ReplicatedDatabase) -> None:
    database = primary_with_standby
    database.execute("CREATE TABLE t AS SELECT 1 AS id")
    database.primary.kill()
    database.primary.start()
    assert database.execute("SELECT id FROM t") == [(1,)]
    wait_for_standby(database.primary, "standby-a")
