"""What is told is closed data: whatever the server, the plan or a person said, none of it is in a notice."""

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screens.terminal.signs import sequences
from tests.unit.run.plans import done, fold, opened, plan, started, view_of
from zdtui.configuration.settings import KINDS, SIGNS, Settings
from zdtui.notify import notice as n
from zdtui.notify.noticing import notices
from zdtui.notify.receivers import NONE_AT_ALL, NOT_INSTALLED, USUAL, Receivers, of_run
from zdtui.plan.model import Environment, StepId
from zdtui.run.decisions.snapshot import Snapshot
from zdtui.run.decisions.verdict import verdict
from zdtui.run.model import events as e
from zdtui.run.model.activity import Activity, Doing
from zdtui.run.model.console import ConnectionState, ConsoleRole

OF = plan()
ADD = StepId("add")
WHERE = n.Where("tour", Environment.PRODUCTION, 1, 5)
TOLD = re.compile(r"[A-Za-z0-9_'?,:.;() -]+")
"""Every letter a notice has a use for."""


def at(*events: e.Event, **fields: Any) -> Snapshot:
    view = view_of(plan=OF, run=fold(*events), **fields)
    return Snapshot.of(view, verdict(view))


BEGUN = (opened(OF), started(OF, "add"))
DONE = e.StepSucceeded(step=ADD, seconds=1)


def told(before: Snapshot, after: Snapshot) -> list[str]:
    return [n.sentence_of(each) for each in notices(before, after)]


@pytest.mark.parametrize(
    ("event", "sentence"),
    [
        (DONE, "add is done."),
        (
            e.StepHeld(step=ADD, why=e.HoldKind.GUARD, detail="x"),
            "add is held: a guard is over its limit. It waits for a person.",
        ),
        (e.StepFailed(step=ADD, direction=e.Direction.FORWARD, message="x"), "add failed. It waits for a person."),
        (e.StepInDoubt(step=ADD, index=0, evidence="x"), "add is in doubt"),
        (
            e.GuardTripped(guard="replication_lag", pane="replication", value="12 s", limit="10 s"),
            "The guard replication_lag is over its limit: the run is paused.",
        ),
        (
            e.GuardTripped(guard="DROP TABLE x", pane="x", value="x", limit="x", unseen=True),
            "The guard a figure cannot see its figure: the run is paused.",
        ),
    ],
)
def test_what_happened_is_told(event: e.Event, sentence: str) -> None:
    (said,) = told(at(*BEGUN), at(*BEGUN, event))
    assert said.startswith(sentence)


def test_a_lost_connection_is_told_by_who_held_the_run() -> None:
    lost = {"connection_state": ConnectionState.LOST}
    assert told(at(*BEGUN), at(*BEGUN, **lost)) == [n.sentence_of(n.ConnectionLost(WHERE))]
    assert told(at(*BEGUN, **lost), at(*BEGUN, **lost)) == []
    observer = {"console_role": ConsoleRole.OBSERVER}
    assert told(at(*BEGUN, **observer), at(*BEGUN, **lost, **observer)) == []
    assert told(at(*BEGUN, **observer), at(*BEGUN, DONE, **observer)) == [], "of two consoles one tells"


def test_what_happened_while_the_connection_went_is_told_too() -> None:
    lost = at(*BEGUN, DONE, connection_state=ConnectionState.LOST)
    assert told(at(*BEGUN), lost) == ["add is done.", n.sentence_of(n.ConnectionLost(WHERE))]


def test_of_guards_that_tripped_at_once_each_is_told() -> None:
    trips = [
        e.GuardTripped(guard=name, pane="x", value="x", limit="x") for name in ("replication_lag", "oldest_transaction")
    ]
    before = at(*BEGUN, e.GuardTripped(guard="blocked_sessions", pane="x", value="x", limit="x"))
    assert [n.sentence_of(each).split()[2] for each in notices(at(*BEGUN), before)] == ["blocked_sessions"]
    assert len(told(at(*BEGUN), at(*BEGUN, *trips))) == 2


def test_whom_a_run_tells_and_who_should_be_told_and_is_not() -> None:
    some = Settings(where="c", receivers={"oncall": "json://x", "chat": "json://y"})
    assert of_run(Settings(), (), installed=False) == (Receivers(), "")
    assert of_run(Settings(), ("oncall",), installed=True) == (Receivers(), NONE_AT_ALL)
    assert of_run(some, (), installed=False) == (Receivers(), NOT_INSTALLED)
    assert of_run(some, (), installed=True) == (Receivers(some.receivers, USUAL), "")
    receivers, sentence = of_run(some, ("chat", "boss"), installed=True)
    assert list(receivers.urls) == ["chat"]
    assert sentence == "your config.toml has no receiver boss: nobody is told there"
    nobody, sentence = of_run(some, ("boss",), installed=False)
    assert (nobody.urls, sentence[:31]) == ({}, "your config.toml has no receive")
    (only,) = of_run(Settings(receivers=some.receivers, told_on=("held",)), (), installed=True)[0].on
    assert only is n.Kind.HELD


