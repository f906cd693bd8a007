"""A small folder of each tool: two tables and an index, up and down where the tool knows a way down."""

from pathlib import Path

UP = "CREATE TABLE users (\n  id bigint PRIMARY KEY,\n  name text -- a comment; with a semicolon\n);\n"
DOWN = "DROP TABLE users;\n"
MORE = "CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint REFERENCES users);\n"
LESS = "DROP TABLE orders;\n"
INDEX = "CREATE INDEX CONCURRENTLY users_name ON users (name);\n"
NO_INDEX = "DROP INDEX CONCURRENTLY users_name;\n"

SQITCH = """%syntax-version=1.0.0
%project=shop
%uri=https://example.com/shop/

users 2026-01-01T00:00:00Z Ana <ana@example.com> # People.
orders [users] 2026-01-02T00:00:00Z Ana <ana@example.com> # What they buy.
index [users] 2026-01-03T00:00:00Z Bo <bo@example.com>
"""
JOURNAL = """{"version": "7", "dialect": "postgresql", "entries": [
  {"idx": 0, "version": "7", "when": 1767225600000, "tag": "0000_users", "breakpoints": true},
  {"idx": 1, "version": "7", "when": 1767312000000, "tag": "0001_orders", "breakpoints": true}]}
"""


def _logged(name: str, version: str, sql: str, history: str, *, transaction: bool = True) -> str:
    """As Rails 7 logs it, in colors."""
    statement = sql.rstrip().removesuffix(";")
    row = f'INSERT INTO "schema_migrations" ("version") VALUES (\'{version}\') RETURNING "version"'
    row = (
        row
        if history == "up"
        else f'DELETE FROM "schema_migrations" WHERE "schema_migrations"."version" = \'{version}\''
    )
    begin = "  \x1b[1m\x1b[36mTRANSACTION (0.1ms)\x1b[0m  \x1b[1m\x1b[35mBEGIN\x1b[0m\n" if transaction else ""
    commit = "  \x1b[1m\x1b[36mTRANSACTION (0.2ms)\x1b[0m  \x1b[1m\x1b[35mCOMMIT\x1b[0m\n" if transaction else ""
    return (
        f"Migrating to {name} ({version})\n{begin}  \x1b[1m\x1b[35m (2.1ms)\x1b[0m  \x1b[1m\x1b[35m{statement}\x1b[0m\n"
        f"  ↳ db/migrate/{version}_{name.lower()}.rb:3:in 'change'\n"
        f"  \x1b[1m\x1b[36mActiveRecord::SchemaMigration Create (0.3ms)\x1b[0m  \x1b[1m\x1b[32m{row}\x1b[0m\n{commit}"
    )


