"""The plan file's keys: one table from which the loader, the JSON Schema and the reference are made."""

from dataclasses import dataclass
from enum import Enum
from typing import Literal, get_args

from zdtui.plan.model import Answer, Environment, Phase, Walk

FORMAT_VERSION = 1


class Kind(Enum):
    """What may stand after a key."""

    VERSION = "1"
    TEXT = "text"
    NAME = "name: lower case letters, digits and dashes"
    SQL = "SQL"
    ADDRESS = "an address that begins with http:// or https://"
    FILE = "a path, relative to the plan file"
    DURATION = "a time: 500ms, 10s, 1h30min, 24h"
    LIMIT_DURATION = "a time, or `off`"
    LIMIT_COUNT = "a whole number, or `off`"
    LIMIT_SIZE = "a size: 64MB, 2GB, or `off`"
    COUNT = "a whole number"
    WINDOWS = "a time of day in UTC, 22:00-06:00, or a list of them"
    CHOICE = "one of a few words"
    TEXTS = "one text or a list of texts"
    COLUMNS = "a column name or a list of them"
    PAIRS = "a mapping of names to SQL expressions"
    REASONS = "a mapping of hazards to reasons"
    OBJECT = "a mapping"
    OBJECTS = "a list of mappings"


@dataclass(frozen=True, slots=True)
class Key:
    """One key of one kind of mapping."""

    name: str
    kind: Kind
    description: str
    required: bool = False
    choices: tuple[str, ...] = ()
    of: str = ""
    """For OBJECT and OBJECTS: which table below describes it."""
    or_text: bool = False
    """An OBJECT that may also be written as plain SQL."""
    positive: bool = False
    """A COUNT or DURATION that must be more than nothing."""


LIMITS = (
    Key("lock_timeout", Kind.DURATION, "How long a statement may wait for a lock before it is tried again."),
    Key("statement_timeout", Kind.DURATION, "How long a statement may work. Builds and VALIDATE are not limited."),
    Key("lock_queue_ceiling", Kind.DURATION, "The longest a strong lock is queued for, where no gap comes; 0: never."),
    Key("lock_patience", Kind.DURATION, "How long a gap is waited for, outside the queue, until a person is asked."),
    Key("retries", Kind.COUNT, "How often a statement that met a lock timeout or a deadlock is tried again."),
)
TUNING = (
    Key(
        "batch_duration",
        Kind.DURATION,
        "What a batch aims at with the dial at full, less below; the number of rows follows.",
        positive=True,
    ),
    Key("batch_rows", Kind.COUNT, "Rows of the first batch.", positive=True),
    Key("max_batch_rows", Kind.COUNT, "Rows that no batch exceeds.", positive=True),
    Key("batch_pause", Kind.DURATION, "A rest after each batch, besides what the dial of the console asks for."),
    Key("max_replication_lag", Kind.DURATION, "Over this replay lag of any standby the batches slow down."),
)
WORKING = (
    *TUNING,
    Key(
        "workers",
        Kind.COUNT,
        "Parallel sessions. Only one of them works while a limit slows the backfill down.",
        positive=True,
    ),
    Key("max_rejected", Kind.COUNT, "Rows the server may refuse, kept in zdtui.rejected, before the step fails."),
    Key("vacuum_after_rows", Kind.COUNT, "VACUUM the table after so many changed rows. Default: never.", positive=True),
)
WALK = Key(
    "walk", Kind.CHOICE, "auto: in stripes where that pays, over pages or over keys; key: never.", choices=tuple(Walk)
)
TRANSACTION = Key(
    "transaction",
    Kind.CHOICE,
    "off: a CALL or DO of the SQL may commit as it goes; each statement runs on its own. Default on.",
    choices=("on", "off"),
)
ActionKey = Literal["sql", "sql_file", "backfill", "copy", "compare", "check", "manual", "wait"]
"""The keys of which a step has exactly one."""
ACTIONS: tuple[ActionKey, ...] = get_args(ActionKey)

