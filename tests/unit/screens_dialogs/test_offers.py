"""Every key, in every situation: what is offered, and the sentence where it is not, is what `decide` says to its command."""

import ast
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import screens
from screens import would_send
from screens.acting import Acting
from screens.actions import ACTIONS, ACTS, Action
from screens.dialogs.frame.base import Dialog
from screens.dialogs.frame.now import Now
from screens.dialogs.frame.sheet import Choose, Sheet, TypeExactly
from screens.would_send import Focus
from tests.console.dialogs.stage import ScriptedEngine
from tests.unit.screens_dialogs.scenes import (
    ADD,
    AT,
    DEPLOY,
    FILL,
    INDEX,
    NO_GO,
    SOAK,
    STEPS,
    TRIGGER,
    a_backend,
    a_plan,
    a_snapshot,
    an_activity,
    done,
    outside_production,
    started,
)
from zdtui.hazards.hazard import Finding, Hazard, Part, Place, Severity
from zdtui.plan.model import StepId
from zdtui.run.decisions.decide import decide
from zdtui.run.figures.guards import Blind, Breach
from zdtui.run.journal.chain import Link
from zdtui.run.journal.damage import Damage
from zdtui.run.model import commands as c
from zdtui.run.model import events as e
from zdtui.run.model.console import ConnectionState, ConsoleRole
from zdtui.run.preflight.board import Board
from zdtui.sql.effects import Effects
from zdtui.sql.split import split
from zdtui.watch.samples import Pane
from zdtui.watch.unseen import Unseen

SENDING = tuple(each for each in ACTIONS if each.sends is not None)
ASKED_HERE = tuple(each for each in SENDING if each.id != "edit")
"""But `edit`, which asks an editor and a file: `tests/unit/screens_dialogs/test_editing.py`."""
NOW = Now(monotonic=10.0, utc=AT)
TO_INDEX = done(ADD, TRIGGER, DEPLOY, SOAK, FILL)
REJECTED = e.BatchesDone(step=FILL.id, batches=3, rows=997, rejected=3, first_rejected=("(4): 22P02 no",))
HISTORIES: dict[str, list[e.Event] | None] = {
    "not opened": None,
    "opened": [],
    "first done": done(ADD),
    "failed": [
        *done(ADD),
        started(TRIGGER),
        e.StepFailed(step=TRIGGER.id, direction=e.Direction.FORWARD, message="no such table"),
    ],
    "held": [
        *done(ADD),
        started(TRIGGER),
        e.StepHeld(step=TRIGGER.id, why=e.HoldKind.PAUSED, detail="paused by ana"),
    ],
    "manual next": done(ADD, TRIGGER),
    "armed": [
        *done(ADD),
        e.StepArmed(step=TRIGGER.id, sql_digest="d", confirmed_by="y", until=AT),
    ],
    "invalid index": [
        *TO_INDEX,
        started(INDEX),
        e.StepHeld(step=INDEX.id, why=e.HoldKind.INVALID_INDEX, detail="users_last_name was left invalid: cancelled"),
    ],
    "in doubt": [
        *TO_INDEX,
        started(INDEX),
        e.StatementSent(step=INDEX.id, index=0, sql="CREATE INDEX", pid=1, transactional=False),
        e.StepInDoubt(step=INDEX.id, index=0, evidence="the console was killed"),
    ],
    "rows rejected": [
        *done(ADD, TRIGGER, DEPLOY, SOAK),
        started(FILL),
        REJECTED,
        e.StepSucceeded(step=FILL.id, rows=997, seconds=1.0),
    ],
    "before the last": [*TO_INDEX, *done(INDEX)],
    "over": done(*STEPS),
}
STOPPED = Hazard(rule="table-rewrite", severity=Severity.STOP, sentence="nobody reads the table meanwhile")
FINDINGS = tuple(
    Finding(
        statement=split("ALTER TABLE users ADD COLUMN x int")[0],
        place=Place(path="tour.yaml", line=7, column=5, step=StepId(name), part=Part.ACTION),
        operations=(),
        effects=Effects(),
        hazards=(STOPPED,),
    )
    for name in ("sync-trigger", "drop-name")
)
BREACH = Breach("replay lag", Pane.REPLICATION, "8.1 s", "5s")
UNSEEN = Blind("replication_lag", "replication lag", Pane.REPLICATION, "5s", Unseen("hidden from this role"))
LOST = Damage(lost=(Link(9, "step started", "add-columns", b"1"),), server="timeline 2")
BACKENDS = {
    "none": None,
    "a client": a_backend(),
    "out of sight": a_backend(6001),
    "ours": a_backend(6002, ours=True),
    "a walsender": a_backend(6003, backend_type="walsender"),
    "a checkpointer": a_backend(6004, backend_type="checkpointer"),
}


@dataclass
class HeadlessConsole:
    """What an action needs of a console: the engine, what is selected, and where a dialog would be pushed."""

    engine: ScriptedEngine
    focus: Focus
    dialogs: list[Dialog] = field(default_factory=list)

    @property
    def app(self) -> "HeadlessConsole":
        return self

    @property
    def selected_step(self) -> StepId | None:
        return self.focus.step

    def selected_backend(self) -> Any:
        return self.focus.backend

    def focus_now(self) -> Focus:
        return self.focus

    def push_screen(self, dialog: Dialog, answered: Callable[[c.Command | None], None]) -> None:
        self.dialogs.append(dialog)

    def say(self, sentence: str) -> None: ...

    def draw(self) -> None: ...


