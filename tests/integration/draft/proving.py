"""Whether `make prove-draft` runs the tests, with how many seeds, and what it proves: a shape of a value for each kind."""

import os
from dataclasses import dataclass

import pytest

from tests.fix_db import Database

PROVING = "PROVE_SEEDS" in os.environ
SEEDS = range(int(os.environ.get("PROVE_SEEDS", "1")))


def on_each_server_when_proving(server: Database) -> None:
    """`make test` proves on the newest alone."""
    if not PROVING and server.cluster.binaries.major != 18:
        pytest.skip("make prove-draft does it on every server")


@dataclass(frozen=True)
class Kind:
    """What is drafted, and where a row's value stands while it goes on."""

    sql: str
    both: tuple[str, ...]
    """Queries of id and value: while both shapes are there, each gives what was acknowledged."""
    final: str
    """The same when the old shape is gone."""
    wrong: str
    """The rows in which the two shapes do not agree, as a condition or a query after FROM."""
    insert: tuple[str, ...] = ()
    """How the release after the change writes a new row; empty: as the one before."""
    update: str = ""
    begins_with: str = ""
    """The step after which that release may run."""
    app_trigger: bool = True
    """Whether the application's own trigger is there."""


KINDS = {
    "rename": Kind(
        "ALTER TABLE items RENAME COLUMN n TO number",
        ("SELECT id, n FROM items", "SELECT id, number FROM items"),
        "SELECT id, number FROM items",
        "items WHERE n IS DISTINCT FROM number",
        ("INSERT INTO items (account, number, id) VALUES (2, %(value)s, %(id)s)",),
        "UPDATE items SET number = %(value)s WHERE id = %(id)s",
        "sync-n",
    ),
    "type": Kind(
        "ALTER TABLE items ALTER COLUMN n TYPE bigint",
        ("SELECT id, n FROM items", "SELECT id, n_old FROM items"),
        "SELECT id, n FROM items",
        "items WHERE n IS DISTINCT FROM n_old",
    ),
    "key": Kind(
        "ALTER TABLE accounts ALTER COLUMN id TYPE bigint",
        ("SELECT id, n FROM items",),
        "SELECT id, n FROM items",
        "items LEFT JOIN accounts AS a ON a.id = account"
        " WHERE account IS DISTINCT FROM account_old OR account IS DISTINCT FROM a.id",
    ),
    "own key": Kind(
        "ALTER TABLE items ALTER COLUMN id TYPE bigint",
        ("SELECT id, n FROM items", "SELECT id_old, n FROM items"),
        "SELECT id, n FROM items",
        "items WHERE id IS DISTINCT FROM id_old",
    ),
    "collation": Kind(
        'ALTER TABLE items ALTER COLUMN note TYPE text COLLATE "C"',
        ("SELECT id, n FROM items",),
        "SELECT id, n FROM items",
        'items WHERE note IS DISTINCT FROM note_old COLLATE "C"',
    ),
    "another meaning": Kind(
        "ALTER TABLE items REPLACE COLUMN n BY cents bigint NOT NULL AS (n * 100::bigint) BACK n AS (cents / 100)",
        ("SELECT id, n FROM items", "SELECT id, cents / 100 FROM items"),
        "SELECT id, cents / 100 FROM items",
        "items WHERE cents IS DISTINCT FROM n * 100::bigint",
        ("INSERT INTO items (account, cents, id) VALUES (2, %(value)s::bigint * 100, %(id)s)",),
        "UPDATE items SET cents = %(value)s::bigint * 100 WHERE id = %(id)s",
        "sync-n",
    ),
    "split": Kind(
        "ALTER TABLE items REPLACE COLUMN n BY high int NOT NULL AS (n / 1000), low int NOT NULL AS (n % 1000)"
        " BACK n AS (high * 1000 + low)",
        ("SELECT id, n FROM items", "SELECT id, high * 1000 + low FROM items"),
        "SELECT id, high * 1000 + low FROM items",
        "items WHERE n IS DISTINCT FROM high * 1000 + low",
        (
            "INSERT INTO items (account, high, low, id) VALUES (2, %(value)s::int / 1000, %(value)s::int %% 1000, %(id)s)",
        ),
        "UPDATE items SET high = %(value)s::int / 1000, low = %(value)s::int %% 1000 WHERE id = %(id)s",
        "sync-n",
    ),
    "merge": Kind(
        "ALTER TABLE items REPLACE COLUMNS n, note BY whole text AS (concat_ws(':', n, note))"
        " BACK n AS (split_part(whole, ':', 1)::int), note AS (nullif(split_part(whole, ':', 2), ''))",
        ("SELECT id, n FROM items", "SELECT id, split_part(whole, ':', 1)::int FROM items"),
        "SELECT id, split_part(whole, ':', 1)::int FROM items",
        "items WHERE whole IS DISTINCT FROM concat_ws(':', n, note)",
        ("INSERT INTO items (account, whole, id) VALUES (2, %(value)s::int || ':new', %(id)s)",),
        "UPDATE items SET whole = %(value)s::int || ':changed' WHERE id = %(id)s",
        "sync-n-note",
    ),
    "move": Kind(
        "ALTER TABLE items MOVE COLUMNS (n) TO numbers",
        ("SELECT id, n FROM items", "SELECT items_id, n FROM numbers"),
        "SELECT items_id, n FROM numbers",
        "items AS i LEFT JOIN numbers AS m ON m.items_id = i.id WHERE m.n IS DISTINCT FROM i.n",
        (
            "INSERT INTO items (account, id) VALUES (2, %(id)s)",
            "INSERT INTO numbers (n, items_id) VALUES (%(value)s, %(id)s)"
            " ON CONFLICT (items_id) DO UPDATE SET n = EXCLUDED.n",
        ),
        "UPDATE numbers SET n = %(value)s WHERE items_id = %(id)s",
        "sync-back-numbers",
    ),
    "partition": Kind(
        "ALTER TABLE items PARTITION BY RANGE (id) FROM (MINVALUE) TO (100000000)",
        ("SELECT id, n FROM items",),
        "SELECT id, n FROM items",
        "items WHERE tableoid <> 'items_adopted'::regclass",
        app_trigger=False,
    ),
    "generated": Kind(
        "ALTER TABLE items ADD COLUMN twice bigint GENERATED ALWAYS AS (n * 2::bigint) STORED",
        ("SELECT id, n FROM items", "SELECT id, twice / 2 FROM items"),
        "SELECT id, twice / 2 FROM items",
        "items WHERE twice IS DISTINCT FROM n * 2::bigint",
    ),
    "volatile default": Kind(
        "ALTER TABLE items ADD COLUMN token uuid NOT NULL DEFAULT gen_random_uuid()",
        ("SELECT id, n FROM items",),
        "SELECT id, n FROM items",
        "items WHERE token IS NULL",
    ),
    "proofs": Kind(
        "ALTER TABLE items ADD CHECK (n >= 0);"
        " ALTER TABLE items ADD CONSTRAINT known FOREIGN KEY (account) REFERENCES accounts ON UPDATE CASCADE;"
        " ALTER TABLE items ADD CONSTRAINT once UNIQUE (id, n); CREATE INDEX by_n ON items (n) WHERE n > 5",
        ("SELECT id, n FROM items",),
        "SELECT id, n FROM items",
        "items WHERE n < 0",
    ),
}
SHORT = ("rename", "key", "move")
"""Those that `make test` proves."""
