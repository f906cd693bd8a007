"""Which columns hold a user's name just now: how the demo's application follows a migration without a deployment."""

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

import asyncpg

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

CATALOG = """
SELECT count(*) FILTER (WHERE a.attname = 'name') AS has_name,
       count(*) FILTER (WHERE a.attname IN ('first_name', 'last_name')) AS parts,
       coalesce(bool_or(proof.found) FILTER (WHERE a.attname = 'first_name'), false) AS proven
  FROM pg_catalog.pg_attribute AS a
 CROSS JOIN LATERAL (
       SELECT (a.attnotnull AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint AS n
                WHERE n.conrelid = a.attrelid AND n.contype = 'n' AND n.conkey = ARRAY[a.attnum]
                  AND NOT n.convalidated))
           OR EXISTS (SELECT FROM pg_catalog.pg_constraint AS c
                WHERE c.conrelid = a.attrelid AND c.contype = 'c' AND c.conkey = ARRAY[a.attnum]
                  AND c.convalidated AND pg_catalog.pg_get_constraintdef(c.oid) LIKE '%IS NOT NULL%')
       AS found) AS proof
 WHERE a.attrelid = pg_catalog.to_regclass('users') AND NOT a.attisdropped
"""
"""One row. On PostgreSQL 18 attnotnull alone says nothing: it is set for a NOT VALID constraint, too."""


class NameColumns(Enum):
    """The release of the application, told apart by where it keeps names."""

    ONE = "name"
    TWO = "first_name and last_name"


@dataclass(frozen=True, slots=True)
class UserStatements:
    """What one release sends. A name goes in as two words: $1 and $2."""

    read: str
    """Parameter: user id."""
    rename: str
    """Parameters: given name, family name, user id."""
    insert: str
    """Parameters: given name, family name, e-mail."""


STATEMENTS = {
    NameColumns.ONE: UserStatements(
        read="SELECT name, email FROM users WHERE id = $1",
        rename="UPDATE users SET name = $1::text || ' ' || $2::text WHERE id = $3",
        insert="INSERT INTO users (name, email) VALUES ($1::text || ' ' || $2::text, $3)",
    ),
    NameColumns.TWO: UserStatements(
        read="SELECT first_name, last_name, email FROM users WHERE id = $1",
        rename="UPDATE users SET first_name = $1, last_name = $2 WHERE id = $3",
        insert="INSERT INTO users (first_name, last_name, email) VALUES ($1, $2, $3)",
    ),
}


def columns_to_use(has_name: bool, has_both_parts: bool, proven: bool) -> NameColumns:
    """The new columns once they are proven to be filled, or when nothing else is left; else the old one."""
    if has_both_parts and (proven or not has_name):
        return NameColumns.TWO
    return NameColumns.ONE


async def read_columns(connection: Connection) -> NameColumns:
    """Look at the catalog and decide. Raises what asyncpg raises."""
    row = await connection.fetchrow(CATALOG)
    if row is None:
        return NameColumns.ONE
    return columns_to_use(row["has_name"] == 1, row["parts"] == 2, row["proven"])
