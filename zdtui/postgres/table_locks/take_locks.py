"""Taking table locks without a refusal in the server's log: the look and the attempt are one call to the server.

An error that PL/pgSQL catches is never logged, and the locks taken in its block stay with the transaction. So a try
that comes too late costs nothing and writes nothing; and the time between look and attempt is microseconds, however far
away the client is.
"""

from collections.abc import Sequence
from itertools import count

from zdtui.postgres.ask import Connection
from zdtui.postgres.encoding import sql_bytes
from zdtui.postgres.table_locks.lock_facts import Target
from zdtui.sql.lock_modes import LockMode

LOOK_EVERY = 0.008
"""Seconds between two looks on the server while a gap is waited for: one look costs about 0.4 ms there."""
TAKEN = "SELECT pg_catalog.current_setting('zdtui.taken', true)"


def when_free(targets: Sequence[Target], seconds: float) -> str:
    """A text that waits at most that long, outside every queue, for nobody to be in the way, and then locks at once.

    For a transaction. It sets `zdtui.taken` to 'yes' when every lock is held. Every look sees the locks of that moment.
    """
    if not any(target.lockable for target in targets):
        locks = "NULL;"
    else:
        locks = "\n      ".join(_lock(target, " NOWAIT") for target in targets if target.lockable)
    return _do(f"""
DECLARE until timestamptz := pg_catalog.clock_timestamp() + interval '{seconds:.3f} seconds';
BEGIN
  LOOP
    IF NOT EXISTS ({_in_the_way(targets)}) THEN
      BEGIN
      {locks}
      PERFORM pg_catalog.set_config('zdtui.taken', 'yes', true);
      RETURN;
      EXCEPTION WHEN lock_not_available THEN NULL;
      END;
    END IF;
    EXIT WHEN pg_catalog.clock_timestamp() >= until;
    PERFORM pg_catalog.pg_sleep({LOOK_EVERY});
  END LOOP;
  PERFORM pg_catalog.set_config('zdtui.taken', 'no', true);
END
""")


def in_the_queue(targets: Sequence[Target], seconds: float, next_seconds: float) -> str:
    """A text that queues for the locks in their order, for that long in all, and lets go of every one if it fails.

    While one lock is held, the next is waited for no longer than `next_seconds`: less than half of deadlock_timeout
    means that no deadlock with the application can come of it.
    """
    locks = "\n  ".join(
        f"PERFORM pg_catalog.set_config('lock_timeout', greatest(1, least({_milliseconds(most)},"
        f" extract(epoch FROM until - pg_catalog.clock_timestamp()) * 1000)::int)::text, true);\n  {_lock(target, '')}"
        for target, most in zip(
            (target for target in targets if target.lockable), [seconds, *[next_seconds] * len(targets)], strict=False
        )
    )
    return _do(f"""
DECLARE until timestamptz := pg_catalog.clock_timestamp() + interval '{seconds:.3f} seconds';
BEGIN
  {locks}
  PERFORM pg_catalog.set_config('zdtui.taken', 'yes', true);
EXCEPTION WHEN lock_not_available THEN
  PERFORM pg_catalog.set_config('zdtui.taken', 'no', true);
END
""")


async def take(
    connection: Connection, text: str, settings: Sequence[tuple[str, str]] = (), then: Sequence[str] = ()
) -> bool:
    """Send one of the texts above inside a transaction; True when every lock is held now. Raises psycopg.Error.

    `settings` hold for the rest of the transaction: each a name and whole milliseconds. They go along with the text,
    and so do the statements in `then`, because every trip to the server and back after it is one under the locks.
    """
    after = "".join(f"{each}; " for each in (*(f"SET LOCAL {name} = {int(value)}" for name, value in settings), *then))
    cursor = await connection.execute(sql_bytes(f"SET LOCAL statement_timeout = 0; {text}; {after}{TAKEN}"))
    while cursor.nextset():
        pass
    row = await cursor.fetchone()
    return row is not None and row[0] == "yes"


def _do(body: str) -> str:
    """A DO statement, quoted with a tag that no relation's name can close."""
    tag = next(f"$zdtui{number}$" for number in count() if f"$zdtui{number}$" not in body)
    return f"DO {tag}{body}{tag}"


def _lock(target: Target, nowait: str) -> str:
    return f"LOCK TABLE ONLY {target.written} IN {target.mode} MODE{nowait};"


def _in_the_way(targets: Sequence[Target]) -> str:
    held = (f"l.relation = {target.oid} AND l.mode IN ({', '.join(_in_pg_locks(target.mode))})" for target in targets)
    each = " OR ".join(held) or "false"
    return (
        "SELECT FROM pg_catalog.pg_locks AS l WHERE l.locktype = 'relation' AND l.database IN (0, (SELECT d.oid"
        " FROM pg_catalog.pg_database AS d WHERE d.datname = pg_catalog.current_database()))"
        f" AND l.pid IS DISTINCT FROM pg_catalog.pg_backend_pid() AND ({each})"
    )


def _in_pg_locks(mode: LockMode) -> list[str]:
    conflicting = [other for other in LockMode if mode.conflicts_with(other)]
    return [f"'{other.value.title().replace(' ', '')}Lock'" for other in conflicting]


def _milliseconds(seconds: float) -> int:
    return max(1, round(seconds * 1000))
