"""Rows made up for a scratch server: as many, as different and as long as the planner knows, and none of the target's."""

import pytest

from tests.fix_db import Database
from tests.integration.run.driver import ask, do
from zdtui.demo.embedded import SUPERUSER
from zdtui.postgres.target.target import Target
from zdtui.rehearse.rows.fill import fill

SCHEMA = """
CREATE TYPE mood AS ENUM ('glad', 'sad');
CREATE DOMAIN short AS varchar(12);
CREATE TABLE people (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email varchar(40) NOT NULL, nick short, mood mood NOT NULL,
    boss bigint REFERENCES people, state text NOT NULL CHECK (state IN ('open', 'it''s done')),
    share numeric(4, 2) CHECK (share <= 10), tags text[], data jsonb, born date, secret text,
    long_nick text GENERATED ALWAYS AS (nick || '!') STORED
);
CREATE UNIQUE INDEX ON people (lower(email));
CREATE TABLE "Orders" (id serial PRIMARY KEY, person bigint NOT NULL REFERENCES people, note text);
CREATE TABLE lines ("order" int REFERENCES "Orders", place int, PRIMARY KEY ("order", place));
CREATE TABLE likes (a bigint REFERENCES people, b bigint REFERENCES people, PRIMARY KEY (a, b));
CREATE TABLE events (id bigint, at timestamptz, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
CREATE TABLE events_2 PARTITION OF events FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');
CREATE TABLE refused (id int PRIMARY KEY, n int CHECK (n < 0));
CREATE TABLE empty (id int PRIMARY KEY);
"""
ROWS = """
INSERT INTO people (email, nick, mood, state, share, born, secret)
    SELECT 'p' || g || '@shop', 'nick', 'glad', 'open', 1, '2000-01-01', CASE WHEN g % 4 = 0 THEN 'hunter' || g % 3 END
      FROM generate_series(1, 400) g;
INSERT INTO "Orders" (person, note) SELECT g, 'x' FROM generate_series(1, 60) g;
INSERT INTO lines SELECT g, 1 FROM generate_series(1, 60) g;
INSERT INTO likes SELECT g, g FROM generate_series(1, 90) g;
INSERT INTO events SELECT g, '2026-01-05' FROM generate_series(1, 50) g;
INSERT INTO refused VALUES (1, -1);
ANALYZE;
"""
COUNTS = {"people": 100, '"Orders"': 60, "lines": 60, "likes": 90, "events": 50, "refused": 0, "empty": 0}


@pytest.fixture
def origin(server18: Database) -> str:
    """A target with rows, analysed."""
    return server18.dsn(SUPERUSER)


async def test_every_table_is_filled_and_no_row_is_the_targets(origin: str, shop: Database) -> None:
    await do(origin, SCHEMA + ROWS)
    scratch = shop.dsn(SUPERUSER)
    await do(scratch, "DROP SCHEMA public CASCADE; CREATE SCHEMA public;" + SCHEMA)
    told = await fill(Target(origin), Target(scratch), 100)
    assert told == ["no rows could be made up for public.refused: its rule refused_n_check"]
    for table, count in COUNTS.items():
        assert await ask(scratch, f"SELECT count(*) FROM {table}") == count, table
    wrong = 'SELECT count(*) FROM "Orders" o LEFT JOIN people p ON p.id = o.person WHERE p.id IS NULL'
    assert await ask(scratch, wrong) == 0
    assert await ask(scratch, "SELECT count(*) FROM people WHERE boss IS NOT NULL AND boss > 100") == 0
    secrets = "SELECT array_agg(DISTINCT secret) FROM people WHERE secret IS NOT NULL"
    assert not set(await ask(origin, secrets)) & set(await ask(scratch, secrets))
    assert await ask(scratch, f"SELECT bool_and(length(s) = 7) FROM unnest(({secrets})) AS s"), "as long as there"
    assert 10 <= await ask(scratch, "SELECT count(secret) FROM people") <= 40, "a quarter is there"
    assert (
        await ask(scratch, "INSERT INTO people (email, mood, state) VALUES ('new', 'sad', 'open') RETURNING id") > 100
    )
    assert await ask(scratch, "SELECT count(*) FROM events_1") == 25
