"""What we call volatile is what has PostgreSQL rewrite the table, and nothing else."""

import pytest

from tests.fix_db import Database
from zdtui.sql.volatility import Volatility, volatility

DEFAULTS = (
    ("int", "0"),
    ("int", "(1 + 2) * 3"),
    ("text", "lower('A') || 'b'"),
    ("numeric(10, 2)", "CAST(1 AS numeric(10, 2))"),
    ("jsonb", "'{}'::jsonb"),
    ("text[]", "ARRAY[]::text[]"),
    ("timestamptz", "now()"),
    ("timestamptz", "NOW() + interval '1 day'"),
    ("timestamptz", "CURRENT_TIMESTAMP"),
    ("timestamptz", "'now()'::timestamptz"),
    ("timestamp", "(now() AT TIME ZONE 'UTC')"),
    ("text", "current_user"),
    ("text", "coalesce(lower(current_setting('work_mem')), 'x')"),
    ("text", "to_char(now(), 'YYYY')"),
    ("uuid", "gen_random_uuid()"),
    ("float8", "random()"),
    ("int", "floor(random() * 10)::int"),
    ("timestamptz", "clock_timestamp()"),
    ("bigint", "nextval('numbers')"),
    ("text", "coalesce(now()::text, lower(timeofday()))"),
    ("text", "concat('a', 1)"),
    ("text", "format('%s', txid_current())"),
    ("jsonb", "jsonb_build_object('at', statement_timestamp())"),
    ("text", "md5(random()::text)"),
)


@pytest.mark.parametrize(("column_type", "default"), DEFAULTS, ids=[default for _, default in DEFAULTS])
def test_only_a_volatile_default_rewrites(server: Database, column_type: str, default: str) -> None:
    with server.connect() as connection:
        connection.execute("CREATE TABLE t AS SELECT 1 AS a; CREATE SEQUENCE numbers")
        before = connection.execute("SELECT pg_relation_filenode('t')").fetchall()
        connection.execute(f"ALTER TABLE t ADD COLUMN c {column_type} DEFAULT {default}")
        after = connection.execute("SELECT pg_relation_filenode('t')").fetchall()
    assert (volatility(default) is Volatility.VOLATILE) == (before != after)
