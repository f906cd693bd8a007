"""The advisory locks by which the tools keep two of their own apart, so that none runs beside a step of ours. Pure.

Each key is computed as the tool computes it; some tools make it of the database's name.
"""

import zlib
from collections.abc import Iterable


def held(*keys: int) -> str:
    """The statement that holds these locks to the end of the transaction."""
    return f"SELECT {', '.join(f'pg_advisory_xact_lock({key})' for key in keys)}"


def golang_migrate(database: str, schema: str = "public", table: str = "schema_migrations") -> int:
    """Schema, table and database with a NUL between them; its program has a slash before the database's name."""
    return _crc32("\0".join((schema, table, database))) * 1486364155 % 2**32


def sqlx(database: str) -> int:
    """Of the database's name alone."""
    return 0x3D32AD9E * _crc32(database)


def rails(database: str) -> int:
    """Of the database's name alone."""
    return 2053462845 * _crc32(database)


def flyway(table: str) -> int:
    """The letters of its name, and Java's hash of the quoted name of its history."""
    return 77431708279161 + _java_hash(table)


def atlas(name: str = "atlas_migrate_execute") -> int:
    """FNV-1 of the lock's name."""
    found = 2166136261
    for byte in name.encode():
        found = found * 16777619 % 2**32 ^ byte
    return found


def _crc32(text: str) -> int:
    return zlib.crc32(text.encode())


def _java_hash(text: str) -> int:
    units: Iterable[int] = memoryview(text.encode("utf-16-le")).cast("H")
    found = 0
    for unit in units:
        found = (found * 31 + unit) % 2**32
    return found - 2**32 if found >= 2**31 else found


GOOSE = 4097083626
PRISMA = 72707369
SQITCH = 75474063
