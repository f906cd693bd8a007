"""Where columns are narrow: what matters is folded into the rows that are blank, not cut beside them."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screens.look import Look
from screens.rows import MOST_LINES, Span, folded, row
from screens.scene import Tab
from screens.text import drawable, width_of
from screens.views.header import where
from screens.views.locking import locking_rows, locks_pane_rows
from screens.views.plan_list import plan_rows
from screens.views.progress import progress_rows
from screens.views.replication import replication_rows
from screens.views.step_detail import log_rows, step_rows, step_title
from screens.views.verdict import verdict_rows
from tests.console.scenes import LIVE, TOUR, backfilling, run_of, scene, snapshot_of, text_of
from tests.console.test_locking_views import looking
from zdtui.plan.model import StepId
from zdtui.run.model.throttle_status import ThrottleStatus

COLUMN, SIDE = 39, 45
"""Columns that the middle and the panes are drawn in: fewer than any size gives them."""


@given(st.lists(st.text(alphabet="ab ├é漢", max_size=40), min_size=1, max_size=5), st.integers(12, 60))
def test_a_folded_row_loses_no_letter_and_only_its_first_line_has_the_key(texts: list[str], width: int) -> None:
    line = row(*(Span(text, Look.WARN) for text in texts), key=1)
    lines = folded(line, width, 5)
    assert "".join(each.text.removeprefix(" " * 5) if number else each.text for number, each in enumerate(lines)) == (
        line.text
    )
    assert [each.key for each in lines] == [1, *[None] * (len(lines) - 1)]
    assert len(lines) <= MOST_LINES
    assert len(lines) == MOST_LINES or all(width_of(each.text) <= width for each in lines)


@pytest.mark.parametrize("width", [COLUMN, SIDE, 64, 89])
def test_who_is_in_the_way_and_of_what_is_never_cut(width: int) -> None:
    rows = locking_rows(scene(looking(), width=width))
    text = " ".join(text_of(rows).split())
    assert "ACCESS EXCLUSIVE on public.users" in text
    assert "5150" in text
    said = [each for each in rows if not each.text.startswith("           ")]
    assert all(width_of(each.text) <= width for each in said), "only the query is cut"


def test_the_same_is_not_told_by_two_panes_beside_each_other() -> None:
    beside = scene(looking(), width=SIDE, beside=True)
    assert "5150" not in text_of(progress_rows(beside))
    assert "the locks pane shows who" in text_of(progress_rows(beside))
    assert "5150" in text_of(progress_rows(replace(beside, beside=False))), "alone it tells all"


def test_who_waits_outside_the_queue_is_not_denied_below() -> None:
    snapshot = looking()
    empty = replace(snapshot.samples.locks.sample, roots=(), waiting=0) if snapshot.samples.locks.sample else None
    assert empty is not None
    seen = replace(snapshot.samples, locks=replace(snapshot.samples.locks, sample=empty))
    assert "Nobody else waits for a lock." in text_of(locks_pane_rows(scene(replace(snapshot, samples=seen), width=64)))


def test_every_line_of_a_step_but_its_sql_is_whole() -> None:
    at = scene(backfilling(), width=COLUMN)
    assert "each committed with its checkpoint" in " ".join(text_of(step_rows(at)).split())
    assert all(width_of(each.text) <= COLUMN for each in log_rows(at, None))


@pytest.mark.parametrize("tab", Tab)
def test_the_chosen_tab_is_in_its_title(tab: Tab) -> None:
    for width in (COLUMN, 34, 80):
        title = step_title(scene(backfilling(), width=width, tab=tab)).cut_to(width).text
        assert f"[{tab}]" in title, title


def test_the_first_tab_is_called_as_the_step_calls_its_text() -> None:
    at = scene(snapshot_of(TOUR, run_of(TOUR)), width=80)
    by_hand, soaking = (replace(at, step=StepId(name)) for name in ("deploy-writers", "soak-writers"))
    assert "[What to do]" in step_title(by_hand).text
    assert "[Wait]" in step_title(soaking).text


def test_the_name_of_a_step_at_work_is_whole_before_its_time_left_is_told() -> None:
    narrow, wide = (text_of(plan_rows(scene(backfilling(), width=width))) for width in (34, 60))
    assert "backfill-names" in narrow
    assert "63 %" in narrow
    assert "min" not in narrow
    assert "9-15 min" in wide


def test_a_standby_keeps_its_verdict_and_its_lags() -> None:
    rows = replication_rows(scene(backfilling(LIVE), width=SIDE))
    text = text_of(rows)
    assert "> 10 s" in next(each.text for each in rows if "standby-b" in each.text)
    assert "streaming async" in text
    assert all(width_of(each.text) <= SIDE for each in rows if "slot" not in each.text)


def test_the_role_is_told_before_the_version_is_cut() -> None:
    snapshot = backfilling(LIVE)
    whole = where(snapshot, wide=True, room=200)
    assert "PostgreSQL" in whole
    short = where(snapshot, wide=True, room=len(whole) - 1)
    assert "PostgreSQL" not in short
    assert whole.rsplit(" · ", 1)[1] in short, "as whom"


def test_the_advice_does_not_cut_the_reason() -> None:
    snapshot = looking()
    rows = verdict_rows(scene(snapshot, width=120))
    assert len(rows) == 2
    assert drawable(snapshot.verdict.reason) in rows[0].text
    assert snapshot.verdict.advice in rows[1].text
    assert len(verdict_rows(scene(snapshot, width=200))) == 1


def test_what_holds_the_work_down_stands_before_how_the_table_is_walked() -> None:
    activity = backfilling().activity
    assert activity is not None
    throttled = replace(
        activity, throttle=ThrottleStatus(share=0.35, reason="replay lag of b 4.9 s (limit 5 s)", signals=())
    )
    text = text_of(progress_rows(scene(replace(backfilling(), activity=throttled), width=SIDE)))
    assert text.index("works 35 %") < text.index("8 stripes")
