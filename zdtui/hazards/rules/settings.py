"""Settings that outlive the change, sequences, sessions that are ended, and what is hard to change later."""

import re
from collections.abc import Iterator

from zdtui.hazards.context import Context
from zdtui.hazards.hazard import Safer, Severity
from zdtui.hazards.rule import DOCUMENTATION, Example, Found, Rule, in_use, on
from zdtui.sql.operation import Operation
from zdtui.sql.text.tokens import Token, tokens

GIVEN = "CREATE TABLE users (id bigint PRIMARY KEY, name text); CREATE SEQUENCE numbers"
AUTOVACUUM = frozenset({"autovacuum_enabled", "toast.autovacuum_enabled"})
OFF = frozenset({"FALSE", "OFF", "NO", "0"})
LIMITS = ("lock_timeout", "statement_timeout", "transaction_timeout")
NEVER = re.compile(r"\s*'?\s*0+\s*(?:ms|s|min|h|d)?\s*'?\s*\Z", re.IGNORECASE)
ENDS_SESSIONS = frozenset({"PG_TERMINATE_BACKEND", "PG_CANCEL_BACKEND"})


def _words(context: Context) -> list[Token]:
    return list(tokens(context.statement.text))


@on("ALTER SYSTEM", "ALTER DATABASE", "ALTER ROLE")
def _for_all(context: Context, each: Operation) -> Iterator[Found]:
    words = [token.upper for token in _words(context)]
    if "TABLESPACE" in words and each.kind == "ALTER DATABASE":
        yield Found(
            severity=Severity.STOP,
            sentence=f"every file of {each.object} is copied, and nobody may be connected to it until that is done",
            safer=Safer(sentence="move tables and indexes one by one, or make a new database beside it"),
        )
    elif "SET" in words or "RESET" in words:
        sessions = "the whole server" if each.kind == "ALTER SYSTEM" else "every session that begins later"
        yield Found(
            sentence=f"it counts for {sessions}, and not at once for sessions that are there: they differ",
            safer=Safer(sentence="note the old value in the rollback, and say when the sessions are renewed"),
        )
    elif each.kind == "ALTER ROLE":
        yield Found(sentence=f"what {each.object} may do changes for every session at once")


@in_use("ALTER TABLE SET PARAMETERS")
def _autovacuum(context: Context, each: Operation) -> Iterator[Found]:
    if not AUTOVACUUM & set(each.parameters):
        return
    values = _words(context)
    at = next((place for place, token in enumerate(values) if token.text.lower() == "autovacuum_enabled"), len(values))
    if any(token.text.strip("'").upper() in OFF for token in values[at + 1 : at + 3]):
        yield Found(
            sentence=f"dead rows of {each.relation} are never cleaned up while this is so: the table "
            "grows, and queries "
            "get slower until somebody remembers",
            safer=Safer(sentence="leave it on and tune its cost; or turn it on again in a step of the same plan"),
        )


@on("SET")
def _limit_off(context: Context, each: Operation) -> Iterator[Found]:
    name = each.parameters[0] if len(each.parameters) == 1 else ""
    if name in LIMITS and NEVER.match(each.expression or "") is not None:
        yield Found(
            sentence=f"from here on a statement may wait without end ({name} is off), and everybody who comes after it "
            "waits behind it",
            safer=Safer(sentence="say a limit of a few seconds and try again, rather than wait in the queue"),
        )


@in_use("ALTER SEQUENCE OPTIONS")
def _sequence(context: Context, each: Operation) -> Iterator[Found]:
    words = [token.upper for token in _words(context)]
    if "RESTART" in words:
        yield Found(
            severity=Severity.WARN,
            sentence=f"numbers that {each.relation} gave before come again: inserts fail on the keys that are there",
            safer=Safer(sentence="restart beyond the highest value in use, and while nobody inserts"),
        )
    if "AS" in words and {"INT", "INTEGER", "SMALLINT", "INT4", "INT2"} & set(words):
        yield Found(
            sentence=f"{each.relation} ends where its smaller type ends: the day it does, inserts fail",
            safer=Safer(sentence="leave it bigint"),
        )


@on("SELECT")
def _sessions_ended(context: Context, each: Operation) -> Iterator[Found]:
    if context.forward and any(token.upper in ENDS_SESSIONS for token in _words(context)):
        yield Found(
            sentence="sessions of others are ended, whatever they are doing: their transactions are rolled back, and "
            "pools reconnect all at once",
            safer=Safer(
                sentence="see first who it is: the console shows who is in the way, and ends one after a question"
            ),
        )


