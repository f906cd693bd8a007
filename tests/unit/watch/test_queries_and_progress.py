"""Rows of activity and progress as samples."""

from datetime import timedelta
from typing import Any

from tests.unit.watch.rows import session
from zdtui.watch.progress import command, our_build
from zdtui.watch.queries import queries_sample
from zdtui.watch.unseen import Unseen

COUNTS = {"total": 9, "active": 2, "idle_in_transaction": 1, "hidden": 0, "oldest_transaction": timedelta(seconds=-1)}


def progress(pid: int, name: str, **fields: Any) -> dict[str, Any]:
    """A row of progress.sql."""
    row: dict[str, Any] = {"pid": pid, "command": name, "relation": "public.users", "phase": "building index"}
    return row | {"done": 10, "total": 40, "unit": "blocks", "waits_for": None} | fields


def test_an_age_is_never_negative() -> None:
    sample = queries_sample([session(1, -0.001)], COUNTS, frozenset())
    assert sample.oldest_transaction == timedelta(0)
    assert sample.backends[0].transaction_age == timedelta(0)


def test_counts_and_ours_are_carried() -> None:
    sample = queries_sample([session(1, 3.0), session(2, 1.0)], COUNTS, frozenset({2}))
    assert (sample.total_sessions, sample.active_sessions, sample.hidden_sessions) == (9, 2, 0)
    assert [backend.ours for backend in sample.backends] == [False, True]


def test_our_build_is_the_concurrent_one_of_ours() -> None:
    rows = [
        progress(1, "CREATE INDEX CONCURRENTLY"),
        progress(2, "CREATE INDEX"),
        progress(2, "REINDEX CONCURRENTLY", waits_for=7),
    ]
    commands = [command(row, frozenset({2})) for row in rows]
    assert our_build(commands) == commands[2]
    assert our_build(commands[:2]) is None


def test_a_total_the_server_does_not_know_is_zero() -> None:
    assert command(progress(1, "VACUUM", total=None, relation=None), frozenset()).total == 0


def test_while_sessions_are_hidden_nobody_knows_how_old_and_how_active_they_are() -> None:
    sample = queries_sample([session(1, 3.0)], {**COUNTS, "hidden": 2}, frozenset())
    assert sample.oldest_transaction == sample.active_sessions
    assert isinstance(sample.oldest_transaction, Unseen)
    assert sample.oldest_transaction.why == "2 sessions are hidden from this role (grant pg_monitor)"
    assert sample.total_sessions == 9
