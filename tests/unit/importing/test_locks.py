"""The keys of the tools' advisory locks, against values that the tools' own tests and their hashes are known by."""

import zlib

from zdtui.importing import locks


def test_golang_migrate_joins_schema_table_and_database() -> None:
    assert locks.golang_migrate("database_name", "schema_name_1", "schema_name_2") == 3743845847


def test_flyway_uses_the_hash_of_java() -> None:
    assert locks.flyway("hello") == 77431708279161 + 99162322
    assert locks.flyway("polygenelubricants") == 77431708279161 - 2**31


def test_atlas_uses_fnv_1() -> None:
    assert locks.atlas("") == 0x811C9DC5
    assert locks.atlas("a") == 0x050C5D7E


def test_rails_and_sqlx_fit_into_a_bigint() -> None:
    assert 0 < locks.rails("shop") == 2053462845 * zlib.crc32(b"shop") < 2**63
    assert 0 < locks.sqlx("shop") == 0x3D32AD9E * zlib.crc32(b"shop") < 2**63


def test_goose_is_the_checksum_of_its_name() -> None:
    assert zlib.crc32(b"goose") == locks.GOOSE


def test_several_keys_are_held_by_one_statement() -> None:
    assert locks.held(1, 2) == "SELECT pg_advisory_xact_lock(1), pg_advisory_xact_lock(2)"