@on("CREATE EXTENSION", "CREATE PUBLICATION", "CREATE DOMAIN", "CREATE TYPE")
def _made(context: Context, each: Operation) -> Iterator[Found]:
    match each.kind:
        case "CREATE EXTENSION":
            yield Found(
                sentence=f"the script of {each.object} runs with the rights of its owner; every server "
                "needs its files, "
                "standbys too"
            )
        case "CREATE PUBLICATION" if "FOR ALL TABLES" in each.words:
            yield Found(
                sentence="every table, new ones too, is published: UPDATE and DELETE fail on each that has no primary "
                "key or other replica identity",
                safer=Safer(sentence="name the tables"),
            )
        case "CREATE DOMAIN":
            yield Found(
                sentence="a stricter check of a domain later reads every table with a column of it, while "
                "nobody writes "
                "there",
                safer=Safer(sentence="a plain type and a CHECK of the table can be changed beside others"),
            )
        case "CREATE TYPE" if "ENUM" in [token.upper for token in _words(context)]:
            yield Found(
                sentence="a value can be added to an enum but never removed",
                safer=Safer(sentence="text with a CHECK, or a table that a foreign key points to, can lose a value"),
            )
        case _:
            pass


RULES = (
    Rule(
        name="lasting-setting",
        severity=Severity.NOTE,
        title="A setting of the server, a database or a role",
        why="It outlives the change and counts for others. Sessions that are there keep the old value until they end. "
        "Another tablespace for a database copies it whole while nobody may be connected.",
        find=_for_all,
        example=Example(
            given=GIVEN, bad="ALTER ROLE CURRENT_USER RESET work_mem;", good="SET LOCAL work_mem = '64MB';"
        ),
        sources=(f"{DOCUMENTATION}config-setting.html", f"{DOCUMENTATION}sql-alterdatabase.html"),
    ),
    Rule(
        name="autovacuum-off",
        severity=Severity.WARN,
        title="Autovacuum is turned off for a table",
        why="Nothing cleans up after updates and deletes. The table grows, its indexes too, and in the end the server "
        "vacuums it all the same, at the worst moment, against wraparound.",
        find=_autovacuum,
        example=Example(
            given=GIVEN,
            bad="ALTER TABLE users SET (autovacuum_enabled = false);",
            good="ALTER TABLE users SET (autovacuum_vacuum_scale_factor = 0.01);",
        ),
        sources=(f"{DOCUMENTATION}routine-vacuuming.html",),
    ),
    Rule(
        name="limit-off",
        severity=Severity.WARN,
        title="A limit of time is turned off",
        why="A statement that may wait without end for its lock stops everybody who comes after it for as long.",
        find=_limit_off,
        example=Example(given=GIVEN, bad="SET lock_timeout = 0;", good="SET lock_timeout = '2s';"),
        sources=(f"{DOCUMENTATION}runtime-config-client.html#GUC-LOCK-TIMEOUT",),
    ),
    Rule(
        name="sequence-change",
        severity=Severity.NOTE,
        title="A sequence that begins anew, or ends earlier",
        why="Numbers that were given come again, or the sequence runs out before its column does.",
        find=_sequence,
        example=Example(
            given=GIVEN, bad="ALTER SEQUENCE numbers RESTART WITH 1;", good="ALTER SEQUENCE numbers CACHE 20;"
        ),
        sources=(f"{DOCUMENTATION}sql-altersequence.html",),
    ),
    Rule(
        name="sessions-ended",
        severity=Severity.WARN,
        title="Sessions of others are ended",
        why="Which ones is decided by what is there that moment. Their work is rolled back.",
        find=_sessions_ended,
        example=Example(
            given=GIVEN,
            bad="SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle';",
            good="SELECT pid FROM pg_stat_activity WHERE state = 'idle';",
        ),
        sources=(f"{DOCUMENTATION}functions-admin.html#FUNCTIONS-ADMIN-SIGNAL",),
    ),
    Rule(
        name="hard-to-change-later",
        severity=Severity.NOTE,
        title="Something new that is hard to change later",
        why="An enum's values stay for good, a domain's checks are proved for every table at once, a "
        "publication of all "
        "tables holds for those to come, an extension brings its own script.",
        find=_made,
        example=Example(
            given=GIVEN,
            bad="CREATE TYPE colour AS ENUM ('red', 'blue');",
            good="CREATE TABLE colour (name text PRIMARY KEY);",
        ),
        sources=(f"{DOCUMENTATION}datatype-enum.html",),
        squawk=("ban-create-domain-with-constraint",),
    ),
)
