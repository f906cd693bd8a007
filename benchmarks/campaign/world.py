"""One run of the plan and all around it: the database, the application, the consoles, and who looks after them."""

import itertools
import json
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import sql

from benchmarks.campaign.consoles import Console
from benchmarks.campaign.links import Link, Links
from benchmarks.campaign.plan import SETUP, write_plan
from benchmarks.campaign.sampler import Sampler
from benchmarks.campaign.screens import Screen
from benchmarks.campaign.servers import Pair
from benchmarks.campaign.writers import Application

GHOST_AFTER = 3.0
"""Seconds after which a person ends the session of a console that is dead, as the handbook says."""
WEDGED_AFTER = 60.0
TASKS_WITHIN = 2.0
"""Seconds a console has to say where its tasks wait."""
"""Seconds without any progress, with nothing wrong around it, after which a run counts as stuck."""


@dataclass
class World:
    """What the faults act upon."""

    pair: Pair
    links: Links
    folder: Path
    seed: int
    rude: bool
    chance: random.Random = field(init=False)
    consoles: list[Console | Screen] = field(default_factory=list)
    interventions: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    """What happened, in order, for a person who reads the record of a violation."""
    lost_a_tail: bool = False
    """A standby without the end of the log was promoted. Nothing else may lose an event of the journal."""
    hands_off: bool = False
    """A fault wants the consoles, or the server, as it left them."""

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.database = f"chaos_{self.seed}"
        self._numbers = itertools.count(1)
        self._dead_since: dict[str, float] = {}
        self._most: dict[str, int] = {}
        self._began = time.monotonic()
        self.pair.reset()
        with self.pair.admin() as session:
            create = sql.SQL("CREATE DATABASE {} OWNER zdtui TEMPLATE template0").format(sql.Identifier(self.database))
            session.execute(create)
        with psycopg.connect(self.pair.primary.dsn(self.database, "zdtui"), autocommit=True) as session:
            session.execute(SETUP.encode())
        self.plan = self.folder / f"chaos-{self.seed}.yaml"
        write_plan(self.plan, self.rude)
        self.look = self.links.open("psql")
        self.application = Application(self.pair, self.database, self.seed)
        self.sampler = Sampler(self.pair, self.database)

    def note(self, what: str) -> None:
        """Put it into the record."""
        self.said.append(f"{time.monotonic() - self._began:7.2f} {what}")

    def start_console(self) -> Console:
        """One more console, on a link of its own."""
        name = f"console-{next(self._numbers)}"
        link: Link = self.links.open(name)
        folder = self.folder / f"{self.seed}-{name}"
        console = Console.start(name, link, self.database, self.look, self.plan, folder)
        self.consoles.append(console)
        self.note(f"{name} started")
        return console

    def start_screen(self) -> Screen:
        """The real console in a terminal, on a link of its own."""
        name = f"screen-{next(self._numbers)}"
        screen = Screen.start(
            name, self.links.open(name), self.database, self.plan, self.folder / f"{self.seed}-{name}"
        )
        self.consoles.append(screen)
        self.note(f"{name} started")
        return screen

    @property
    def conductor(self) -> Console | None:
        """The console that shows that it holds the run; else any that lives."""
        living = [each for each in self.consoles if isinstance(each, Console) and each.alive and not each.frozen]
        return next((each for each in living if each.conducts), living[0] if living else None)

    @property
    def finished(self) -> bool:
        """Whether a living console shows the end of the run."""
        return any(each.last.get("finished") and each.last.get("next") is None for each in self.consoles)

    def progress(self) -> tuple[object, ...]:
        """Something that changes while there is any progress: more steps done, or more batches of one, than ever."""
        for each in self.consoles:
            done = list(each.last.get("steps", {}).values()).count("done")
            self._most["steps"] = max(self._most.get("steps", 0), done)
            step = str(each.last.get("next"))
            self._most[step] = max(self._most.get(step, 0), each.last.get("batches", 0))
        return tuple(sorted(self._most.items()))

    def tend(self) -> None:
        """What people around do: start a console when none lives, a server that went down, end sessions of the dead."""
        if self.hands_off:
            return
        if not self.pair.primary.running:
            self.intervene("the server was down and is started again")
            self.pair.primary.start()
        if not any(each.alive for each in self.consoles) and not self.finished:
            self._tell_of_an_end()
            self.start_console()
        self._end_ghosts()

    def _tell_of_an_end(self) -> None:
        """Whoever reads the record wants to know why a console ended that nobody has ended."""
        last = self.consoles[-1] if self.consoles else None
        if last is not None and not last.ended:
            self.note(
                f"{last.name} ended with {last.process.returncode}: {last.errors[-1:] or last.last.get('failure')}"
            )

    def _end_ghosts(self) -> None:
        now = time.monotonic()
        dead = [each for each in self.consoles if not each.alive]
        for each in dead:
            self._dead_since.setdefault(each.name, now)
        late = {each.name for each in dead if now - self._dead_since[each.name] > GHOST_AFTER}
        for each in dead:
            if each.name in late and each.link.flows:
                ended = self.terminate("true", {each.name})
                if ended:
                    self.intervene(f"sessions of {each.name}, which is dead, are ended: {ended}")
                    each.link.cut()

    def intervene(self, what: str) -> None:
        """A person other than the operator did something."""
        self.interventions.append(what)
        self.note(what)

    def backends(self, condition: str, consoles: set[str] | None = None) -> list[tuple[int, str]]:
        """Backends of consoles for which the condition on pg_stat_activity holds."""
        question = (
            "SELECT pid, application_name, client_port FROM pg_catalog.pg_stat_activity"
            f" WHERE datname = current_database() AND application_name LIKE 'zdtui%' AND {condition} ORDER BY pid"
        )
        try:
            with self.pair.admin(self.database) as session:
                rows = session.execute(question.encode()).fetchall()
        except psycopg.Error:
            return []
        owners = self.links.owners
        return [(pid, name) for pid, name, port in rows if consoles is None or owners.get(port) in consoles]

    def terminate(self, condition: str, consoles: set[str] | None = None, only: int | None = None) -> list[str]:
        """End them; who was ended."""
        return self._signal("pg_terminate_backend", condition, consoles, only)

    def cancel(self, condition: str, consoles: set[str] | None = None, only: int | None = None) -> list[str]:
        """Cancel what they do."""
        return self._signal("pg_cancel_backend", condition, consoles, only)

    def _signal(self, function: str, condition: str, consoles: set[str] | None, only: int | None) -> list[str]:
        found = self.backends(condition, consoles)
        chosen = found if only is None else self.chance.sample(found, min(only, len(found)))
        try:
            with self.pair.admin(self.database) as session:
                for pid, _ in chosen:
                    session.execute(f"SELECT {function}({pid})".encode())
        except psycopg.Error:
            return []
        return [f"{pid} {name}" for pid, name in chosen]

    def until(self, reached: Callable[[], object], seconds: float) -> bool:
        """Wait, looking after things meanwhile."""
        end = time.monotonic() + seconds
        while not reached():
            if time.monotonic() > end:
                return False
            self.tend()
            time.sleep(0.02)
        return True

    def come_to_the_end(self) -> str:
        """Wait until the run is finished and every console has left; why not, if it does not come to that."""
        before, since = self.progress(), time.monotonic()
        while any(each.alive for each in self.consoles) or not self.finished:
            self.tend()
            now = self.progress()
            if now != before:
                before, since = now, time.monotonic()
            if time.monotonic() - since > WEDGED_AFTER:
                stand = "; ".join(f"{each.name} {_brief(each)}" for each in self.consoles)
                return f"no progress: {stand}{self._tasks()}"
            time.sleep(0.05)
        return ""

    def _tasks(self) -> str:
        """Where the tasks of the consoles that live wait."""
        living = [each for each in self.consoles if isinstance(each, Console) and each.alive]
        for each in living:
            each.say("tasks")
        time.sleep(TASKS_WITHIN)
        return "".join(f"\n{each.name} waits at {line}" for each in living for line in each.errors[-40:])

    def close(self) -> None:
        """End all that belongs to this run, and drop its database."""
        self.sampler.end()
        self.application.end()
        for console in self.consoles:
            console.clear()
            self.links.close(console.link)
        self.links.close(self.look)
        self.plan.unlink(missing_ok=True)
        try:
            with self.pair.admin() as session:
                drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(self.database))
                session.execute(drop)
        except psycopg.Error:
            self.pair.dirty = True


def _brief(console: Console | Screen) -> str:
    kept = ("seat", "link", "word", "reason", "refusal", "next", "doing", "sequence", "note", "failure")
    living = "alive" if console.alive else f"ended with {console.process.returncode} {console.ended}"
    return f"({living}) " + json.dumps({key: console.last.get(key) for key in kept if console.last.get(key)})
