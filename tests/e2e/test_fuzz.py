"""Hostile text from the plan and the server against the bytes of a real pty, and SQL that looks like markup."""

import json
import random
import signal
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tests.e2e.bytes_of import rest, sequences
from tests.e2e.conftest import Stage
from tests.e2e.dialogs import open_dialog, run_next
from tests.e2e.journal import Journal
from tests.e2e.terminal import Terminal
from tests.e2e.test_harness import until
from tests.fix_db import Database
from zdtui.hazards.hazard import Part
from zdtui.hazards.located import located_statements
from zdtui.hazards.trace import statement_digest
from zdtui.plan.load import load_plan

MARKUP = (
    *("[", "]", "[/", "[/]", "[/b]", "[b]", "[red]", "[i]", "[0]", "[@click=app.quit]", "[link=x]", "\\[", "\\"),
    *("{", "}", "{0}", "%s", "%(a)s", "$name", ":name", "&amp;", "<b>", "a", " b", "''", '"', "é", "ß", "漢字"),
)
STATEMENTS = 24
WIDEST = 50


def statement(chance: random.Random) -> str:
    """A SELECT of a text made of what markup is made of."""
    text = ""
    while len(text) < WIDEST - 16:
        text += chance.choice(MARKUP)
    return f"SELECT '{text}' AS t;"


def plan_of(folder: Path, database: str, **step: object) -> Path:
    """A plan of one step. JSON is YAML, and quotes every character that needs it."""
    told = {
        "zdtui": 1,
        "name": "fuzz",
        "title": "Text that means harm",
        "target": {"database": database, "environment": "staging"},
        "steps": [{"id": "fuzz", "title": "Fuzz", "phase": "expand", "rollback": {"none": "it only looks"}, **step}],
    }
    plan = folder / "fuzz.yaml"
    plan.write_text(json.dumps(told), "utf-8")
    return plan