@st.composite
def situations(draw: st.DrawFn) -> Focus:
    """A console in one of its situations, and something selected."""
    snapshot = a_snapshot(HISTORIES[draw(st.sampled_from(sorted(HISTORIES)))])
    if draw(st.booleans()):
        snapshot = outside_production(snapshot)
    often = st.sampled_from((False, False, False, True))
    changes: dict[str, object] = {
        "console_role": ConsoleRole.OBSERVER if draw(often) else ConsoleRole.CONDUCTOR,
        "connection_state": ConnectionState.LOST if draw(often) else ConnectionState.CONNECTED,
        "leaving": "the operator left" if draw(often) else None,
        "damage": LOST if draw(often) else None,
        "cannot_write": "this server is a standby" if draw(often) else "",
        "board": Board((NO_GO,), AT) if draw(often) else None,
        "breached_guards": (BREACH,) if draw(often) else (),
        "unseen_figures": (UNSEEN,) if draw(often) else (),
        "findings": FINDINGS if draw(often) else (),
    }
    if draw(often):
        step = draw(st.sampled_from((TRIGGER, FILL)))
        changes |= {"working": step.id, "activity": an_activity(step, statement="SELECT 1")}
    if draw(often):
        other = a_plan(environment=snapshot.plan.target.environment)
        changes["plan"] = other.model_copy(update={"digest": "another"})
    return Focus(
        replace(snapshot, **changes),  # type: ignore[arg-type]
        pane=draw(st.sampled_from(("plan", "locks", "queries"))),
        step=draw(st.sampled_from((None, *(each.id for each in STEPS)))),
        backend=BACKENDS[draw(st.sampled_from(sorted(BACKENDS)))],
    )


def answers(sheet: Sheet) -> tuple[str, ...]:
    """What a person answers who wants it: the words that are asked for, the first of several keys."""
    return tuple(
        ask.word if isinstance(ask, TypeExactly) else ask.answers[0].key if isinstance(ask, Choose) else "because"
        for ask in sheet.asks
    )


def sent_by(action: Action, focus: Focus) -> tuple[c.Command, str | None]:
    """The command the key comes to, all questions answered, and the sentence its question shows; None: it may be."""
    engine = ScriptedEngine(focus.snapshot)
    console = HeadlessConsole(engine, focus)
    Acting(console).perform(action.id)  # type: ignore[arg-type]
    if not console.dialogs:
        return engine.submitted[-1], None
    (dialog,) = console.dialogs
    sheet = dialog.sheet(focus.snapshot, NOW)
    command = dialog.command(answers(sheet))
    assert command is not None
    return command, sheet.withdrawn or sheet.obstacle


@pytest.mark.parametrize("action", ASKED_HERE, ids=lambda each: each.id)
@settings(max_examples=120, deadline=None)
@given(focus=situations())
def test_a_screen_offers_what_decide_allows_and_says_what_it_says(action: Action, focus: Focus) -> None:
    assert action.sends is not None
    why_not, would = action.why_not(focus), action.sends(focus)
    if isinstance(would, str):
        assert why_not == would
        return
    ruled = decide(focus.snapshot, would)
    if ruled.refusal is not None and not ruled.held_back:
        assert why_not == ruled.refusal
        return
    assert why_not is None
    command, shown = sent_by(action, focus)
    assert type(command) is type(would)
    said = decide(focus.snapshot, command)
    assert shown == said.refusal
    assert (said.refusal, said.held_back) == (ruled.refusal, ruled.held_back)


def test_every_key_that_acts_says_what_it_would_send() -> None:
    assert {each.id for each in SENDING} >= ACTS


@pytest.mark.parametrize("name", sorted(HISTORIES))
def test_every_situation_has_something_to_offer_and_something_to_refuse(name: str) -> None:
    focus = Focus(a_snapshot(HISTORIES[name]), "locks", FILL.id, a_backend())
    refused = {each.id for each in SENDING if each.why_not(focus) is not None}
    assert {"pause", "cancel_backend"}.isdisjoint(refused)
    assert "take_over" in refused


def test_no_screen_makes_a_decision_s_sentence_by_itself() -> None:
    """Nor refuses anything: who may, and when, stands in `zdtui.run.decisions`."""
    inside = Path(screens.__file__).parent
    for path in inside.rglob("*.py"):
        if path == Path(would_send.__file__):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("zdtui.run.decisions"):
                taken = {alias.name for alias in node.names}
                assert not taken & {"decide", "Refused", "HeldBack"}, f"{path.name}:{node.lineno}"
            if isinstance(node, ast.keyword) and node.arg in ("withdrawn", "obstacle") and "dialogs" in path.parts:
                ruled = ast.unparse(node.value)
                assert "frame" in path.parts or ruled.startswith(("refusal(", "why_withdrawn(")), (
                    f"{path.name}: {ruled}"
                )
