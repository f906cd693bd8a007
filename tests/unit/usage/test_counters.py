"""Two looks at the counters: calls in between, and every reason why some may be missing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from zdtui.usage.counters import (
    MOST_KEPT,
    WITNESSES,
    Baseline,
    Counter,
    Standing,
    baseline,
    between,
    not_counted,
    since_reset,
)

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
SOUND = Standing(
    schema="public",
    most="5000",
    track="top",
    track_utility="on",
    compute_query_id="auto",
    tells_evictions=True,
    reads_all=True,
    role="ana",
    now=NOW,
    started=NOW - timedelta(days=9),
    reset=NOW - timedelta(days=3),
    dropped=7,
)
LATER = replace(SOUND, now=NOW + timedelta(days=1))


def counter(query: int, calls: int, text: str | None = "SELECT 1", since: datetime | None = None) -> Counter:
    return Counter(user_id=10, role="app", query_id=query, top_level=True, calls=calls, text=text, since=since)


def kept(*counters: Counter, using: int = 99) -> Baseline:
    return baseline(SOUND, counters, {each.key for each in counters[:using]})


def test_only_what_was_called_in_between_counts() -> None:
    before = kept(counter(1, 5), counter(2, 5))
    called, lost = between(before, LATER, [counter(1, 5), counter(2, 8), counter(3, 4)])
    assert [(each.query_id, each.calls) for each in called] == [(2, 3), (3, 4)]
    assert lost == ()


def test_a_baseline_is_small_and_holds_no_text() -> None:
    many = [counter(query, query, f"SELECT secret_{query}") for query in range(1, 5000)]
    before = baseline(SOUND, many, {each.key for each in many})
    assert len(before.calls) <= MOST_KEPT + WITNESSES
    assert "secret" not in repr(before)
    assert len(baseline(SOUND, many, set()).calls) == WITNESSES


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (replace(LATER, reset=NOW + timedelta(hours=1)), "was reset at 2026-11-28 13:00 UTC"),
        (replace(LATER, started=NOW + timedelta(hours=1)), "the server was started anew at 2026-11-28 13:00 UTC"),
        (replace(LATER, dropped=9), "dropped its least called statements 2 times meanwhile"),
        (replace(LATER, schema=None), "CREATE EXTENSION pg_stat_statements"),
        (replace(LATER, most=None), "shared_preload_libraries"),
        (replace(LATER, track="none"), "track is none"),
        (replace(LATER, track_utility="off"), "track_utility is off"),
        (replace(LATER, compute_query_id="off"), "compute_query_id is off"),
        (replace(LATER, not_counted=("etl", "bob")), "switches the counting off for etl, bob"),
        (replace(LATER, reads_all=False), "GRANT pg_read_all_stats TO ana"),
        (replace(LATER, tells_evictions=False), "ALTER EXTENSION pg_stat_statements UPDATE"),
    ],
)
def test_each_reason_why_calls_may_be_missing_is_said(now: Standing, said: str) -> None:
    _, lost = between(kept(counter(1, 5)), now, [counter(1, 5)])
    assert len(lost) == 1
    assert said in lost[0]


@pytest.mark.parametrize(
    "now",
    [
        [counter(2, 9)],
        [counter(1, 3), counter(2, 9)],
        [counter(1, 30, since=NOW + timedelta(hours=1)), counter(2, 9)],
    ],
    ids=["gone", "fewer", "counted anew"],
)
def test_a_statement_that_was_reset_by_itself_is_noticed(now: list[Counter]) -> None:
    called, lost = between(kept(counter(1, 5), counter(2, 9)), LATER, now)
    assert len(lost) == 1
    assert lost[0].startswith("1 statement was taken out of pg_stat_statements meanwhile")
    assert [each.calls for each in called] == [each.calls for each in now if each.query_id == 1]


def test_what_is_hidden_is_no_statement_but_a_reason() -> None:
    called, said = since_reset(replace(SOUND, reads_all=False, dropped=0), [counter(1, 5, "<insufficient privilege>")])
    assert called == ()
    assert len(said) == 1


def test_evictions_since_the_reset_are_said_of_all_calls() -> None:
    _, said = since_reset(SOUND, [])
    assert len(said) == 1
    assert "7 times since it was reset" in said[0]
    assert tuple(not_counted(SOUND)) == ()
