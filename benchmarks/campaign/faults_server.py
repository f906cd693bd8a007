"""Faults of the server: backends ended and cancelled, restarts, promotions, settings, disk, slots, locks."""

import contextlib
import os
import signal
import threading
import time
from functools import partial

import psycopg

from benchmarks.campaign.fault import kind
from benchmarks.campaign.world import World

SESSIONS = {
    "working": "application_name = 'zdtui chaos'",
    "journal": "application_name = 'zdtui journal'",
    "watchdog": "application_name = 'zdtui watchdog'",
    "watcher": "application_name = 'zdtui watcher'",
    "worker": "application_name LIKE 'zdtui%' AND application_name NOT IN"
    " ('zdtui chaos', 'zdtui journal', 'zdtui watchdog', 'zdtui watcher', 'zdtui observer')",
}


PATIENCE = 8.0
"""Seconds that are waited for such a session: workers are there only while a step has two lanes."""


def _signals() -> None:
    """Two kinds for each session of a console."""

    def ended(world: World, condition: str) -> str | None:
        world.until(lambda: world.finished or world.backends(condition), PATIENCE)
        found = world.terminate(condition, only=1)
        return f"ended {found[0]}" if found else None

    def cancelled(world: World, condition: str) -> str | None:
        world.until(lambda: world.finished or world.backends(condition), PATIENCE)
        found = world.cancel(condition, only=1)
        return f"cancelled {found[0]}" if found else None

    for name, condition in SESSIONS.items():
        kind(f"terminate-{name}")(partial(ended, condition=condition))
        kind(f"cancel-{name}")(partial(cancelled, condition=condition))


_signals()


@kind("terminate-all")
def terminate_all(world: World) -> str | None:
    """All sessions of all consoles at once."""
    found = world.terminate("true")
    return f"ended {len(found)} sessions" if found else None


@kind("restart")
def restart(world: World) -> str | None:
    """Immediate shutdown, and a start."""
    world.hands_off = True
    try:
        world.pair.primary.stop("immediate")
        time.sleep(world.chance.uniform(0, 1.5))
        world.pair.primary.start()
    finally:
        world.hands_off = False
    return "the server was restarted"


@kind("crash")
def crash(world: World) -> str | None:
    """SIGKILL to a backend of ours: the server ends all others and recovers."""
    found = world.backends("application_name LIKE 'zdtui%'")
    if not found:
        return None
    pid, name = world.chance.choice(found)
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    return f"backend {pid} {name} killed with -9"


@kind("promote-with-tail", costly=True)
def promote_with_tail(world: World) -> str | None:
    """An orderly switchover: the standby has everything."""
    return _promote(world, tail=True)


@kind("promote-without-tail", costly=True)
def promote_without_tail(world: World) -> str | None:
    """The standby hears nothing for a while, the primary dies, the standby is promoted."""
    return _promote(world, tail=False)


def _promote(world: World, tail: bool) -> str | None:
    seconds = 0.0 if tail else world.chance.uniform(0.05, 3.0)
    if world.pair.standby is None:
        return None
    if not tail:
        world.lost_a_tail = True
        world.pair.replication.become(loses=True)
        time.sleep(seconds)
    world.hands_off = True
    try:
        world.pair.promote(tail)
        world.pair.fill_standby()
    finally:
        world.hands_off = False
    return f"promoted {'with everything' if tail else f'without the last {seconds:.1f} s'}"


@kind("full-disk", needs_root=True)
def full_disk(world: World) -> str | None:
    """Nothing is free on the server's disk for some seconds."""
    seconds = world.chance.uniform(0.5, 3.0)
    filler = world.pair.fill_disk()
    world.hands_off = True
    try:
        time.sleep(seconds)
        filler.unlink()
    finally:
        world.hands_off = False
    return f"the disk was full for {seconds:.1f} s"


def _with_setting(world: World, name: str, value: str, seconds: float) -> str:
    with _admin(world) as session:
        session.execute(f"ALTER SYSTEM SET {name} = '{value}'".encode())
        session.execute("SELECT pg_reload_conf()")
    time.sleep(seconds)
    with _admin(world) as session:
        session.execute(f"ALTER SYSTEM RESET {name}".encode())
        session.execute("SELECT pg_reload_conf()")
    return f"{name} = {value} for {seconds:.1f} s"


def _admin(world: World) -> psycopg.Connection[tuple[object, ...]]:
    """A session that has nothing of what the faults set."""
    options = "-c idle_session_timeout=0 -c transaction_timeout=0 -c default_transaction_read_only=off"
    return world.pair.admin(options=options)


@kind("read-only")
def read_only(world: World) -> str | None:
    """Every transaction is read-only by default, for some seconds."""
    with _admin(world) as session:
        session.execute(f"ALTER DATABASE {world.database} SET default_transaction_read_only = on".encode())
    said = _with_setting(world, "default_transaction_read_only", "on", world.chance.uniform(0.3, 3.0))
    with _admin(world) as session:
        session.execute(f"ALTER DATABASE {world.database} RESET default_transaction_read_only".encode())
    return said


@kind("idle-session-timeout")
def idle_session_timeout(world: World) -> str | None:
    """Idle sessions are ended, by a setting of the whole server."""
    return _with_setting(world, "idle_session_timeout", "300ms", world.chance.uniform(0.5, 2.5))


@kind("transaction-timeout")
def transaction_timeout(world: World) -> str | None:
    """Transactions are cut short, by a setting of the whole server."""
    return _with_setting(world, "transaction_timeout", "60ms", world.chance.uniform(0.5, 2.5))


@kind("no-connections")
def no_connections(world: World) -> str | None:
    """Every slot is taken, while sessions of the console are ended."""
    seconds = world.chance.uniform(0.5, 3.0)
    taken: list[psycopg.Connection[tuple[object, ...]]] = []
    ended: list[str] = []
    dsn = world.pair.primary.dsn(world.database, "shop_app")
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            taken.append(psycopg.connect(dsn, connect_timeout=5))
        except psycopg.Error:
            if not ended:
                ended = world.terminate("true", only=world.chance.randrange(1, 4))
            time.sleep(0.02)
    for each in taken:
        each.close()
    return f"{len(taken)} slots taken for {seconds:.1f} s, ended {ended}"


@kind("revoked-journal")
def revoked_journal(world: World) -> str | None:
    """INSERT into the journal is revoked for a moment."""
    seconds = world.chance.uniform(0.2, 2.0)
    with world.pair.admin(world.database) as session:
        if session.execute("SELECT to_regclass('zdtui.event') IS NULL").fetchone() == (True,):
            return None
        session.execute("REVOKE INSERT ON zdtui.event FROM zdtui")
        time.sleep(seconds)
        session.execute("GRANT INSERT ON zdtui.event TO zdtui")
    return f"INSERT into the journal was revoked for {seconds:.1f} s"


@kind("lock-storm")
def lock_storm(world: World) -> str | None:
    """Other sessions take strong locks on the tables again and again."""
    seconds = world.chance.uniform(1.0, 3.0)
    table = world.chance.choice(["item", "item", "witness", "zdtui.event", "zdtui.checkpoint"])
    end = time.monotonic() + seconds
    over = threading.Event()

    def take() -> None:
        while time.monotonic() < end and not over.is_set():
            with contextlib.suppress(psycopg.Error), world.pair.admin(world.database) as session, session.transaction():
                session.execute("SET LOCAL lock_timeout = '500ms'")
                session.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE".encode())
                time.sleep(0.4)
            time.sleep(0.05)

    threads = [threading.Thread(target=take) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return f"strong locks on {table} for {seconds:.1f} s"
