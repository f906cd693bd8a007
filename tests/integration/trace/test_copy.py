"""The target's schema is copied into a scratch server: whole, without a row, and without being in anybody's way."""

import asyncio

import psycopg
import pytest

from tests.fix_db import Database
from zdtui.demo.dumper import find_dumper
from zdtui.errors import EmbeddedServerError, TargetError
from zdtui.fingerprint.compare import compare
from zdtui.fingerprint.dumper import connection_environment
from zdtui.fingerprint.take import take
from zdtui.postgres.target.target import Target
from zdtui.trace.dump import dump_schema
from zdtui.trace.scratch import complaints, scratch_major, scratch_server

MORE = """
CREATE TABLE event (id bigint, at date) PARTITION BY RANGE (at);
CREATE TABLE event_1 PARTITION OF event FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
CREATE VIEW customer AS SELECT id FROM users;
CREATE POLICY mine ON users FOR SELECT TO shop_app USING (true);
"""


def dump_of(database: Database) -> str:
    return asyncio.run(dump_schema(Target(database.dsn()), find_dumper(18)))


NOT_COPIED = {"ROLE", "ROLE MEMBERSHIP", "DATABASE", "SETTINGS", "PARAMETER ACL"}
"""What is of the server and not of the database, and how the database itself was made."""
WRITTEN = "SELECT array_agg(ROW(oid, xmin::text, relfilenode) ORDER BY oid)::text FROM pg_catalog.pg_class"
"""Every relation, as it was last written. Autovacuum does not show in it: it changes pg_class in place."""


def test_the_copy_has_the_whole_schema_and_not_a_row(shop: Database) -> None:
    shop.execute(MORE)
    before = shop.execute(WRITTEN)
    schema = dump_of(shop)
    assert shop.execute(WRITTEN) == before
    with scratch_server(18, schema, ["zdtui", "shop_app"]) as scratch:
        assert scratch.complaints == ()
        there, here = (asyncio.run(take(Target(dsn), find_dumper(18))) for dsn in (shop.dsn(), scratch.dsn))
        assert {each.kind for each in compare(there, here).differences} <= NOT_COPIED
        with psycopg.connect(scratch.dsn) as connection:
            assert connection.execute("SELECT count(*) FROM users").fetchone() == (0,)
        folder = scratch.cluster.folder
    assert not folder.exists()


def test_a_table_somebody_has_locked_is_waited_for_briefly_and_named(shop: Database) -> None:
    with shop.connect() as somebody, somebody.transaction():
        somebody.execute("LOCK TABLE users IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(TargetError, match="locked by somebody for longer than 500ms; nothing was held meanwhile"):
            dump_of(shop)


def test_an_older_target_is_traced_on_the_next_newer_server_and_what_is_missing_is_said() -> None:
    assert [scratch_major(major) for major in (13, 14, 16, 17, 18, 19)] == [16, 16, 16, 18, 18, 18]
    schema = "CREATE EXTENSION no_such_extension;\nCREATE TABLE here (id int);\n"
    with scratch_server(16, schema, []) as scratch:
        assert len(scratch.complaints) == 1
        assert "no_such_extension" in scratch.complaints[0]
        with psycopg.connect(scratch.dsn) as connection:
            assert connection.execute("SELECT count(*) FROM here").fetchone() == (0,)


def test_complaints_are_told_once_the_missing_extension_first_and_the_rest_counted() -> None:
    lines = [f'psql:<stdin>:{n}: ERROR:  type "t{n}" does not exist' for n in range(8)]
    lines += ['psql:<stdin>:9: ERROR:  extension "postgis" is not available', lines[0]]
    lines += ['psql:<stdin>:10: ERROR:  unrecognized configuration parameter "transaction_timeout"']
    told = complaints("\n".join(lines))
    assert told[0] == 'extension "postgis" is not available'
    assert told[-1] == "and 3 more"
    assert len(told) == 7


def test_a_target_newer_than_every_pg_dump_is_refused_in_a_sentence() -> None:
    with pytest.raises(EmbeddedServerError, match="install the client programs of PostgreSQL 99"):
        find_dumper(99)


def test_a_target_that_cannot_be_reached_is_one_sentence_without_the_password() -> None:
    target = Target("postgresql://ana:sesame@127.0.0.1:1/shop")
    assert connection_environment(target)["PGPASSWORD"] == "sesame"
    with pytest.raises(TargetError) as caught:
        asyncio.run(dump_schema(target, find_dumper(18)))
    assert "the schema could not be read" in str(caught.value)
    assert "sesame" not in str(caught.value)
