"""Views are functions from a snapshot to rows: they are tested as such, without a terminal."""

from dataclasses import replace
from datetime import timedelta

import pytest

from screens.actions import ACTIONS
from screens.footer import footer_rows
from screens.look import Look
from screens.scene import Tab
from screens.views.header import header_rows
from screens.views.locks import locks_rows
from screens.views.plan_list import plan_rows
from screens.views.progress import progress_rows
from screens.views.queries import queries_rows
from screens.views.replication import replication_rows
from screens.views.step_detail import log_rows, step_rows, step_title
from screens.views.verdict import verdict_rows
from screens.views.vital_signs import vital_rows
from screens.would_send import Focus
from tests.console.scenes import (
    LIVE,
    NOW,
    TOUR,
    backend,
    backfilling,
    run_of,
    samples,
    scene,
    snapshot_of,
    text_of,
    titled,
)
from tests.unit.run.plans import started
from zdtui.plan.model import StepId
from zdtui.run.decisions.confirm_text import shown
from zdtui.run.model import events as e
from zdtui.run.model.console import ConnectionState, ConsoleRole
from zdtui.run.model.throttle_status import Signal, ThrottleStatus
from zdtui.watch.samples import LockNode, LocksSample, QueriesSample, Reading, ReplicationSample, Samples


def test_the_header_says_where_as_whom_and_production_in_words() -> None:
    text = text_of(header_rows(scene(backfilling(LIVE), width=200)))
    assert "split-user-name" in text
    assert "PRODUCTION" in text
    assert "shop on db1:5432 · PostgreSQL 18.4 primary · as migrator" in text
    assert f"4/{len(TOUR.steps)}" in text
    assert "ana@bastion" in text
    small = text_of(header_rows(scene(backfilling(LIVE), width=80)))
    assert len(small) == 80
    assert "PRODUCTION" in small
    assert "shop on db1" in small


def test_a_lost_link_an_observer_and_a_frozen_display_are_said_in_the_header() -> None:
    assert "LOST" in text_of(header_rows(scene(replace(backfilling(), connection_state=ConnectionState.LOST))))
    assert "OBSERVER" in text_of(header_rows(scene(replace(backfilling(), console_role=ConsoleRole.OBSERVER))))
    assert "FROZEN 12 s" in text_of(header_rows(scene(backfilling(), frozen_for=12.0)))


def test_the_verdict_is_one_line_where_there_is_room_and_two_where_not() -> None:
    wide = verdict_rows(scene(backfilling(), width=200))
    narrow = verdict_rows(scene(backfilling(), width=80))
    assert (len(wide), len(narrow)) == (1, 2)
    for rows in (wide, narrow):
        assert "RUNNING" in text_of(rows)
        assert "63 %" in text_of(rows)
        assert "p pauses at the next batch" in text_of(rows)


def test_a_vital_sign_out_of_bounds_is_in_words_with_its_limit() -> None:
    text = text_of(vital_rows(scene(backfilling())))
    assert "LAG 12 s > 10 s" in text
    assert "locks 3 waiting 1.2 s" in text
    assert "oldest tx 4m02s" in text
    assert "63 % 9-15 min left" in text
    assert len(text) <= 80


def test_stale_signs_say_how_old_they_are_and_no_data_is_not_zero() -> None:
    text = text_of(vital_rows(scene(backfilling(seen=samples(at=NOW - 47)))))
    assert text.count("47 s OLD") == 3
    assert "no data yet" in text_of(vital_rows(scene(backfilling(seen=Samples()))))
    assert "no data yet" in text_of(locks_rows(scene(backfilling(seen=Samples()))))
    assert " 47 s OLD " in titled("locks", scene(backfilling(seen=samples(at=NOW - 47)))).text


def test_a_probe_that_failed_says_why_and_keeps_what_was_seen() -> None:
    seen = replace(samples(), queries=Reading(samples().queries.sample, NOW - 5, error="permission denied"))
    text = text_of(queries_rows(scene(backfilling(seen=seen))))
    assert "permission denied" in text
    assert "report-nightly" in text


def test_the_plan_list_has_phases_states_durations_and_the_point_of_no_return() -> None:
    rows = plan_rows(scene(backfilling(), width=44))
    text = text_of(rows)
    assert text.index("EXPAND") < text.index("✓  1 add-columns") < text.index("DUAL-WRITE")
    assert "12 ms" in text
    assert "▶  5 backfill-names" in text
    assert "63 %    9-15 min" in text
    assert text.index("point of no return") < text.index("CONTRACT") < text.index("irreversible")
    assert all(len(each.text) <= 44 for each in rows)
    assert [each.key for each in rows if each.key] == [step.id for step in TOUR.steps]


