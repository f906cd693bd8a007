"""The settings every session of ours has, whatever the server, the database or the role say by default.

Three kinds are ours: how values are written and read, what the words of a statement mean, and how long a confirmed
statement may live. With them a plan says the same on every database, and a key that was written down is read back as
the same key. All else is the author's and left alone: TimeZone, the order of day and month, tablespaces, memory,
synchronous_commit, row_security, check_function_bodies. `default_transaction_read_only` and `session_replication_role`
are no matter of taste: they are not overridden, and the board says what they are.
"""

from dataclasses import dataclass

TRANSACTION_LIMIT = "15s"
"""Should this process freeze inside a transaction, the server gives the locks back after this long."""
OUR_PATH = "pg_catalog, pg_temp"
"""The search_path of every statement of ours. Names, operators, functions and types that somebody else has made are not
found by it; temporary tables are looked for last (https://www.postgresql.org/docs/current/ddl-schemas.html)."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting, and why it is ours."""

    name: str
    value: str
    why: str
    since: int = 0
    """The first server_version_num that knows it."""


WRITTEN = "how values are written and read back"
MEANT = "what the words of a statement mean"
LIVES = "how long a session and a confirmed statement may live"
LINK = "how soon the server notices that we are gone"

SETTINGS: tuple[Setting, ...] = (
    Setting("DateStyle", "ISO", WRITTEN),
    Setting("IntervalStyle", "postgres", WRITTEN),
    Setting("extra_float_digits", "1", WRITTEN),
    Setting("bytea_output", "hex", WRITTEN),
    Setting("xmlbinary", "base64", WRITTEN),
    Setting("xmloption", "content", WRITTEN),
    Setting("array_nulls", "on", WRITTEN),
    Setting("standard_conforming_strings", "on", MEANT),
    Setting("backslash_quote", "safe_encoding", MEANT),
    Setting("transform_null_equals", "off", MEANT),
    Setting("quote_all_identifiers", "off", MEANT),
    Setting("gin_fuzzy_search_limit", "0", MEANT),
    Setting("default_transaction_isolation", "read committed", MEANT),
    Setting("default_transaction_deferrable", "off", MEANT),
    Setting("client_min_messages", "notice", MEANT),
    Setting("statement_timeout", "0", LIVES),
    Setting("lock_timeout", "0", LIVES),
    Setting("idle_in_transaction_session_timeout", TRANSACTION_LIMIT, LIVES),
    Setting("idle_session_timeout", "0", LIVES, since=140000),
    Setting("transaction_timeout", "0", LIVES, since=170000),
    Setting("tcp_keepalives_idle", "5", LINK),
    Setting("tcp_keepalives_interval", "2", LINK),
    Setting("tcp_keepalives_count", "3", LINK),
)
"""Each is set by its name alone, so that DateStyle keeps the author's order of day and month."""

WHERE_THE_PLATFORM_CAN: tuple[Setting, ...] = (
    Setting("tcp_user_timeout", "15s", LINK),
    Setting("client_connection_check_interval", "2s", LINK, since=140000),
)
"""Refused by servers whose system has no such thing: each is set by itself, and done without where refused."""


def settings(version: int) -> tuple[Setting, ...]:
    """Those a server of that version knows."""
    return tuple(each for each in SETTINGS if each.since <= version)


def platform_settings(version: int) -> tuple[Setting, ...]:
    """Those that may be refused; of a server of that version."""
    return tuple(each for each in WHERE_THE_PLATFORM_CAN if each.since <= version)


def set_text(version: int, path: str = OUR_PATH) -> str:
    """One text that sets those a server of that version knows for the session, and its search_path."""
    chosen = (f"SET {each.name} = '{each.value}'" for each in settings(version))
    return "; ".join([f"SET search_path = {path}", *chosen])