@pytest.mark.parametrize("seed", range(3))
def test_what_is_on_the_screen_is_what_is_sent(shop: Database, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    written = [statement(chance) for _ in range(STATEMENTS)]
    stage = Stage(shop.dsn(), plan_of(tmp_path, shop.name, sql="\n".join(written) + "\n"), tmp_path / "state")
    with Terminal(stage.command, 200, 50, stage.env) as terminal:
        terminal.wait_for("READY")
        asked = open_dialog(terminal, "R")
        assert [sql for sql in written if sql not in asked] == [], asked
        terminal.type("y")
        terminal.wait_for("FINISHED")
        terminal.type("\rz")
        terminal.wait_for(lambda screen: "Plan" not in screen and all(sql in screen for sql in written))
    sent = [event.payload["sql"] for event in Journal(stage.dsn).events() if event.kind == "statement sent"]
    assert [str(sql).strip().rstrip(";") for sql in sent] == [sql.rstrip(";") for sql in written]


ATTACKS = (
    "\x1b]52;c;ZXZpbA==\x07",  # the clipboard
    "\x1b]0;evil\x07",  # the title
    "\x1b]8;;http://evil\x1b\\x\x1b]8;;\x1b\\",  # a link
    '\x1bP$q"p\x1b\\',  # a request the terminal answers as if it were typed
    "\x1b[6n\x1b[c\x1b[21t",
    "\x1b[2J\x1b[H\x1b[3J",
    "\x1b[?1049l\x1b[?1000h",
    "\x1bc\x1b#8",
    "\x9b2J\x9d52;c;ZXZpbA==\x9c\x90q\x9c",
    "\x08\x08\x0e\x0f\x7f\x05\x07",
    "\u202edrawkcab\u202c\u2066x\u2069\u200b\u200e\ufeff\u2028",
    "\x1b",
    "\x1b[",
    "\x1b]",
    "[/b][@click=app.quit]x[/][red",
)
"""Each would do something if a terminal, or a parser of markup, were given it."""
ATTACK = " ".join(ATTACKS)
PLACES = {
    "l": "Log  following",
    "c": "[checks]",
    "\x10": "All actions",
    "?": "Other backends",
    "B": "Esc not now",
    "n": "Esc not now",
    "R": "Esc not now",
}
"""The keys that lead to a place, and what is to be seen there."""
LEFT = b"\x1b[?1049l"
BELL = "\x07"
KNOWN = frozenset(
    [
        *("CSI m", "CSI H"),  # looks, and where to write
        *("CSI ?1049h", "CSI ?1049l", "CSI ?25h", "CSI ?25l", "CSI ?7h", "CSI ?7l"),  # screen, cursor, wrapping
        *("CSI ?1004h", "CSI ?1004l", "CSI ?2004h", "CSI ?2004l", "CSI >u", "CSI <u", "CSI ?$p"),  # keys and questions
        *("OSC 2", "OSC 22", "CSI t"),  # the title, put by and given back, and the pointer's shape
    ]
)
"""Every kind of sequence the console has a use for."""
FAILING = """
DO $do$ BEGIN
  RAISE NOTICE '%', {attack};
  RAISE EXCEPTION '%', {attack} USING DETAIL = {attack}, HINT = {attack};
END $do$;
"""


@pytest.fixture
def hostile(shop: Database) -> Iterator[Database]:
    """A relation, its holder and a session that waits for it, all of whose names and texts are hostile."""
    with shop.connect() as holder, shop.connect() as waiter:
        relation = '"' + ATTACK.replace('"', '""')[:40] + '"'
        holder.execute(f"CREATE TABLE {relation} (i int)".encode())
        holder.execute("BEGIN")
        holder.execute(f"LOCK TABLE {relation} IN ACCESS EXCLUSIVE MODE /* {ATTACK} */".encode())
        waiter.execute("SET lock_timeout = '60s'")
        waiting = threading.Thread(target=_wait_for, args=(waiter, f"SELECT '{ATTACK}' FROM {relation}"))
        waiting.start()
        yield shop
        holder.execute("ROLLBACK")
        waiting.join(10)


def _wait_for(session: psycopg.Connection, query: str) -> None:
    session.execute(query.encode())


def is_whole(seen: str, screen: str) -> bool:
    """Whether the place is on the screen, and nothing of it is still to come."""
    return seen in screen and "a moment:" not in screen


def is_gone(seen: str, screen: str) -> bool:
    """Whether the place is left."""
    return seen not in screen


def written_everywhere(stage: Stage) -> bytes:
    """All that a console writes while the step is run and fails and every place is looked at."""
    with Terminal(stage.command, 200, 50, stage.env) as terminal:
        terminal.wait_for("READY")
        terminal.wait_for("LOCK TABLE")
        run_next(terminal)
        terminal.wait_for("FAILED")
        for tab in ("[Rollback]", "[Verify]", "[Hazards]", "[Notes]", "[Log]", "[SQL]"):
            terminal.type("\x1b[C")
            terminal.wait_for(tab)
        for key, seen in PLACES.items():
            terminal.type(key)
            terminal.wait_for(partial(is_whole, seen))
            terminal.type("\x1b")
            terminal.wait_for(partial(is_gone, seen))
        terminal.signal(signal.SIGTERM)
        terminal.process.wait(45)
        until(lambda: LEFT in terminal.raw, "the alternate screen is left")
        return bytes(terminal.raw)


def test_nothing_hostile_reaches_the_terminal(hostile: Database, tmp_path: Path) -> None:
    quoted = "convert_from(decode('" + ATTACK.encode().hex() + "', 'hex'), 'UTF8')"
    plan = plan_of(
        tmp_path,
        hostile.name,
        title=f"Title {ATTACK}",
        notes=f"Notes {ATTACK}",
        links=["https://example.org/"],
        sql=FAILING.format(attack=quoted),
        rollback=f"SELECT 1 -- {ATTACK}",
        verify=f"SELECT true -- {ATTACK}",
    )
    raw = written_everywhere(Stage(hostile.dsn(), plan, tmp_path / "state"))
    found = rest(raw)
    assert [each for each in found if BELL not in each] == []
    assert len(found) <= 1, "the console itself rings once, if it saw the step at work before it failed"
    assert ", ".join(sorted(sequences(raw) - KNOWN)) == ""
    assert raw.count(LEFT) == 1, "something left the alternate screen before the end"


def test_an_attack_would_be_found() -> None:
    for attack in ATTACKS[:-1]:
        raw = attack.encode()
        assert rest(raw) or sequences(raw) - KNOWN, repr(attack)


NAMES = tuple(attack[:40] for attack in ATTACKS if attack and '"' not in attack)
"""Of relations: each at most 63 bytes."""


@pytest.fixture
def hostile_names(shop: Database) -> Database:
    """Tables that refer to the plan's, its indexes and its constraints: all of their names are hostile."""
    with shop.connect() as session:
        session.execute("CREATE TABLE plain (i int PRIMARY KEY)")
        for number, name in enumerate(NAMES):
            table, index = sql.Identifier(f"{number}{name}"), sql.Identifier(f"i{number}{name}")
            session.execute(sql.SQL("CREATE TABLE {} (i int REFERENCES plain)").format(table))
            session.execute(sql.SQL("CREATE INDEX {} ON plain (i)").format(index))
    return shop


def forged_trace(plan: Path) -> None:
    """A trace of this very plan and statement that says hostile things."""
    loaded = load_plan(plan)
    step = loaded.steps[0]
    locks = [{"schema_name": "public", "relation": name, "mode": "ACCESS EXCLUSIVE"} for name in NAMES]
    statement = located_statements(loaded, step, Part.ACTION)[0].statement.text
    trace = {
        "plan_name": ATTACK,
        "plan_digest": loaded.digest,
        "taken_at": "2026-11-20T00:00:00Z",
        "target": ATTACK,
        "target_version": "18.4",
        "scratch_version": f"99{ATTACK}",
        "notes": [ATTACK],
        "steps": [
            {
                "step": step.id,
                "statements": [{"part": "action", "index": 0, "digest": statement_digest(statement), "locks": locks}],
            }
        ],
    }
    plan.with_suffix(".trace.json").write_text(json.dumps(trace), "utf-8")


def test_names_of_objects_and_a_forged_trace_do_nothing_to_the_terminal(
    hostile_names: Database, tmp_path: Path
) -> None:
    plan = plan_of(
        tmp_path, hostile_names.name, sql="DROP TABLE plain CASCADE", rollback={"irreversible": "it is gone"}
    )
    forged_trace(plan)
    stage = Stage(hostile_names.dsn(), plan, tmp_path / "state")
    with Terminal(stage.command, 200, 50, stage.env) as terminal:
        terminal.wait_for("READY")
        terminal.wait_for("DROP TABLE: ACCESS EXCLUSIVE")
        terminal.type("h")
        terminal.wait_for("Esc closes")
        terminal.wait_for("<U+001B>")
        terminal.type("\x1b")
        terminal.wait_for(lambda screen: "Esc closes" not in screen)
        for key, seen in (("c", "[checks]"), ("H", "Esc not now")):
            terminal.type(key)
            terminal.wait_for(partial(is_whole, seen))
            terminal.type("\x1b")
            terminal.wait_for(partial(is_gone, seen))
        terminal.signal(signal.SIGTERM)
        terminal.process.wait(15)
        until(lambda: LEFT in terminal.raw, "the alternate screen is left")
        raw = bytes(terminal.raw)
    assert rest(raw) == []
    assert ", ".join(sorted(sequences(raw) - KNOWN)) == ""
