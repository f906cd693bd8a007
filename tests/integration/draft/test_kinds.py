"""What has no statement of SQL, and what rewrites a table: drafted together, forward, back and forward beside writers."""

from tests.fix_db import Database
from tests.integration.draft.proving import on_each_server_when_proving
from tests.integration.draft.test_drafts import Change, there_and_back
from tests.integration.run.driver import ask

SETUP = """
CREATE TYPE mood AS ENUM ('sad', 'ok', 'never');
CREATE TABLE people (id bigint PRIMARY KEY, name text NOT NULL, mood mood DEFAULT 'ok');
INSERT INTO people SELECT g, 'Anna  Maria ' || g FROM generate_series(1, 500) g;
CREATE TABLE contacts (id bigint PRIMARY KEY, first text, last text, note text);
INSERT INTO contacts SELECT g, 'f' || g, 'l' || g, 'n' FROM generate_series(1, 500) g;
CREATE TABLE products (id bigint PRIMARY KEY, price numeric(10, 2) NOT NULL, code text);
INSERT INTO products SELECT g, g + 0.25, 'Code ' || g FROM generate_series(1, 500) g;
CREATE INDEX products_code ON products (code);
CREATE TABLE users (id bigint PRIMARY KEY, bio text, avatar text, age int);
INSERT INTO users SELECT g, CASE WHEN g % 2 = 0 THEN 'b' || g END, NULL, g FROM generate_series(1, 500) g;
CREATE TABLE visits (id bigserial PRIMARY KEY, at date NOT NULL, who bigint REFERENCES users, what text CHECK (what <> ''));
CREATE INDEX visits_by_what ON visits (what, at);
INSERT INTO visits (at, who, what) SELECT date '2026-01-01' + g % 300, g, 'w' || g FROM generate_series(1, 500) g;
GRANT SELECT, INSERT ON visits, users TO pg_monitor;
ANALYZE
"""
ASKED = """
ALTER TYPE mood RENAME VALUE 'ok' TO 'fine';
ALTER TYPE mood DROP VALUE 'never';
ALTER TYPE mood ADD VALUE 'great';
ALTER TABLE people REPLACE COLUMN name
  BY first_name text NOT NULL AS (split_part(name, ' ', 1)),
     last_name text AS (substr(name, length(split_part(name, ' ', 1)) + 2))
  BACK name AS (btrim(concat_ws(' ', first_name, last_name)));
ALTER TABLE contacts REPLACE COLUMNS first, last BY display_name text AS (concat_ws(' ', first, last))
  BACK first AS (split_part(display_name, ' ', 1)), last AS (split_part(display_name, ' ', 2));
ALTER TABLE products REPLACE COLUMN price BY price_cents bigint NOT NULL AS (round(price * 100)::bigint)
  BACK price AS (price_cents / 100.0);
ALTER TABLE products ALTER COLUMN code TYPE text COLLATE "C";
ALTER TABLE users ADD COLUMN double int GENERATED ALWAYS AS (age * 2) STORED;
ALTER TABLE users MOVE COLUMNS (bio, avatar) TO profiles;
ALTER TABLE visits PARTITION BY RANGE (at) FROM (MINVALUE) TO ('2030-01-01')
"""
OLD_RELEASE = (
    "INSERT INTO people (id, name) VALUES ({n}, 'Bob {n}')",
    "UPDATE people SET name = 'Eva  Lu {n}' WHERE id = {n} % 500",
    "INSERT INTO contacts (id, first, last) VALUES ({n}, 'a', 'b{n}') ON CONFLICT (id) DO UPDATE SET last = EXCLUDED.last",
    "UPDATE contacts SET note = note || '.' WHERE id = {n} % 500",
    "INSERT INTO products (id, price, code) VALUES ({n}, {n} + 0.5, 'c')",
    "UPDATE products SET price = price + 0.01 WHERE id = {n} % 500",
    "INSERT INTO users (id, bio, age) VALUES ({n}, 'x{n}', {n})",
    "UPDATE users SET avatar = 'a{n}', age = age + 1 WHERE id = {n} % 500",
    "INSERT INTO visits (at, who, what) VALUES ('2026-05-05', {n} % 500 + 1, 'v{n}')",
    "DELETE FROM users WHERE id = {n} AND id % 3 = 0",
)
TRUE_THEN = """
SELECT NOT EXISTS (SELECT FROM people WHERE first_name IS NULL OR mood NOT IN ('fine', 'sad'))
   AND NOT EXISTS (SELECT FROM contacts WHERE display_name IS NULL)
   AND NOT EXISTS (SELECT FROM products WHERE price_cents IS NULL)
   AND (SELECT collation_name = 'C' FROM information_schema.columns WHERE table_name = 'products' AND column_name = 'code')
   AND NOT EXISTS (SELECT FROM users WHERE double IS DISTINCT FROM age * 2)
   AND (SELECT count(*) FROM profiles) >= 250
   AND NOT EXISTS (SELECT FROM information_schema.columns
                    WHERE column_name IN ('price', 'bio', 'avatar', 'first') AND table_schema = 'public'
                      AND table_name IN ('products', 'users', 'contacts'))
   AND (SELECT relkind = 'p' FROM pg_class WHERE oid = 'visits'::regclass)
   AND (SELECT bool_and(indisvalid) AND count(*) = 2 FROM pg_index WHERE indrelid = 'visits'::regclass)
   AND pg_get_serial_sequence('visits', 'id') = 'public.visits_id_seq'
   AND has_table_privilege('pg_monitor', 'visits', 'INSERT') AND has_table_privilege('pg_monitor', 'profiles', 'SELECT')
"""


async def test_each_kind_goes_forward_back_and_forward(server: Database) -> None:
    on_each_server_when_proving(server)
    dsn = str(server.dsn())
    await there_and_back(dsn, Change(ASKED, TRUE_THEN, leaves=True), SETUP, OLD_RELEASE)
    assert await ask(dsn, "SELECT count(*) > 0 FROM people WHERE first_name = 'Eva' AND last_name LIKE ' Lu %'") is True