TABLES: dict[str, tuple[Key, ...]] = {
    "plan": (
        Key("zdtui", Kind.VERSION, "The version of this format.", required=True),
        Key("name", Kind.NAME, "Names the run in the journal.", required=True),
        Key("title", Kind.TEXT, "One line for people.", required=True),
        Key("description", Kind.TEXT, "What changes, why, and who was asked."),
        Key("target", Kind.OBJECT, "What the plan expects of the database.", of="target"),
        Key("defaults", Kind.OBJECT, "Limits for every step that sets none.", of="defaults"),
        Key("guards", Kind.OBJECT, "Figures that pause the run when they are over.", of="guards"),
        Key("throttle", Kind.OBJECT, "Figures that slow backfills and copies down.", of="throttle"),
        Key("steps", Kind.OBJECTS, "What happens, in order.", required=True, of="step"),
    ),
    "target": (
        Key("database", Kind.TEXT, "The database's name; another one is refused."),
        Key("minimum_version", Kind.COUNT, "The oldest major version of PostgreSQL the plan is for."),
        Key(
            "environment",
            Kind.CHOICE,
            "`production` paints the console and asks for typed confirmations.",
            choices=tuple(Environment),
        ),
    ),
    "defaults": LIMITS,
    "guards": (
        Key("replication_lag", Kind.LIMIT_DURATION, "Replay lag of the worst standby. Default 10s."),
        Key("blocked_sessions", Kind.LIMIT_COUNT, "Sessions that wait behind us. Default 5."),
        Key("oldest_transaction", Kind.LIMIT_DURATION, "Age of the oldest transaction of anybody. Default off."),
    ),
    "throttle": (
        Key("replication_lag", Kind.LIMIT_DURATION, "Replay lag of the worst standby. Default 5s."),
        Key("replication_lag_bytes", Kind.LIMIT_SIZE, "WAL the worst standby has not replayed. Default off."),
        Key("blocked_sessions", Kind.LIMIT_COUNT, "Sessions that wait behind us. Default 2."),
        Key("wal_rate", Kind.LIMIT_SIZE, "WAL a second, of the whole server. Default off."),
        Key("active_sessions", Kind.LIMIT_COUNT, "Sessions at work; the server's cores, say. Default off."),
        Key("oldest_transaction", Kind.LIMIT_DURATION, "Age of the oldest transaction. Default off."),
        Key("archive_backlog", Kind.LIMIT_COUNT, "WAL segments that wait for the archiver. Default 16."),
        Key("retained_wal", Kind.LIMIT_SIZE, "WAL kept for the slowest replication slot. Default off."),
        Key("requested_checkpoints", Kind.LIMIT_COUNT, "Server checkpoints asked for in five minutes. Default off."),
        Key("autovacuum", Kind.CHOICE, "While it works on the table. Default slow.", choices=("slow", "ignore")),
        Key(
            "canary",
            Kind.LIMIT_COUNT,
            "Slow down when a small probe write takes more than this many times its usual time. Default off.",
        ),
        Key("query", Kind.SQL, "A query of your own, asked once a second; it answers go, slow or stop."),
        Key("url", Kind.ADDRESS, "An HTTP address asked once a second: 200 is go, 429 slow, anything else stop."),
        Key("timeout", Kind.DURATION, "How long query and url may take. Default 2s.", positive=True),
        Key("unanswered", Kind.CHOICE, "What no answer means. Default stop.", choices=tuple(Answer)),
        Key("only", Kind.WINDOWS, "Work only then, such as 22:00-06:00. Default: always."),
    ),
    "step": (
        Key("id", Kind.NAME, "Names the step; typed to confirm it in production.", required=True),
        Key("title", Kind.TEXT, "One line for people.", required=True),
        Key("phase", Kind.CHOICE, "Where in the change it belongs.", required=True, choices=tuple(Phase)),
        Key("notes", Kind.TEXT, "What the operator should know before and after."),
        Key("links", Kind.TEXTS, "Dashboards, runbooks, tickets."),
        Key("silence", Kind.REASONS, "Hazards that are acknowledged, each with the reason; the console shows both."),
        *LIMITS,
        Key("sql", Kind.SQL, "Statements; one transaction unless one of them cannot be in one."),
        Key("sql_file", Kind.FILE, "The same, from a file."),
        TRANSACTION,
        Key("backfill", Kind.OBJECT, "UPDATE in batches.", of="backfill"),
        Key("copy", Kind.OBJECT, "INSERT from another table in batches by key.", of="copy"),
        Key("compare", Kind.OBJECT, "Prove that two sides are the same, in chunks by key.", of="compare"),
        Key("check", Kind.SQL, "A query whose single value must be true."),
        Key("manual", Kind.TEXT, "Something a person does, confirmed with a note."),
        Key("wait", Kind.DURATION, "A soak time, counted from the journal."),
        Key("rollback", Kind.OBJECT, "What undoes the step.", required=True, of="rollback", or_text=True),
        Key("verify", Kind.TEXTS, "Queries that must each give true once the action is done."),
    ),
    "backfill": (
        Key("table", Kind.TEXT, "The table to update.", required=True),
        Key("set", Kind.PAIRS, "Columns and the expressions they get.", required=True),
        Key("where", Kind.SQL, "Which rows still need it."),
        Key("key", Kind.COLUMNS, "A unique key; default: the primary key, else one of NOT NULL columns."),
        WALK,
        *WORKING,
    ),
    "copy": (
        Key("from", Kind.TEXT, "The table to read.", required=True),
        Key("into", Kind.TEXT, "The table to fill; rows whose key is there already are left alone.", required=True),
        Key("columns", Kind.PAIRS, "Columns of `into` and expressions over `from`.", required=True),
        Key("where", Kind.SQL, "Which rows to copy."),
        Key("key", Kind.COLUMNS, "Columns, or the name, of a unique index of `from`; default: its primary key."),
        Key("valid", Kind.PAIRS, "Rules a row must satisfy; one that does not is recorded in zdtui.rejected."),
        Key(
            "overriding",
            Kind.CHOICE,
            "Say OVERRIDING SYSTEM VALUE; default: where a column of `into` is GENERATED ALWAYS AS IDENTITY.",
            choices=("system",),
        ),
        Key(
            "second_pass",
            Kind.COLUMNS,
            "Columns filled once all rows are there; default: those with a foreign key to `into` itself.",
        ),
        *WORKING,
    ),
    "compare": (
        Key("from", Kind.TEXT, "The table to compare with.", required=True),
        Key("into", Kind.TEXT, "The table that was filled from it; default: columns of `from` itself are compared."),
        Key("columns", Kind.PAIRS, "Columns of `into` and the expressions over `from` they must equal.", required=True),
        Key("where", Kind.SQL, "Which rows of `from`; every other row of `into` is one too many."),
        Key("key", Kind.COLUMNS, "Columns, or the name, of a unique index of `from`; default: its primary key."),
        Key("watch", Kind.DURATION, "Compare again and again for so long: a dual-write is watched that way."),
        *TUNING,
    ),
    "rollback": (
        Key("sql", Kind.SQL, "Statements that undo the step."),
        Key("sql_file", Kind.FILE, "The same, from a file."),
        TRANSACTION,
        Key("none", Kind.TEXT, "Nothing needs undoing, and why."),
        Key("irreversible", Kind.TEXT, "It cannot be undone, and what it would take all the same."),
    ),
}
