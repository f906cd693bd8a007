"""Which statements use users.name: texts as pg_stat_statements keeps them, each with the answer."""

import pytest

from tests.unit.usage.shop import NAME, TABLE, VIEW, at, catalog, why
from zdtui.usage.usage import Subject

USES = [
    # plain reads
    "SELECT name FROM users WHERE id = $1",
    "SELECT users.name FROM users",
    "SELECT public.users.name FROM public.users",
    "SELECT id FROM users WHERE name = $1",
    "SELECT id FROM users ORDER BY name",
    "SELECT count(*) FROM users GROUP BY name",
    "SELECT id FROM users WHERE lower(name) LIKE $1 ESCAPE $2",
    "SELECT max(name) OVER (PARTITION BY org_id) FROM users",
    "SELECT row_number() OVER w FROM users WINDOW w AS (ORDER BY name)",
    "SELECT array_agg(id ORDER BY name) FILTER (WHERE name IS NOT NULL) FROM users",
    "SELECT CASE WHEN org_id = $1 THEN name ELSE $2 END FROM users",
    "SELECT DISTINCT ON (name) id FROM users",
    "SELECT id FROM users WHERE created > now() - interval $1 AND name = ANY ($2)",
    "SELECT trim($1 from name) FROM users LIMIT $2",
    # aliases
    "SELECT u.name FROM users u",
    "SELECT u.name FROM users AS u WHERE u.id = $1",
    "SELECT a.x FROM users AS a (x)",
    'SELECT "u"."name" FROM "public"."users" AS "u"',
    "SELECT u.name FROM ONLY users u",
    "SELECT u.name FROM users_2026 u",
    # every column
    "SELECT * FROM users",
    "SELECT u.* FROM users u JOIN orders o ON o.user_id = u.id",
    "SELECT o.id, u.* FROM orders o, users u",
    "TABLE users",
    "SELECT * FROM orders o JOIN users u ON u.id = o.user_id",
    "SELECT count(*) FROM (SELECT * FROM users) x",
    "WITH x AS (SELECT * FROM users) SELECT id FROM x",
    # whole rows
    "SELECT u FROM users u",
    "SELECT row_to_json(u) FROM users u",
    "SELECT to_jsonb(users) FROM users",
    "SELECT (u).name FROM users u",
    "SELECT (u).* FROM users u",
    "SELECT u.full_name FROM users u",
    "SELECT count(u) FROM users u",
    "SELECT name(u) FROM users u",
    # joins
    "SELECT o.id FROM orders o JOIN users u ON u.id = o.user_id AND u.name <> $1",
    "SELECT o.id FROM orgs JOIN users USING (name)",
    "SELECT org_id FROM orgs NATURAL JOIN users",
    "SELECT j.name FROM (orders o JOIN users u ON u.id = o.user_id) AS j",
    "SELECT o.id FROM orders o LEFT JOIN LATERAL (SELECT u.name FROM users u WHERE u.id = o.user_id) x ON $1",
    "SELECT o.id FROM orders o WHERE EXISTS (SELECT $1 FROM users u WHERE u.id = o.user_id AND u.name = $2)",
    "SELECT id FROM orders WHERE user_id IN (SELECT id FROM users WHERE name = $1)",
    "SELECT (SELECT name FROM users WHERE id = o.user_id) FROM orders o",
    "SELECT u.id FROM users u WHERE EXISTS (SELECT $1 FROM orders WHERE user_id = u.id AND note = name)",
    "WITH RECURSIVE t AS (SELECT id FROM users WHERE name = $1 UNION ALL SELECT id FROM t) SELECT * FROM t",
    "SELECT id FROM orders UNION ALL SELECT id FROM users WHERE name IS NULL",
    # writes
    "INSERT INTO users (id, name) VALUES ($1, $2)",
    "INSERT INTO users VALUES ($1, $2)",
    "INSERT INTO users SELECT * FROM incoming",
    "INSERT INTO users (id) VALUES ($1) ON CONFLICT (name) DO NOTHING",
    "INSERT INTO users (id) VALUES ($1) ON CONFLICT ON CONSTRAINT users_name_key DO NOTHING",
    "INSERT INTO users (id) VALUES ($1) ON CONFLICT (id) DO UPDATE SET name = $2",
    "INSERT INTO users (id) VALUES ($1) ON CONFLICT (id) DO UPDATE SET email = excluded.name",
    "INSERT INTO users (id) VALUES ($1) RETURNING *",
    "INSERT INTO users (id) VALUES ($1) RETURNING id, name",
    "INSERT INTO orders (id) SELECT id FROM users WHERE name = $1",
    "UPDATE users SET name = $1 WHERE id = $2",
    "UPDATE users u SET (email, name) = ($1, $2)",
    "UPDATE users SET email = $1 WHERE name = $2",
    "UPDATE users SET email = name",
    "UPDATE users SET email = $1 RETURNING old.name",
    "UPDATE orders o SET total = $1 FROM users u WHERE u.id = o.user_id AND u.name = $2",
    "DELETE FROM users WHERE name = $1",
    "DELETE FROM orders USING users u WHERE u.name = $1",
    "DELETE FROM users WHERE id = $1 RETURNING *",
    "MERGE INTO users u USING incoming i ON u.id = i.id WHEN MATCHED THEN UPDATE SET name = i.name",
    "MERGE INTO users u USING incoming i ON u.id = i.id WHEN NOT MATCHED THEN INSERT VALUES (i.id, i.n)",
    "MERGE INTO orders o USING users u ON u.id = o.user_id WHEN MATCHED AND u.name = $1 THEN DELETE",
    "WITH gone AS (DELETE FROM users RETURNING name) SELECT count(*) FROM gone",
    "COPY users TO STDOUT",
    "COPY public.users (id, name) TO stdout",
    "COPY users FROM STDIN",
    "COPY (SELECT name FROM users) TO STDOUT",
    # around a query
    "PREPARE q AS SELECT name FROM users WHERE id = $1",
    "PREPARE q (int) AS UPDATE users SET name = $2 WHERE id = $1",
    "DECLARE c CURSOR FOR SELECT name FROM users",
    "EXPLAIN SELECT name FROM users",
    "CREATE TABLE copy AS SELECT name FROM users",
    "SELECT name INTO copy FROM users",
    "DO $$ BEGIN UPDATE users SET name = 'x'; END $$",
    # as ORMs quote
    'SELECT "public"."users"."id", "public"."users"."name" FROM "public"."users" WHERE "public"."users"."id" = $1',
    'SELECT "users".* FROM "users" WHERE "users"."email" = $1 ORDER BY "users"."id" ASC LIMIT $2',
    'SELECT "t0"."name" FROM "public"."users" AS "t0" WHERE ("t0"."id" = $1 AND $2=$3) LIMIT $4 OFFSET $5',
    'INSERT INTO "users" ("name", "email") VALUES ($1, $2) RETURNING "id"',
    'UPDATE "users" SET "name" = $1 WHERE "users"."id" = $2',
    "SELECT users_1.name AS users_1_name FROM users AS users_1 WHERE users_1.id IN ($1 /*, ... */)",
    # behind a view
    "SELECT shown FROM active_users",
    "SELECT * FROM active_users",
    'SELECT "v"."shown" FROM "active_users" "v"',
]