RAILS_LOG = (
    "  \x1b[1m\x1b[35m (0.2ms)\x1b[0m  SELECT pg_try_advisory_lock(1)\n"
    + _logged("Users", "20260101000000", UP, "up")
    + _logged("Orders", "20260102000000", MORE, "up")
    + _logged("Index", "20260103000000", INDEX, "up", transaction=False)
    + "  \x1b[1m\x1b[35m (0.2ms)\x1b[0m  SELECT pg_advisory_unlock(1)\n"
    + _logged("Index", "20260103000000", NO_INDEX, "down", transaction=False)
    + _logged("Orders", "20260102000000", LESS, "down")
    + _logged("Users", "20260101000000", DOWN, "down")
)
FOLDERS: dict[str, dict[str, str]] = {
    "golang-migrate": {
        "1_users.up.sql": UP,
        "1_users.down.sql": DOWN,
        "2_orders.up.sql": f"BEGIN;\n{MORE}COMMIT;\n",
        "2_orders.down.sql": f"-- back\nBEGIN;\n{LESS}COMMIT;\n",
        "10_index.up.sql": INDEX,
        "10_index.down.sql": NO_INDEX,
    },
    "dbmate": {
        "20260101_users.sql": f"-- migrate:up\n{UP}\n-- migrate:down\n{DOWN}",
        "20260102_orders.sql": f"-- migrate:up\n{MORE}\n-- migrate:down\n{LESS}",
        "20260103_index.sql": f"-- migrate:up transaction:false\n{INDEX}\n-- migrate:down transaction:false\n{NO_INDEX}",
    },
    "goose": {
        "00001_users.sql": f"-- +goose Up\n-- +goose StatementBegin\n{UP}-- +goose StatementEnd\n\n-- +goose Down\n{DOWN}",
        "00002_orders.sql": f"-- +goose Up\n{MORE}\n-- +goose Down\n{LESS}",
        "00003_index.sql": f"-- +goose NO TRANSACTION\n-- +goose Up\n{INDEX}\n-- +goose Down\n{NO_INDEX}",
    },
    "flyway": {
        "V1__users.sql": UP,
        "U1__users.sql": DOWN,
        "V1_1__orders.sql": MORE,
        "U1.1__orders.sql": LESS,
        "V2__index.sql": INDEX,
        "V2__index.sql.conf": "executeInTransaction=false\n",
        "U2__index.sql": NO_INDEX,
        "U2__index.sql.conf": "executeInTransaction=false\n",
    },
    "liquibase": {
        "01.sql": "-- liquibase formatted sql\n\n"
        f"-- changeset ana:users\n{UP}-- rollback {DOWN}\n"
        f"-- changeset ana:orders labels:x\n{MORE}-- rollback {LESS}",
        "02.sql": f"--liquibase formatted sql\n--changeset bo:index runInTransaction:false\n{INDEX}--rollback {NO_INDEX}",
    },
    "sqitch": {
        "sqitch.conf": "[core]\n  engine = pg\n",
        "sqitch.plan": SQITCH,
        "deploy/users.sql": f"-- Deploy shop:users to pg\n\nBEGIN;\n\n{UP}\nCOMMIT;\n",
        "revert/users.sql": f"BEGIN;\n{DOWN}COMMIT;\n",
        "verify/users.sql": "SELECT id FROM users WHERE false;\n",
        "deploy/orders.sql": f"BEGIN;\n{MORE}COMMIT;\n",
        "revert/orders.sql": f"BEGIN;\n{LESS}COMMIT;\n",
        "deploy/index.sql": INDEX,
        "revert/index.sql": NO_INDEX,
    },
    "diesel": {
        "2026-01-01-000000_users/up.sql": UP,
        "2026-01-01-000000_users/down.sql": DOWN,
        "2026-01-02-000000_orders/up.sql": MORE,
        "2026-01-02-000000_orders/down.sql": LESS,
        "2026-01-03-000000_index/up.sql": INDEX,
        "2026-01-03-000000_index/down.sql": NO_INDEX,
        "2026-01-03-000000_index/metadata.toml": "run_in_transaction = false\n",
    },
    "sqlx": {
        "1_users.sql": UP,
        "2_orders.sql": MORE,
        "3_index.sql": f"-- no-transaction\n{INDEX}",
    },
    "prisma": {
        "migration_lock.toml": 'provider = "postgresql"\n',
        "20260101000000_users/migration.sql": UP,
        "20260102000000_orders/migration.sql": MORE,
        "20260103000000_index/migration.sql": INDEX,
    },
    "drizzle": {
        "meta/_journal.json": JOURNAL,
        "0000_users.sql": UP.rstrip().removesuffix(";")
        + "\n--> statement-breakpoint\nCREATE INDEX users_name ON users (name);",
        "0001_orders.sql": MORE,
    },
    "alembic": {
        "up.sql": "BEGIN;\n\nCREATE TABLE alembic_version (\n    version_num VARCHAR(32) NOT NULL, \n"
        "    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)\n);\n\n"
        f"-- Running upgrade  -> users\n\n{UP}\n"
        "INSERT INTO alembic_version (version_num) VALUES ('users') RETURNING alembic_version.version_num;\n\n"
        f"-- Running upgrade users -> orders\n\n{MORE}\n"
        "UPDATE alembic_version SET version_num='orders' WHERE alembic_version.version_num = 'users';\n\n"
        f"-- Running upgrade orders -> index\n\nCOMMIT;\n\n{INDEX}\nBEGIN;\n\n"
        "UPDATE alembic_version SET version_num='index' WHERE alembic_version.version_num = 'orders';\n\nCOMMIT;\n",
        "down.sql": f"BEGIN;\n\n-- Running downgrade index -> orders\n\nCOMMIT;\n\n{NO_INDEX}\nBEGIN;\n\n"
        "UPDATE alembic_version SET version_num='orders' WHERE alembic_version.version_num = 'index';\n\n"
        f"-- Running downgrade orders -> users\n\n{LESS}\n"
        "UPDATE alembic_version SET version_num='users' WHERE alembic_version.version_num = 'orders';\n\n"
        f"-- Running downgrade users -> \n\n{DOWN}\n"
        "DELETE FROM alembic_version WHERE alembic_version.version_num = 'users';\n\nCOMMIT;\n",
    },
    "rails": {"development.log": RAILS_LOG},
    "atlas": {
        "atlas.sum": "h1:x\n",
        "20260101000000_users.sql": UP,
        "20260102000000_orders.sql": MORE,
        "20260103000000_index.sql": f"-- atlas:txmode none\n\n{INDEX}",
    },
}
WITH_A_WAY_DOWN = ("golang-migrate", "dbmate", "goose", "flyway", "liquibase", "sqitch", "diesel", "alembic", "rails")


def lay(tool: str, folder: Path) -> Path:
    """Write the folder of that tool."""
    for name, text in FOLDERS[tool].items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder
