"""What cannot be seen, as it is drawn: never a zero, never "none", with what to do about it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from screens.actions import ACTIONS, action
from screens.dialogs.blind import blind_sheet
from screens.dialogs.facts.target import blind_facts
from screens.dialogs.frame.now import Now
from screens.footer import footer_rows
from screens.look import Look
from screens.views.progress import progress_rows
from screens.views.queries import queries_rows
from screens.views.replication import replication_rows
from screens.views.vital_signs import vital_rows
from screens.words import figure
from screens.would_send import Focus
from tests.console.scenes import (
    NOW,
    REPORT,
    TOUR,
    WALL,
    backfilling,
    run_of,
    samples,
    scene,
    snapshot_of,
    text_of,
    titled,
)
from zdtui import amounts
from zdtui.run.decisions.snapshot import Snapshot
from zdtui.run.figures.guards import Blind
from zdtui.run.model import events as e
from zdtui.run.model.throttle_status import ThrottleStatus
from zdtui.watch.samples import Pane, QueriesSample, Reading, ReplicationSample, Standby, Unseen
from zdtui.watch.worst_lag import HIDDEN, worst_of

HOSTILE = "\x1b[2J\x1b]52;c;ZXZpbA==\x07evil\u202e"
HIDDEN_STANDBY = Standby("standby-b", "local", "", "", None, None, HIDDEN, HIDDEN, hidden=True)
BLIND = Blind("replication_lag", "replication lag", Pane.REPLICATION, "10s", HIDDEN)
SIZES = pytest.mark.parametrize("width", [80, 120])


def at(replication: ReplicationSample, **fields: Any) -> Snapshot:
    """Nothing runs; the replication pane saw this."""
    seen = replace(samples(), replication=Reading(replication, NOW))
    return snapshot_of(TOUR, run_of(TOUR), seen=seen, **fields)


HIDDEN_LAG = at(ReplicationSample((HIDDEN_STANDBY,), (), HIDDEN, "standby-b"), unseen_figures=(BLIND,))
REFUSED = at(ReplicationSample(Unseen("permission denied for function x"), Unseen("permission denied for view y")))
GONE = at(
    ReplicationSample(),
    unseen_figures=(replace(BLIND, unseen=Unseen("", about=("standby-b",))),),
    missing_standbys=("standby-b",),
)


@SIZES
def test_a_hidden_lag_is_a_question_mark_and_says_what_to_grant(width: int) -> None:
    at_width = scene(HIDDEN_LAG, width=width)
    assert titled("replication", at_width).text == " 4 Replication · standby-b: cannot see its lag (grant pg_monitor) "
    assert text_of(replication_rows(at_width)) == " standby-b cannot see its lag (grant pg_monitor)"
    signs = text_of(vital_rows(at_width))
    assert "│ lag ? │" in signs
    assert "0.0 s" not in signs
    assert next(span for span in vital_rows(at_width)[0].spans if "lag ?" in span.text).look is Look.LOUD


@SIZES
def test_a_lag_is_the_same_figure_in_title_row_and_header(width: int) -> None:
    """A standby that has caught up: the server measures no lag, which is none to wait for."""
    idle = Standby("standby-a", "local", "streaming", "async", None, None, None, 0)
    at_width = scene(at(ReplicationSample((idle,), (), *worst_of([idle]))), width=width)
    assert "worst 0.0 s" in titled("replication", at_width).text
    first, detail = text_of(replication_rows(at_width)).split("\n")
    assert first.split()[:3] == ["0.0", "s", "standby-a"]
    assert detail.strip() == "write 0.0 s · flush 0.0 s · replay 0.0 s"
    assert "lag 0.0 s" in text_of(vital_rows(at_width))
    copying = replace(idle, state="backup")
    at_width = scene(at(ReplicationSample((copying,), (), *worst_of([copying]))), width=width)
    assert "nothing to replay" in titled("replication", at_width).text
    assert text_of(replication_rows(at_width)).split()[:2] == ["-", "standby-a"]


def test_what_the_server_refuses_is_said_for_standbys_and_slots_each() -> None:
    rows = text_of(replication_rows(scene(REFUSED)))
    assert "standbys: cannot see, permission denied for function x" in rows
    assert "slots: cannot see, permission denied for view y" in rows
    assert "No standby" not in rows
    assert "lag ?" in text_of(vital_rows(scene(REFUSED)))


@SIZES
def test_a_standby_that_went_is_gone_and_not_none(width: int) -> None:
    at_width = scene(GONE, width=width)
    assert "standby-b gone" in titled("replication", at_width).text
    assert "standby-b streamed and is GONE" in text_of(replication_rows(at_width))
    assert "LAG ? standby-b GONE" in text_of(vital_rows(at_width))


def test_what_was_accepted_stays_on_the_screen() -> None:
    accepted = e.BlindnessAccepted(guard="replication_lag", unseen="hidden", reason="told to", by="ana")
    snapshot = snapshot_of(TOUR, run_of(TOUR, accepted), seen=HIDDEN_LAG.samples)
    assert "without replication_lag: accepted by ana, told to" in text_of(replication_rows(scene(snapshot)))
    assert "lag ? accepted" in text_of(vital_rows(scene(snapshot)))
    assert "goes on without replication_lag: ana, told to" in blind_facts(snapshot)[0].text


def test_hidden_sessions_are_neither_idle_nor_young() -> None:
    hidden = Unseen("7 sessions are hidden from this role (grant pg_monitor)")
    sample = QueriesSample(hidden_sessions=7, total_sessions=9, oldest_transaction=hidden, active_sessions=hidden)
    seen = replace(samples(), queries=Reading(sample, NOW))
    at_80 = scene(snapshot_of(TOUR, run_of(TOUR), seen=seen))
    assert "oldest tx ?" in text_of(vital_rows(at_80))
    assert titled("queries", at_80).text.startswith(" 3 Queries · oldest ? · ? active of 9, 7 hidden")
    assert text_of(queries_rows(at_80)) == " Nothing that this role may see runs long."


def test_commands_whose_progress_is_hidden_are_counted() -> None:
    known = samples().progress.sample
    assert known is not None
    progress = replace(known, commands=(), hidden_commands=2)
    seen = replace(samples(), progress=Reading(progress, NOW))
    rows = text_of(progress_rows(scene(snapshot_of(TOUR, run_of(TOUR), seen=seen))))
    assert "2 more report progress that this role may not see" in rows
    assert "No build" not in rows


def test_what_the_throttle_cannot_see_stands_with_its_signals() -> None:
    shown = ThrottleStatus(0.0, "", (), ("replication lag cannot be seen: no figure yet",))
    snapshot = backfilling()
    assert snapshot.activity is not None
    rows = progress_rows(scene(replace(snapshot, activity=replace(snapshot.activity, throttle=shown))))
    assert "replication lag cannot be seen: no figure yet" in text_of(rows)


def test_a_session_nobody_may_end_is_marked_and_neither_key_is_offered() -> None:
    sample = QueriesSample(backends=(REPORT,), untouchable={"shop_app": "it belongs to the superuser shop_app"})
    seen = replace(samples(), queries=Reading(sample, NOW))
    snapshot = snapshot_of(TOUR, run_of(TOUR), seen=seen)
    assert "(no C, no K)" in text_of(queries_rows(scene(snapshot)))
    focus = Focus(snapshot, "queries", backend=REPORT)
    for key in ("cancel_backend", "terminate_backend"):
        assert action(key).why_not(focus) == "nobody here may end it: it belongs to the superuser shop_app"


def test_v_is_offered_only_while_something_is_blind() -> None:
    assert action("go_blind").why_not(Focus(HIDDEN_LAG)) is None
    assert action("go_blind").why_not(Focus(snapshot_of(TOUR, run_of(TOUR)))) is not None
    assert "V accept blind" in text_of(footer_rows(ACTIONS, Focus(HIDDEN_LAG), 200))


def test_the_question_before_going_blind_says_what_it_means_and_wants_the_word() -> None:
    sheet = blind_sheet(HIDDEN_LAG, BLIND, Now(monotonic=NOW, utc=WALL))
    assert sheet.withdrawn is None
    assert [type(ask).__name__ for ask in sheet.asks] == ["Write", "TypeExactly"]
    facts = {fact.label: fact.text for fact in sheet.facts}
    assert facts["blind"].startswith("replication lag cannot be seen: hidden from this role")
    assert "no guard and no throttle looks at replication lag in this run" in facts["means"]
    went = blind_sheet(GONE, GONE.unseen_figures[0], Now(monotonic=NOW, utc=WALL))
    assert any("the standbys that are there are guarded as before" in fact.text for fact in went.facts)
    seen = blind_sheet(snapshot_of(TOUR, run_of(TOUR)), BLIND, Now(monotonic=NOW, utc=WALL))
    assert "nothing to accept" in str(seen.withdrawn)


def test_names_of_standbys_are_made_safe() -> None:
    hostile = replace(GONE, missing_standbys=(HOSTILE,))
    accepted = e.BlindnessAccepted(guard=HOSTILE, about=(HOSTILE,), unseen=HOSTILE, reason=HOSTILE, by=HOSTILE)
    hostile = replace(hostile, run=run_of(TOUR, accepted))
    drawn = text_of(
        [titled("replication", scene(hostile)), *replication_rows(scene(hostile)), *vital_rows(scene(hostile))]
    )
    refused = at(ReplicationSample(Unseen(HOSTILE), Unseen(HOSTILE)))
    drawn += text_of([*replication_rows(scene(refused)), *vital_rows(scene(refused))])
    assert "evil" in drawn
    assert not set("\x1b\x07\u202e") & set(drawn)


def test_an_old_lag_is_not_taken_for_a_fresh_one() -> None:
    old = replace(samples(), replication=Reading(samples().replication.sample, NOW - 30))
    assert "lag 30 s OLD" in text_of(vital_rows(scene(snapshot_of(TOUR, run_of(TOUR), seen=old))))


@pytest.mark.parametrize(
    ("value", "said"), [(timedelta(seconds=12), "12 s"), (None, "?"), (Unseen("hidden"), "?"), (timedelta(0), "0.0 s")]
)
def test_a_figure_that_is_not_known_is_never_blank_nor_nought(value: timedelta | Unseen | None, said: str) -> None:
    assert figure(value, amounts.age) == said
    assert figure(None, amounts.age, none="-") == "-"