OTHER = [
    "SELECT id, email FROM users",
    "SELECT u.id FROM users u WHERE u.email = $1",
    "SELECT count(*) FROM users",
    "SELECT count(*) FROM users u WHERE u.id = $1",
    "SELECT $1 FROM users",
    "SELECT id FROM users WHERE EXISTS (SELECT * FROM users o WHERE o.id = users.org_id)",
    "SELECT o.name FROM orgs o JOIN users u ON u.org_id = o.id",
    "SELECT orgs.name, users.id FROM orgs, users",
    "SELECT title AS name FROM orgs, (SELECT id FROM users) u ORDER BY name",
    "SELECT email AS name FROM users ORDER BY name",
    "SELECT email AS name FROM users UNION SELECT title FROM orgs ORDER BY name",
    "SELECT o.* FROM orders o JOIN users u ON u.id = o.user_id",
    "SELECT * FROM (SELECT id, email FROM users) x",
    "WITH users AS (SELECT id, name FROM orgs) SELECT name FROM users",
    "SELECT users.name FROM (SELECT id, title AS name FROM orgs) users",
    "SELECT users.name FROM orgs AS users",
    "SELECT u.email FROM users u JOIN orders USING (id)",
    "SELECT x.name FROM users u, LATERAL (SELECT title AS name FROM orgs WHERE id = u.org_id) x",
    "SELECT id FROM users WHERE id IN (SELECT id FROM orgs WHERE name = $1)",
    "INSERT INTO users (id, email) VALUES ($1, $2)",
    "INSERT INTO users (id) VALUES ($1) RETURNING id",
    "INSERT INTO users DEFAULT VALUES",
    "INSERT INTO users (id) VALUES ($1) ON CONFLICT (id) DO UPDATE SET email = excluded.email",
    "INSERT INTO users (id) VALUES ($1) ON CONFLICT ON CONSTRAINT users_pkey DO NOTHING",
    "INSERT INTO orgs (name) SELECT email FROM users",
    "UPDATE users SET email = $1 WHERE id = $2",
    "UPDATE orgs SET name = $1",
    "UPDATE orgs SET name = u.email FROM users u WHERE u.org_id = orgs.id",
    "DELETE FROM users WHERE id = $1",
    "MERGE INTO users u USING orgs o ON u.org_id = o.id WHEN MATCHED THEN UPDATE SET email = o.name",
    "COPY users (id, email) TO STDOUT",
    "COPY orgs TO STDOUT",
    "TRUNCATE users",
    "LOCK TABLE users",
    "SELECT id FROM active_users",
    "SELECT 'name' FROM users",
    "CREATE INDEX ON users (name)",
    "COMMENT ON COLUMN users.name IS $1",
    "SET x = $1",
    "FETCH $1 FROM c",
    "ALTER TABLE users ADD COLUMN y int",
    "CREATE VIEW v AS SELECT name FROM users",
    "SELECT name FROM crm.users",
    "SELECT u.ctid, u.tableoid::regclass FROM users u WHERE u.id = $1",
    "DO $$ DECLARE name text; BEGIN UPDATE users SET email = 'x'; name := 'y'; END $$",
]

