"""Which changes of a column's type rewrite the table: what is said of every pair is what PostgreSQL does."""

import itertools

import psycopg
import pytest

from tests.fix_db import Database
from zdtui.sql.schema.relations import Domain
from zdtui.sql.schema.types import is_built_in, is_utc, same_bits, type_of

DOMAINS = {
    "label": Domain("character varying(20)", False),
    "wide": Domain("character varying", False),
    "positive": Domain("integer", True),
    "plain": Domain("integer", False),
    "over": Domain("plain", False),
    "guarded": Domain("positive", False),
    "counts": Domain("integer[]", False),
}
MADE = """
CREATE DOMAIN label AS varchar(20); CREATE DOMAIN wide AS varchar; CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE DOMAIN plain AS int; CREATE DOMAIN over AS plain; CREATE DOMAIN guarded AS positive; CREATE DOMAIN counts AS int[]
"""
FAMILIES = (
    ("varchar(20)", "varchar(40)", "varchar", "text", "label", "wide", "char(4)", "char(8)", "bpchar", '"char"', "xml"),
    ("text[]", "varchar[]", "varchar(5)[]", "varchar(9)[]", "label[]"),
    ("numeric", "numeric(10, 2)", "numeric(12, 2)", "numeric(12,3)", "numeric(5)", "numeric(8, 0)"),
    ("int", "int4", "bigint", "smallint", "positive", "plain", "over", "guarded", "oid", "numeric"),
    ("cidr", "inet"),
    ("bit(8)", "bit(4)", "bit", "varbit", "bit varying(8)", "varbit(12)"),
    ("timestamp", "timestamp(3)", "timestamp(6)", "timestamptz", "timestamptz(3)", "timestamptz(6)", "date"),
    ("time", "time(3)", "time(6)", "timetz", "timetz(3)"),
    ("interval", "interval(3)", "interval(6)", "interval day to second", "interval day to second(3)"),
    ("real", "float4", "float(8)", "float(24)", "float(25)", "float", "double precision"),
    ("counts", "int[]"),
    ("dec(5, 2)", "numeric(5, 2)", "decimal(6, 2)"),
    ("nchar(4)", "char(4)", "national character varying(4)", "varchar(4)", "char varying(9)"),
    ("json", "jsonb", "text"),
)


def is_rewritten(connection: psycopg.Connection, before: str, after: str) -> bool | None:
    """None where there is no such change without USING."""
    connection.execute(f"DROP TABLE IF EXISTS t; CREATE TABLE t (c {before})".encode())
    file = connection.execute("SELECT pg_relation_filenode('t')").fetchone()
    try:
        connection.execute(f"ALTER TABLE t ALTER c TYPE {after}".encode())
    except psycopg.errors.DatatypeMismatch:
        return None
    return connection.execute("SELECT pg_relation_filenode('t')").fetchone() != file


ZONES = ("UTC", "Etc/UTC", "gmt", "Zulu", "Europe/Berlin", "Africa/Abidjan", "Europe/London")


@pytest.mark.parametrize("zone", ZONES)
def test_in_which_zones_timestamps_stay_as_they_are(server: Database, zone: str) -> None:
    with server.connect() as connection:
        connection.execute(f"SET TIME ZONE '{zone}'".encode())
        for before, after in itertools.permutations(("timestamp", "timestamptz"), 2):
            said = not same_bits(type_of(before, {}), type_of(after, {}), is_utc(zone))
            assert is_rewritten(connection, before, after) is said


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo"])
@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family[0])
def test_what_rewrites_is_said_to(server: Database, family: tuple[str, ...], zone: str) -> None:
    wrong, asked = {}, 0
    with server.connect() as connection:
        connection.execute(f"SET TIME ZONE '{zone}'".encode())
        connection.execute(MADE.encode())
        for before, after in itertools.permutations(family, 2):
            happens = is_rewritten(connection, before, after)
            asked += happens is not None
            said = not same_bits(type_of(before, DOMAINS), type_of(after, DOMAINS), is_utc(zone))
            if happens is not None and said is not happens:
                wrong[before, after] = happens
    assert wrong == {}
    assert asked


def test_every_type_of_postgresqls_own_is_known_to_be_no_domain(server18: Database) -> None:
    with psycopg.connect(server18.dsn()) as connection:
        rows = connection.execute(
            "SELECT format_type(oid, NULL) FROM pg_type WHERE typnamespace = 'pg_catalog'::regnamespace"
            " AND typtype IN ('b', 'r', 'm') AND typelem = 0"
        ).fetchall()
    assert [name for (name,) in rows if not is_built_in(type_of(name, {}))] == []
