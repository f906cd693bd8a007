"""Looks at the primary every few milliseconds: who holds the run, and who has a transaction that changes something."""

import threading
from dataclasses import dataclass, field

import psycopg

from benchmarks.campaign.servers import Pair

EVERY = 0.008
QUESTION = """
SELECT a.pid, a.client_port, a.application_name, a.backend_xid::text,
       EXISTS (SELECT FROM pg_catalog.pg_locks AS l
                WHERE l.pid = a.pid AND l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
                  AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()))
  FROM pg_catalog.pg_stat_activity AS a
 WHERE a.datname = current_database() AND a.application_name LIKE 'zdtui%' AND a.usename = 'zdtui'
"""


@dataclass
class Sampler:
    """Says in `seen` what must not be. A reading is taken twice before it counts: one view is not one moment."""

    pair: Pair
    database: str
    seen: list[str] = field(default_factory=list)
    looks: int = 0

    def __post_init__(self) -> None:
        self._over = threading.Event()
        self._before: dict[tuple[int, str], str] = {}
        self._thread = threading.Thread(target=self._go_on, daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Stop looking."""
        self._over.set()
        self._thread.join(20)

    def _go_on(self) -> None:
        while not self._over.is_set():
            try:
                with self.pair.admin(self.database) as session:
                    session.execute("SET application_name = 'sampler'")
                    while not self._over.wait(EVERY):
                        self._look(session.execute(QUESTION).fetchall())
            except psycopg.Error:
                self._over.wait(0.1)

    def _look(self, rows: list[tuple[object, ...]]) -> None:
        """A console changes rows while another one holds the run."""
        self.looks += 1
        owners = self.pair.links.owners
        holders = {owners.get(int(str(port)), "?") for _, port, _, _, holds in rows if holds}
        if len(holders) > 1:
            self._say(f"two consoles hold the run: {sorted(holders)}")
        now: dict[tuple[int, str], str] = {}
        for pid, port, application, xid, _ in rows:
            owner = owners.get(int(str(port)), "?")
            if xid is None or application == "zdtui journal" or not holders or owner in holders:
                continue
            key = (int(str(pid)), str(xid))
            now[key] = f"{owner} changes rows ({application}, xid {xid}) while {sorted(holders)} holds the run"
            if key in self._before:
                self._say(now[key])
        self._before = now

    def _say(self, what: str) -> None:
        if len(self.seen) < 20 and what not in self.seen:
            self.seen.append(what)