@pytest.mark.parametrize(
    ("event", "symbol", "word"),
    [
        (e.StepHeld(step=StepId("backfill-names"), why=e.HoldKind.PAUSED, detail="paused by ana"), "‖", "held"),
        (e.StepFailed(step=StepId("backfill-names"), direction=e.Direction.FORWARD, message="boom"), "✗", "failed"),
        (e.StepInDoubt(step=StepId("backfill-names"), index=0, evidence="?"), "?", "in doubt"),
        (e.StepSkipped(step=StepId("backfill-names"), reason="r"), "–", "skipped"),
        (e.StepRolledBack(step=StepId("backfill-names"), seconds=1), "○", "rolled back"),
        (e.StepApplied(step=StepId("backfill-names"), rows=1, seconds=1), "◐", "applied"),
    ],
)
def test_every_state_is_a_word_and_a_symbol(event: e.Event, symbol: str, word: str) -> None:
    snapshot = snapshot_of(TOUR, run_of(TOUR, started(TOUR, "backfill-names"), event))
    text = text_of(plan_rows(scene(snapshot, width=60)))
    line = next(each for each in text.splitlines() if "backfill-names" in each)
    assert symbol in line
    assert word in line


def test_rejected_rows_are_named_with_their_reason_and_the_way_on_and_T_is_offered() -> None:
    fill = StepId("backfill-names")
    aside = e.BatchesDone(
        step=fill, batches=3, rows=9, rejected=5, first_rejected=("(4711): 22P02 no \x1b[31mint", "(4712): 23514 no")
    )
    run = run_of(TOUR, started(TOUR, "backfill-names"), aside, e.StepSucceeded(step=fill, rows=9, seconds=1))
    snapshot = snapshot_of(TOUR, run)
    text = text_of(step_rows(scene(snapshot, width=60)))
    assert "9 rows · 5 rejected" in text
    assert "(4711): 22P02 no" in text
    assert "\x1b" not in text
    (line,) = (each for each in plan_rows(scene(snapshot, width=60)) if each.key == fill)
    assert line.spans[-1].text.split() == ["5", "rejected", "1.0", "s"]
    assert line.spans[-1].look is Look.WARN
    assert text.index("(4712): 23514 no") < text.index("and 3 more") < text.index("T tries them again")
    retry = next(each for each in ACTIONS if each.id == "retry")
    assert retry.why_not(Focus(snapshot, step=fill)) is None
    assert "add-columns is no backfill or copy" in str(retry.why_not(Focus(snapshot, step=StepId("add-columns"))))
    assert retry.why_not(Focus(snapshot, step=None)) == "no step is selected"


def test_what_is_shown_of_a_step_is_what_is_sent() -> None:
    for step in TOUR.steps:
        text = text_of(step_rows(scene(backfilling(), width=200, step=step.id)))
        for line in shown(step).strip().splitlines():
            assert line.strip() in text, line


def test_the_tabs_of_a_step() -> None:
    at = scene(backfilling(), width=100)
    assert "[SQL]" in step_title(at).text
    assert "Nothing to undo" in text_of(step_rows(replace(at, tab=Tab.ROLLBACK)))
    assert "must give true" in text_of(step_rows(replace(at, tab=Tab.VERIFY)))
    assert "+ and - set how hard" in text_of(step_rows(replace(at, tab=Tab.NOTES)))
    assert "195 000 rows in 4100 batches" in text_of(step_rows(replace(at, tab=Tab.LOG)))
    gone = replace(at, tab=Tab.ROLLBACK, step=StepId("drop-name"))
    assert "IRREVERSIBLE" in text_of(step_rows(gone))


def test_the_log_has_every_statement_with_time_and_backend() -> None:
    sent = e.StatementSent(step=StepId("add-columns"), index=0, sql="ALTER TABLE users\n ADD x int", pid=4711)
    snapshot = snapshot_of(TOUR, run_of(TOUR, sent, done=()))
    text = text_of(log_rows(scene(snapshot), None))
    assert "03:00:02.000 [4711] ALTER TABLE users ADD x int" in text


def test_the_lock_tree_shows_who_blocks_whom_and_marks_ours() -> None:
    rows = locks_rows(scene(backfilling(), width=120))
    text = text_of(rows)
    assert "4711 report-nightly idle in tx holds ACCESS SHARE on public.users" in text
    assert "└ 5120 zdtui split-user-name* wants ACCESS EXCLUSIVE on public.users" in text
    assert "  ├ 5133 checkout wants ROW EXCLUSIVE" in text
    assert "  └ 5134 checkout" in text
    assert "3 waiting, longest 1.2 s, 2 behind us" in titled("locks", scene(backfilling())).text
    assert len({each.key for each in rows}) == 4


def test_queries_standbys_slots_and_builds() -> None:
    at = scene(backfilling(), width=140)
    queries = text_of(queries_rows(at))
    assert "4m02s 4711 idle in tx report-nightly" in queries
    assert "IO:DataFileRead" in queries
    replication = text_of(replication_rows(at))
    assert "standby-b" in replication
    assert "> 10 s" in replication
    assert "ok" in replication.splitlines()[0]
    assert "88 MB" in replication
    assert "INACTIVE retains 5.0 GB extended" in replication
    progress = text_of(progress_rows(at))
    assert "63 %" in progress
    assert "195 312 rows ·  41 k rows/s ·    9-15 min left" in progress
    assert "5120* CREATE INDEX CONCURRENTLY public.orders: building index" in progress
    assert "25 % 120 of 480 blocks" in progress


def test_hidden_sessions_are_counted_and_named() -> None:
    seen = replace(samples(), queries=Reading(QueriesSample(hidden_sessions=7, total_sessions=9), NOW))
    assert "7 hidden (grant pg_monitor)" in titled("queries", scene(backfilling(seen=seen))).text


HOSTILE = "[/b] a[i] \x1b[2J\x1b]52;c;ZXZpbA==\x07 [bold]x\u202e"


def test_no_view_lets_hostile_text_through_or_reads_it_as_markup() -> None:
    evil = backend(1, HOSTILE, query=HOSTILE, wait_event=HOSTILE, wait_event_type=HOSTILE)
    seen = Samples(
        Reading(LocksSample(roots=(LockNode(evil, HOSTILE, HOSTILE, timedelta(1)),), waiting=1), NOW, HOSTILE),
        Reading(QueriesSample(backends=(evil,), total_sessions=1), NOW, HOSTILE),
        Reading(ReplicationSample(), NOW, HOSTILE),
        Reading(None, None, HOSTILE),
    )
    failed = e.StepFailed(step=StepId("backfill-names"), direction=e.Direction.FORWARD, message=HOSTILE)
    snapshot = snapshot_of(
        TOUR, run_of(TOUR, started(TOUR, "backfill-names"), failed, e.NoteAdded(text=HOSTILE)), seen=seen
    )
    at = scene(snapshot, width=300)
    views = (
        header_rows,
        verdict_rows,
        vital_rows,
        plan_rows,
        locks_rows,
        queries_rows,
        replication_rows,
        progress_rows,
    )
    rows = [each for view in views for each in view(at)]
    rows += [each for tab in Tab for each in step_rows(replace(at, tab=tab))]
    text = text_of(rows)
    assert "\x1b" not in text
    assert "\x07" not in text
    assert "\u202e" not in text
    assert "[/b] a[i]" in text


def test_the_footer_keeps_pause_rollback_help_and_quit_at_any_width() -> None:
    focus = Focus(backfilling())
    for width in (40, 60, 80, 200):
        text = text_of(footer_rows(ACTIONS, focus, width))
        assert len(text) <= width
        assert text.startswith(" p PAUSE  B roll back  ? help  q quit") or width < 42
    assert text_of(footer_rows(ACTIONS, focus, 80)).endswith("Ctrl+P …"), "what has no room is not lost"
    assert "Ctrl+P" not in text_of(footer_rows(ACTIONS, focus, 200))
    assert "+ harder" in text_of(footer_rows(ACTIONS, focus, 80))
    idle = Focus(snapshot_of(TOUR, run_of(TOUR, done=())))
    assert "h hazards" in text_of(footer_rows(ACTIONS, idle, 120))
    assert "+ harder" not in text_of(footer_rows(ACTIONS, idle, 120)), "it is of use while a backfill works"
    observer = Focus(replace(backfilling(), console_role=ConsoleRole.OBSERVER))
    assert "(p PAUSE)" in text_of(footer_rows(ACTIONS, observer, 80))
    assert "t take over" in text_of(footer_rows(ACTIONS, observer, 80))


def test_every_throttle_signal_stands_beside_its_limit_and_the_nearest_comes_first() -> None:
    shown = ThrottleStatus(
        share=0.35,
        reason="replay lag of b 4.9 s (limit 5s)",
        signals=(
            Signal("active sessions", "3", "8", 0.4),
            Signal("replay lag of b", "4.9 s", "5s", 0.98),
            Signal("canary write", "6.0 x its usual time", "5 x", 1.2),
        ),
    )
    snapshot = backfilling()
    assert snapshot.activity is not None
    lines = progress_rows(scene(replace(snapshot, activity=replace(snapshot.activity, throttle=shown)), width=90))
    text = text_of(lines)
    assert "works 35 % of the time · held down by replay lag of b 4.9 s (limit 5s)" in text
    named = [line.text.strip() for line in lines if "(limit" in line.text][1:]
    assert [line.split(" ")[0] for line in named] == ["canary", "replay", "active"]
    assert next(line for line in lines if "canary" in line.text).spans[0].look is Look.DANGER