TABLE_USES = [
    "SELECT id FROM users",
    "SELECT $1 FROM users u",
    "TRUNCATE users",
    "LOCK TABLE users IN SHARE MODE",
    "DELETE FROM users WHERE id = $1",
    "INSERT INTO users DEFAULT VALUES",
    "SELECT id FROM active_users",
    "SELECT id FROM orders WHERE EXISTS (SELECT FROM users_2026)",
    "COPY users FROM STDIN",
]

CANNOT_BE_READ = [
    ("SELECT $1 $2 FROM users", "grammar"),
    ("SELECT * FROM query_to_xml($1, $2, $3, $4)", "given as a value"),
    ("SELECT name, id FROM users WHERE x @@@@@ ### (", "grammar"),
    ("DO $$ BEGIN EXECUTE 'SELECT 1 FROM ' || 't'; END $$", "puts together"),
]


@pytest.mark.parametrize("text", USES)
def test_it_reads_or_writes_the_column(text: str) -> None:
    assert why(text)
    assert not why(text).startswith("?")


@pytest.mark.parametrize("text", OTHER)
def test_only_other_columns_are_used(text: str) -> None:
    assert why(text) == ""


@pytest.mark.parametrize("text", TABLE_USES)
def test_it_uses_the_table(text: str) -> None:
    assert why(text, subject=TABLE)


@pytest.mark.parametrize("text", ["SELECT name FROM orgs", "CREATE INDEX ON users (name)", "SELECT id FROM crm.users"])
def test_it_does_not_use_the_table(text: str) -> None:
    assert why(text, subject=TABLE) == ""


@pytest.mark.parametrize(("text", "said"), CANNOT_BE_READ)
def test_what_cannot_be_read_counts_as_use_and_says_so(text: str, said: str) -> None:
    assert why(text).startswith("?")
    assert said in why(text)


def test_a_name_that_may_mean_another_table_counts_as_use() -> None:
    """The search_path that a statement ran under is not kept by the server."""
    two = catalog(without=())
    assert why("SELECT name FROM users", two) == "reads users (if that users is meant).name"
    assert why("SELECT name FROM crm.users", two) == ""
    assert why("SELECT name FROM public.users", two) == "reads public.users.name"


def test_who_looks_for_a_column_of_a_partition_finds_readers_of_the_whole() -> None:
    partition = Subject(at("users_2026"), "name")
    assert why("SELECT name FROM users", subject=partition)
    assert why("SELECT id FROM users", subject=partition) == ""
    assert why("SELECT id FROM users", subject=Subject(at("users_2026"))) == ""


def test_it_is_said_how_the_column_is_used() -> None:
    assert why("SELECT * FROM users") == "reads every column of users"
    assert why("SELECT u FROM users u") == "reads whole rows of users"
    assert why("INSERT INTO users VALUES ($1)") == "writes every column, by place, of users"
    assert why("UPDATE users SET name = $1 WHERE name = $2") == "writes users.name; reads users.name"
    assert why("SELECT shown FROM active_users") == "through the view public.active_users"
    assert VIEW.name == at("active_users")
    assert str(NAME) == "public.users.name"
