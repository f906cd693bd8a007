"""What must be true after a run, looked at from outside: plain SQL, the journal, what consoles showed, what is left."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator

import psycopg
from psycopg.rows import TupleRow

from benchmarks.campaign.consoles import Console
from benchmarks.campaign.plan import ROWS, WITNESSED
from benchmarks.campaign.screens import Screen
from benchmarks.campaign.world import World
from benchmarks.campaign.writers import Acknowledged
from zdtui.errors import ZdtuiError
from zdtui.plan.load import load_plan
from zdtui.postgres.sessions.connect import Target
from zdtui.run.journal.reader import fold, read_journals
from zdtui.run.model import events as e
from zdtui.run.model.events import Recorded
from zdtui.run.model.state import RunState, StepStatus

LEFT_WITHIN = 20.0
"""Seconds in which backends of consoles that have left must be gone."""
PARTED = ("parted", "SELECT sum(counted) FROM parted")
TAKES_HOLD = (e.RunOpened, e.ConsoleJoined, e.ConnectionRestored, e.JournalAccepted)
"""What a console writes when it takes hold of the run."""
EXIT_CODES = {"SIGTERM": (143,), "SIGHUP": (129,), "SIGINT": (130, -2, 0, 1), "SIGKILL": (-9,)}

ROWS_AS_THEY_SHOULD_BE = {
    "rows that are missing": f"SELECT {ROWS} - count(*) FROM item WHERE id <= {ROWS}",
    "rows whose value is not what the application wrote": """
        SELECT count(*) FROM item AS i
         WHERE v <> (SELECT count(*) FROM app_log AS l WHERE l.item = i.id)""",
    "rows that were not filled, or wrongly": "SELECT count(*) FROM item WHERE w IS DISTINCT FROM v * 2",
    "rows filled more than once": "SELECT count(*) FROM item WHERE fills > 1",
    "rows that neither the backfill nor the application filled": """
        SELECT count(*) FROM item AS i
         WHERE fills = 0 AND NOT EXISTS (SELECT FROM app_log AS l WHERE l.item = i.id)""",
    "rows not counted exactly once": f"SELECT count(*) FROM item WHERE id <= {ROWS} AND counted <> 1",
    "rows of the partitions not counted exactly once": "SELECT count(*) FROM parted WHERE counted <> 1",
    "later rows counted more than once": f"SELECT count(*) FROM item WHERE id > {ROWS} AND counted > 1",
    "rows that differ in the copy": """
        SELECT count(*) FROM item AS i FULL JOIN item_new AS n USING (id)
         WHERE (i.v, i.w) IS DISTINCT FROM (n.v, n.w)""",
    "columns that should be gone": """
        SELECT count(*) FROM pg_attribute WHERE attrelid = 'item'::regclass AND attname = 'pad'""",
    "columns that should be NOT NULL": """
        SELECT count(*) FROM pg_attribute WHERE attrelid = 'item'::regclass AND attname = 'w' AND NOT attnotnull""",
    "indexes that should be gone": "SELECT count(*) FROM pg_class WHERE relname LIKE 'item_v%'",
    "invalid indexes": "SELECT count(*) FROM pg_index WHERE NOT indisvalid",
    "rejected rows": "SELECT count(*) FROM zdtui.rejected",
    "prepared transactions": "SELECT count(*) FROM pg_prepared_xacts WHERE database = current_database()",
    "temporary tables": "SELECT count(*) FROM pg_class WHERE relpersistence = 't'",
    "witnesses of a session that did not hold the run": "SELECT count(*) FROM witness WHERE NOT holds",
}
"""Each must be 0."""


def violations(world: World) -> list[str]:
    """Everything that is not as it must be."""
    found = list(world.sampler.seen)
    with world.pair.admin(world.database) as session:
        found += _left(world, session)
        found += _witnesses(world, session)
        for what, question in ROWS_AS_THEY_SHOULD_BE.items():
            row = session.execute(question.encode()).fetchone()
            if row is None or row[0] != 0:
                found.append(f"{row and row[0]} {what}")
        found += _application(world, session)
        found += _journal(world, session)
    for console in world.consoles:
        found += _console(console)
        if not world.lost_a_tail:
            found += _taken_back(console)
            found += {f"{console.name} said {said}" for each in console.shown if (said := each.what.get("damage"))}
    return found


def unfinished(world: World) -> list[str]:
    """What can be said of a run that never came to its end."""
    found = list(world.sampler.seen)
    with world.pair.admin(world.database) as session:
        twice = session.execute("SELECT step FROM witness GROUP BY step HAVING count(*) > 1").fetchall()
    return found + [f"step {step} was run more than once" for (step,) in twice]


def _left(world: World, session: psycopg.Connection[TupleRow]) -> Iterator[str]:
    """Backends and locks of consoles that have left."""
    question = """
        SELECT a.pid, a.application_name, a.state, left(a.query, 60) FROM pg_catalog.pg_stat_activity AS a
         WHERE a.datname = current_database() AND a.application_name LIKE 'zdtui%'
    """
    locks = """
        SELECT count(*) FROM pg_catalog.pg_locks WHERE locktype = 'advisory'
           AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
    """
    end = time.monotonic() + LEFT_WITHIN
    while left := session.execute(question).fetchall():
        world.tend()
        if time.monotonic() > end:
            yield f"backends left: {left}"
            return
        time.sleep(0.1)
    if session.execute(locks).fetchone() != (0,):
        yield "an advisory lock is left"


def _witnesses(world: World, session: psycopg.Connection[TupleRow]) -> Iterator[str]:
    counted: dict[str, int] = dict(session.execute("SELECT step, count(*) FROM witness GROUP BY step").fetchall())
    for step in (*WITNESSED, *(["rude"] if world.rude else [])):
        if counted.pop(step, 0) != 1:
            row = session.execute("SELECT count(*) FROM witness WHERE step = %s", [step]).fetchone()
            yield f"step {step} was run {row and row[0]} times"
    if counted:
        yield f"witnesses of no step: {counted}"


def _application(world: World, session: psycopg.Connection[TupleRow]) -> Iterator[str]:
    """Acknowledged writes that are missing, but for those that a promotion without the tail must have lost."""
    there = {row[0] for row in session.execute("SELECT uid FROM app_log").fetchall()}
    lost, revived = [], []
    for write in world.application.acknowledged:
        must = _must_be_there(world, write)
        if must is True and write.uid not in there:
            lost.append(write.uid)
        if must is False and write.uid in there:
            revived.append(write.uid)
    if lost:
        yield f"{len(lost)} acknowledged writes are lost: {lost[:5]}"
    if revived:
        yield f"{len(revived)} writes are there that the new primary cannot have had: {revived[:5]}"


def _must_be_there(world: World, write: Acknowledged) -> bool | None:
    ends = (world.pair.lost_from or {}).get(write.generation)
    if ends is None:
        return True
    if _number(write.low) >= _number(ends):
        return False
    return True if write.high is not None and _number(write.high) <= _number(ends) else None


def _number(place: str) -> int:
    high, low = place.split("/")
    return (int(high, 16) << 32) + int(low, 16)


def _journal(world: World, session: psycopg.Connection[TupleRow]) -> Iterator[str]:
    """Whole, true, and the same as what the consoles showed."""
    try:
        journals = asyncio.run(read_journals(Target(world.pair.primary.dsn(world.database, "zdtui"))))
    except ZdtuiError as error:
        yield f"the journal cannot be read: {error}"
        return
    if len(journals) != 1:
        yield f"{len(journals)} runs in the journal"
        return
    events, state = journals[0].events, fold(journals[0].events)
    if journals[0].damage is not None:
        yield f"at the end {journals[0].damage.sentence}"
    yield from _steps(world, state)
    succeeded = Counter(str(each.event.step) for each in events if isinstance(each.event, e.StepSucceeded))
    yield from (f"the journal says {step} succeeded {n} times" for step, n in succeeded.items() if n != 1)
    kinds = Counter(each.event.kind for each in events)
    if kinds["run opened"] != 1 or kinds["run finished"] < 1:
        yield f"run opened {kinds['run opened']} times, finished {kinds['run finished']} times"
    yield from _authors(events)
    for step, question in (("fill", "SELECT sum(fills) FROM item"), ("tally", "SELECT sum(counted) FROM item"), PARTED):
        row = session.execute(question.encode()).fetchone()
        told = state.step(load_plan(str(world.plan)).step(step).id).rows
        if row is None or row[0] != told:
            yield f"the journal says {told} rows of {step}, plain SQL {row and row[0]}"


def _steps(world: World, state: RunState) -> Iterator[str]:
    """Every step is done, for the journal and for every console that saw the end."""
    plan = load_plan(str(world.plan))
    for step in plan.steps:
        if state.step(step.id).status is not StepStatus.DONE:
            yield f"the journal says {step.id} is {state.step(step.id).status}"
    truth = {str(step): str(each.status) for step, each in state.steps.items()}
    for console in world.consoles:
        ends = next((each.what for each in reversed(console.shown) if each.what.get("finished")), None)
        if ends is not None and ends["steps"] != truth:
            differs = {step: said for step, said in ends["steps"].items() if truth.get(step) != said}
            yield f"{console.name} showed the end with {differs}"


def _authors(events: list[Recorded]) -> Iterator[str]:
    """Nobody writes to the run but the console that took hold of it last.

    What a console kept while it was cut off it writes when it takes hold again, right before it says so.
    """
    holder: str | None = None
    for place, recorded in enumerate(events):
        author = _author(recorded)
        if isinstance(recorded.event, TAKES_HOLD) or holder is None:
            holder = author
        elif author != holder and not _takes_hold_next(events[place:], author):
            yield f"event {recorded.sequence} ({recorded.event.kind}) is by {author} while {holder} held the run"


def _taken_back(console: Console | Screen) -> Iterator[str]:
    """A step that it showed as done, and then as something else, while it was connected."""
    done: set[str] = set()
    for shown in console.shown:
        steps = shown.what.get("steps", {})
        if shown.what.get("link") != "connected" or not steps:
            continue
        back = {step: steps.get(step) for step in done if steps.get(step) != "done"}
        if back:
            yield f"{console.name} showed as done, and then took back: {back}"
            return
        done |= {step for step, status in steps.items() if status == "done"}


def _author(recorded: Recorded) -> str:
    return recorded.operator.split(" as ")[0]


def _takes_hold_next(events: list[Recorded], author: str) -> bool:
    """Whether the author goes on without another in between until it takes hold."""
    for recorded in events:
        if _author(recorded) != author:
            return False
        if isinstance(recorded.event, TAKES_HOLD):
            return True
    return False


def _console(console: Console | Screen) -> Iterator[str]:
    """How it ended, and whether it ever took a step back that it had shown as done."""
    code = console.process.returncode
    expected = EXIT_CODES.get(console.ended, (0,))
    unborn = console.ended in ("SIGHUP", "SIGTERM", "SIGINT") and not console.shown and code < 0
    unreachable = code == 2 and not any(each.what.get("link") == "connected" for each in console.shown)
    if code not in expected and code != 0 and not unreachable and not unborn:
        yield f"{console.name} ended with {code} ({console.ended or 'by itself'}): {console.last.get('failure')}"
    if console.errors and console.ended != "SIGINT":
        yield f"{console.name} wrote to stderr: {console.errors[-3:]}"
    left = console.left_behind()
    if left:
        yield f"{console.name} left behind {left}"
    notes = [each.what["note"] for each in console.shown if str(each.what.get("note", "")).startswith("no way")]
    if notes:
        yield f"{console.name}: {notes[-1]}"
