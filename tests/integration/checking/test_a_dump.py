"""What pg_dump writes of a real database, rows and all, is read whole: no mistake, and nothing unknown."""

import subprocess

from tests.fix_db import Database
from zdtui.checking.check import check
from zdtui.checking.inputs import Given, Input
from zdtui.demo.dumper import find_dumper

GIVEN = r"""
CREATE TYPE mood AS ENUM ('sad', 'it''s fine');
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE TABLE org (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "a;b" text, "from stdin" mood);
CREATE TABLE users (id bigint, org_id bigint REFERENCES org, n positive, note text DEFAULT E'\\', UNIQUE (id, n))
    PARTITION BY RANGE (id);
CREATE TABLE users_1 PARTITION OF users FOR VALUES FROM (0) TO (1000);
CREATE VIEW names AS SELECT id, E'\\i x' AS said FROM users;
CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN '\\'::text = ';'; END $$;
INSERT INTO org ("a;b", "from stdin") VALUES (E'it''s; \\ -- \n\t\\.', 'sad'), ('${a} {{ b }} :c', NULL);
INSERT INTO users SELECT n, 1, n, E'\\.' FROM generate_series(1, 20) AS n;
COMMENT ON TABLE org IS E'\\restrict';
"""


def test_a_dump_with_its_rows_is_read_whole(server18: Database) -> None:
    server18.execute(GIVEN)
    dump = subprocess.run(
        [find_dumper(18).program, "--dbname", server18.dsn()], capture_output=True, text=True, check=True, timeout=120
    ).stdout
    assert "FROM stdin;" in dump
    checked = check(Given((Input("dump.sql", dump),)), with_squawk=False)
    assert (checked.unread, checked.notes) == ((), ())
    assert [each.statement.text for each in checked.findings if not each.effects.known] == []
    assert {"CREATE TABLE", "COPY", "ALTER TABLE", "CREATE VIEW"} <= {each.statement.kind for each in checked.findings}
