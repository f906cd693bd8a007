"""How long a strong lock is held or waited for: other work under it, one lock taken twice, and no limit to the wait."""

from collections.abc import Iterator

from zdtui.hazards.context import Context
from zdtui.hazards.hazard import Safer, Severity
from zdtui.hazards.rule import DOCUMENTATION, Example, Finder, Found, Rule
from zdtui.hazards.wording import some
from zdtui.sql.lock_modes import LockMode
from zdtui.sql.operation import Role

GIVEN = "CREATE TABLE users (id bigint PRIMARY KEY, age int); CREATE TABLE orders (id bigint PRIMARY KEY)"
READS = frozenset({"SELECT", "SELECT INTO", "CREATE TABLE AS", "CREATE MATERIALIZED VIEW", "COPY TO", "CALL", "DO"})


def _other_work(context: Context) -> Iterator[Found]:
    """DDL beside it and rows that are changed have rules of their own."""
    held = context.history.held
    if not held or not context.forward:
        return
    working = [each for each in context.operations if each.kind in READS]
    if any("OPAQUE" in each.words or each.mentioned(Role.READ) or each.kind in ("CALL", "DO") for each in working):
        yield Found(
            severity=Severity.NOTE if context.history.assumed else None,
            sentence=f"{some(held)} stays locked away for as long as this takes",
            safer=Safer(sentence="do it in a step of its own, before the lock is taken or after it is given back"),
        )


def _again(context: Context) -> Iterator[Found]:
    """Two ALTER TABLEs one after the other in transactions of their own; in one the second waits for nothing."""
    if context.step is not None or (context.history.held and not context.history.assumed):
        return
    if not context.takes_more_actions:
        return
    for name in context.keeps_from_writing:
        if name in context.history.altered:
            yield Found(
                sentence=f"the lock on {name} is waited for once more: everybody queues behind it twice",
                safer=Safer(sentence="write the actions into one ALTER TABLE, so that the lock is taken once"),
            )


def _no_limit(context: Context) -> Iterator[Found]:
    """In a plan each statement has the plan's own limits."""
    if context.step is not None or context.history.lock_timeout or context.history.warned_of_no_limit:
        return
    strong = [
        lock.relation
        for lock in context.effects.locks
        if not lock.late and lock.mode is LockMode.ACCESS_EXCLUSIVE and not context.fresh(lock.relation)
    ]
    if strong:
        yield Found(
            sentence=f"nothing says how long it may wait for its lock on {strong[0]}: behind one long query it waits "
            "without end, and everybody who comes later waits behind it",
            safer=Safer(
                sentence="say a limit first and try again when it is reached; a plan's steps do that by themselves",
                sql="SET lock_timeout = '2s';",
            ),
        )


RULES = (
    Rule(
        name="work-under-lock",
        severity=Severity.WARN,
        title="Other work in a transaction that holds a strong lock",
        why="A lock is held to the end of its transaction. What reads or computes after it keeps everybody waiting who "
        "wants the table.",
        find=_other_work,
        example=Example(
            given=GIVEN,
            bad="BEGIN;\nSET LOCAL lock_timeout = '2s';\nALTER TABLE users ADD COLUMN a int;\n"
            "SELECT count(*) FROM orders;\nCOMMIT;",
            good="SELECT count(*) FROM orders;\nBEGIN;\nSET LOCAL lock_timeout = '2s';\n"
            "ALTER TABLE users ADD COLUMN a int;\nCOMMIT;",
        ),
        sources=(f"{DOCUMENTATION}explicit-locking.html",),
    ),
    Rule(
        name="altered-again",
        severity=Severity.NOTE,
        title="Several ALTER TABLEs of one table, each in a transaction of its own",
        why="Each waits for the lock anew, and everybody queues behind each.",
        find=Finder(_again),
        example=Example(
            given=GIVEN,
            bad="SET lock_timeout = '2s';\nBEGIN;\nALTER TABLE users ADD COLUMN a int;\nCOMMIT;\n"
            "BEGIN;\nALTER TABLE users ADD COLUMN b int;\nCOMMIT;",
            good="SET lock_timeout = '2s';\nBEGIN;\nALTER TABLE users ADD COLUMN a int, ADD COLUMN b int;\nCOMMIT;",
        ),
        sources=(f"{DOCUMENTATION}sql-altertable.html#SQL-ALTERTABLE-NOTES",),
    ),
    Rule(
        name="no-lock-timeout",
        severity=Severity.NOTE,
        title="A strong lock that is waited for without a limit",
        why="A statement that waits for ACCESS EXCLUSIVE stands in the queue before everybody who comes later, readers "
        "too. With lock_timeout it gives up, and they go on. Told once of each file; in a plan each statement has the "
        "plan's limits.",
        find=_no_limit,
        example=Example(
            given=GIVEN,
            bad="ALTER TABLE users ADD COLUMN a int;",
            good="SET lock_timeout = '2s';\nALTER TABLE users ADD COLUMN a int;",
        ),
        sources=(f"{DOCUMENTATION}runtime-config-client.html#GUC-LOCK-TIMEOUT",),
        squawk=("require-timeout-settings", "require-lock-timeout", "require-statement-timeout"),
    ),
)