def test_the_end_of_work_says_what_waits() -> None:
    works = Activity(step=ADD, direction=e.Direction.FORWARD, doing=Doing.SENDING, since=0.0)
    after = at(*BEGUN, DONE)
    (_, said) = told(at(*BEGUN, activity=works), after)
    assert said == f"Nothing runs. {after.next_step} comes next and waits for a person."


def test_what_was_done_before_one_joined_is_no_news() -> None:
    joined = at(*done(OF, "add"))
    assert joined.run.opened_at is not None
    assert joined.run.last_at is not None
    nothing = replace(at(), wall=joined.run.opened_at)
    later = replace(nothing, wall=joined.run.last_at.replace(year=2030))
    assert told(later, joined) == []
    assert "add is done." in told(nothing, joined), "a run that was begun since is"


def test_a_finished_run_is_told_once() -> None:
    names = [step.id for step in OF.steps]
    before, after = at(*done(OF, *names)), at(*done(OF, *names), e.RunFinished())
    assert told(before, after) == ["Every step is done."]
    assert told(after, after) == []


ANY = st.text(min_size=1, max_size=40)


@settings(max_examples=200, deadline=None)
@given(text=ANY, plan_name=ANY, step=ANY)
def test_no_text_of_anybody_gets_into_a_notice(text: str, plan_name: str, step: str) -> None:
    """Statements, messages, reasons and connection strings stand beside a mark; and so do names that are no names."""
    mark = "host=db1 password=Hunter2'; DROP TABLE users; --\x1b]"
    said = f"{mark}{text}"
    where = n.Where(f"{plan_name}{mark}", Environment.PRODUCTION, 0, 1)
    of = OF.model_copy(update={"name": said, "title": said, "path": said, "source": said})
    happened: list[e.Event] = [
        e.StepHeld(step=ADD, why=e.HoldKind.FAULT, detail=said),
        e.StepFailed(step=ADD, direction=e.Direction.FORWARD, message=said),
        e.StepInDoubt(step=ADD, index=0, evidence=said),
        e.StepSucceeded(step=ADD, seconds=1, note=said),
        e.GuardTripped(guard=said, pane=said, value=said, limit=said),
    ]
    found: list[n.Notice] = [
        each for event in happened for each in notices(at(*BEGUN), replace(at(*BEGUN, event), plan=of))
    ]
    named: list[n.Notice] = [
        n.StepDone(where, step + mark),
        n.Waiting(where, step + mark),
        n.Failed(where, mark, in_doubt=False),
    ]
    assert len(found) >= len(happened)
    for each in (*found, *named):
        for line in (n.title_of(each), n.sentence_of(each)):
            assert TOLD.fullmatch(line), line
            assert "Hunter2" not in line
            assert "DROP" not in line
            assert "host" not in line


def test_the_words_of_the_configuration_are_those_of_notices() -> None:
    assert set(KINDS) == set(n.Kind) - {n.Kind.TEST}
    for sign in set(SIGNS) - {"bell"}:
        assert len(list(sequences(n.Trial(), (sign,)))) == 1, sign
    assert set(n.HELD_BECAUSE) == set(e.HoldKind)


def test_receivers_are_told_what_they_ask_for() -> None:
    all_of = Receivers({"oncall": "json://x", "chat": "json://y"}, frozenset({n.Kind.HELD}))
    assert all_of.wants(n.Held(WHERE, "add", None))
    assert all_of.wants(n.Trial())
    assert not all_of.wants(n.StepDone(WHERE, "add"))
    assert not Receivers().wants(n.Held(WHERE, "add", None))
    some, missing = all_of.of_plan(["chat", "nobody"])
    assert list(some.urls) == ["chat"]
    assert missing == "your config.toml has no receiver nobody: nobody is told there"
    assert all_of.of_plan([]) == (all_of, "")
    assert "json" not in repr(all_of), "addresses hold tokens"


def test_a_terminal_is_given_whole_sequences(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TMUX", raising=False)
    nine, seven = sequences(n.Held(WHERE, "add", e.HoldKind.LOCK), ("bell", "osc9", "osc777"))
    assert nine.startswith("\x1b]9;zdtui: tour in production, 1 of 5 steps: add is held")
    assert seven.startswith("\x1b]777;notify;zdtui: tour in production, 1 of 5 steps;add is held")
    assert nine[-1] == seven[-1] == "\x07"
    assert seven.count(";") == 3
    monkeypatch.setenv("TMUX", "x")
    (wrapped,) = sequences(n.Trial(), ("osc9",))
    assert wrapped.startswith("\x1bPtmux;\x1b\x1b]9;")
    assert wrapped.endswith("\x1b\\")
