"""The plan file's keys: one table from which the loader, the JSON Schema and the reference are made."""

from zdtui.plan.model import Answer, Environment, Phase
from zdtui.steps.action import KINDS
from zdtui.steps.key import Key as Key
from zdtui.steps.key import Kind as Kind
from zdtui.steps.statements import TRANSACTION

FORMAT_VERSION = 1

LIMITS = (
    Key("lock_timeout", Kind.DURATION, "How long a statement may wait for a lock before it is tried again."),
    Key("statement_timeout", Kind.DURATION, "How long a statement may work. Builds and VALIDATE are not limited."),
    Key("lock_queue_ceiling", Kind.DURATION, "The longest a strong lock is queued for, where no gap comes; 0: never."),
    Key("lock_patience", Kind.DURATION, "How long a gap is waited for, outside the queue, until a person is asked."),
    Key("retries", Kind.COUNT, "How often a statement that met a lock timeout or a deadlock is tried again."),
)
ACTIONS = tuple(key.name for kind in KINDS for key in kind.step_keys())
"""The keys of which a step has exactly one."""
BELONGS_TO = {beside.name: tuple(key.name for key in kind.step_keys()) for kind in KINDS for beside in kind.beside()}
"""By each key that stands beside others, those."""
MAPPINGS = {key.of: mapping for kind in KINDS for key in kind.step_keys() if (mapping := kind.mapping()) is not None}
"""What stands after those that are no single value."""

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
        Key("notify", Kind.TEXTS, "Receivers of the operator's config.toml that are told; by default all of them."),
        Key(
            "require_rehearsal",
            Kind.DURATION,
            "A step that was not rehearsed so recently, as it is written and back exactly, needs a reason to be run.",
            positive=True,
        ),
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
        *(key for kind in KINDS for key in (*kind.step_keys(), *kind.beside())),
        Key("rollback", Kind.OBJECT, "What undoes the step.", required=True, of="rollback", or_text=True),
        Key("verify", Kind.TEXTS, "Queries that must each give true once the action is done."),
    ),
    **{name: mapping.keys for name, mapping in MAPPINGS.items()},
    "rollback": (
        Key("sql", Kind.SQL, "Statements that undo the step."),
        Key("sql_file", Kind.FILE, "The same, from a file."),
        TRANSACTION,
        Key("none", Kind.TEXT, "Nothing needs undoing, and why."),
        Key("irreversible", Kind.TEXT, "It cannot be undone, and what it would take all the same."),
    ),
}
