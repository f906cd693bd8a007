"""The application: sessions that insert and update beside the run, and remember what was acknowledged to them."""

import itertools
import random
import threading
import time
from dataclasses import dataclass, field

import psycopg

from benchmarks.campaign.plan import APPLICATION, ROWS
from benchmarks.campaign.servers import Pair

PAUSE = 0.015
"""Seconds between two writes of one session."""
WRITERS = 3


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A write that the server said is committed, and between which places of the log its commit lies."""

    uid: int
    generation: int
    low: str
    high: str | None


@dataclass
class Application:
    """Writes until it is ended. Writes that failed, or of which nothing was heard, are not remembered."""

    pair: Pair
    database: str
    seed: int
    acknowledged: list[Acknowledged] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._over = threading.Event()
        self._uids = itertools.count(1)
        self._threads = [threading.Thread(target=self._go_on, args=(n,), daemon=True) for n in range(WRITERS)]
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """No more writes."""
        self._over.set()
        for thread in self._threads:
            thread.join(30)

    def _go_on(self, number: int) -> None:
        chance = random.Random(self.seed * 100 + number)
        while not self._over.is_set():
            generation = self.pair.generation
            try:
                dsn = self.pair.primary.dsn(self.database, APPLICATION)
                with psycopg.connect(dsn, autocommit=True, connect_timeout=5) as session:
                    if generation == self.pair.generation:
                        self._write(session, chance, generation)
            except psycopg.Error:
                self._over.wait(0.1)

    def _write(self, session: psycopg.Connection[tuple[object, ...]], chance: random.Random, generation: int) -> None:
        while not self._over.is_set():
            uid = next(self._uids)
            with session.transaction():
                if chance.random() < 0.15:
                    row = session.execute("INSERT INTO item (v) VALUES (1) RETURNING id").fetchone()
                else:
                    chosen = chance.randrange(1, ROWS + 1)
                    row = session.execute("UPDATE item SET v = v + 1 WHERE id = %s RETURNING id", [chosen]).fetchone()
                assert row is not None
                session.execute("INSERT INTO app_log (uid, item) VALUES (%s, %s)", [uid, row[0]])
                low = _place(session)
            self._acknowledge(session, uid, generation, low)
            time.sleep(PAUSE)

    def _acknowledge(
        self, session: psycopg.Connection[tuple[object, ...]], uid: int, generation: int, low: str
    ) -> None:
        high = None
        try:
            high = _place(session)
        finally:
            self.acknowledged.append(Acknowledged(uid, generation, low, high))


def _place(session: psycopg.Connection[tuple[object, ...]]) -> str:
    row = session.execute("SELECT pg_catalog.pg_current_wal_insert_lsn()::text").fetchone()
    assert row is not None
    return str(row[0])
