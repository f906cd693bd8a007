"""The list of PostgreSQL's own functions is the server's."""

from tests.fix_db import Database
from zdtui.sql.built_in import LIST

OWN_FUNCTIONS = """
    SELECT proname, (array_agg(provolatile ORDER BY array_position('{v,s,i}', provolatile)))[1]
    FROM pg_catalog.pg_proc
    WHERE pronamespace = 'pg_catalog'::regnamespace AND prorettype NOT IN ('trigger'::regtype, 'event_trigger'::regtype)
    GROUP BY proname ORDER BY proname COLLATE "C"
"""
"""The worst of a name's overloads."""
NAMES = {"i": "immutable", "s": "stable", "v": "volatile"}


def test_the_list_is_what_the_newest_server_has(server18: Database) -> None:
    with server18.connect() as connection:
        found = connection.execute(OWN_FUNCTIONS).fetchall()
    expected = "".join(f"{name} {NAMES[volatility]}\n" for name, volatility in found)
    assert LIST.read_text(encoding="utf-8") == expected
