"""A guard without its figure is over: never seen, hidden, stale, refused, or a standby that was there and went."""

from datetime import timedelta
from typing import Any

import pytest

from tests.unit.run.plans import fold, opened, plan, view_of
from zdtui.plan.model import Guards, StepId
from zdtui.run.decisions.confirm_text import step_digest
from zdtui.run.decisions.decide import decide
from zdtui.run.decisions.view import RunView
from zdtui.run.figures.guards import blind, unseen
from zdtui.run.figures.sight import BLIND_AFTER, FRESH, Sight
from zdtui.run.figures.standbys import Standbys, looked
from zdtui.run.model import commands as c
from zdtui.run.model import events as e
from zdtui.run.model.commands import AcceptBlindness
from zdtui.run.model.console import ConsoleRole
from zdtui.run.model.state import Blindness
from zdtui.watch.samples import (
    LocksSample,
    QueriesSample,
    Reading,
    ReplicationSample,
    Samples,
    Standby,
    Unseen,
)

LAG = Guards(replication_lag=timedelta(seconds=5), blocked_sessions=None, oldest_transaction=None)
ALL = Guards(replication_lag=timedelta(seconds=5), blocked_sessions=3, oldest_transaction=timedelta(minutes=10))
HIDDEN = Unseen("this role may not see it")
AT = 100.0
TOUR = plan()


def standby(name: str, state: str = "streaming") -> Standby:
    return Standby(name, "10.0.0.2", state, "async", None, None, None, 0)


def seen(*standbys: Standby, lag: timedelta | Unseen | None = None, at: float = AT) -> Samples:
    return Samples(
        locks=Reading(LocksSample(), at),
        queries=Reading(QueriesSample(), at),
        replication=Reading(ReplicationSample(standbys=standbys, worst_lag=lag), at),
    )


def figures(guards: Guards, samples: Samples, sight: Sight) -> list[str]:
    return [each.figure for each in blind(guards, samples, sight)]


def test_what_is_seen_to_be_none_is_no_blindness() -> None:
    assert blind(ALL, seen(), Sight(AT)) == ()
    assert unseen(ALL, seen(), Sight(AT)) == ()


def test_what_was_never_seen_blinds_at_once_and_is_over_after_a_while() -> None:
    assert figures(ALL, Samples(), Sight(AT, since=AT)) == ["replication_lag", "blocked_sessions", "oldest_transaction"]
    assert unseen(ALL, Samples(), Sight(AT, since=AT)) == ()
    over = unseen(ALL, Samples(), Sight(AT + BLIND_AFTER, since=AT))
    assert [each.figure for each in over] == ["replication_lag", "blocked_sessions", "oldest_transaction"]
    assert str(over[0]) == "replication lag cannot be seen: no figure yet (pane replication)"


def test_a_stale_figure_blinds_and_a_reconnect_gives_it_time_to_come_back() -> None:
    stale = AT + FRESH + 1
    assert figures(LAG, seen(), Sight(stale)) == ["replication_lag"]
    assert unseen(LAG, seen(), Sight(AT + BLIND_AFTER, since=0.0))
    assert unseen(LAG, seen(), Sight(AT + BLIND_AFTER, since=AT + BLIND_AFTER)) == ()
    assert unseen(LAG, seen(), Sight(AT + 2 * BLIND_AFTER, since=AT + BLIND_AFTER))


def test_what_the_role_may_not_see_is_over_at_once() -> None:
    over = unseen(LAG, seen(lag=HIDDEN), Sight(AT))
    assert [str(each) for each in over] == [
        "replication lag cannot be seen: this role may not see it (pane replication)"
    ]
    old = Guards(replication_lag=None, blocked_sessions=None, oldest_transaction=timedelta(minutes=1))
    hidden = Samples(queries=Reading(QueriesSample(oldest_transaction=HIDDEN), AT))
    assert [each.figure for each in unseen(old, hidden, Sight(AT))] == ["oldest_transaction"]


def test_a_guard_that_is_switched_off_needs_no_figure() -> None:
    off = Guards(replication_lag=None, blocked_sessions=None, oldest_transaction=None)
    assert blind(off, Samples(), Sight(AT)) == ()


def test_a_standby_that_streamed_and_went_is_missed_after_a_restart_of_the_console_too() -> None:
    known = looked(Standbys(), seen(standby("a"), standby("b")).replication, ())
    assert (known.expected, dict(known.gone)) == (("a", "b"), {})
    left = looked(known, seen(standby("b"), at=AT + 1).replication, ())
    assert dict(left.gone) == {"a": AT + 1}
    assert looked(left, seen(standby("b"), at=AT + 2).replication, ()).gone["a"] == AT + 1
    assert dict(looked(left, seen(standby("a"), standby("b"), at=AT + 3).replication, ()).gone) == {}
    new_console = looked(Standbys(), seen(standby("b")).replication, ("a", "b"))
    assert dict(new_console.gone) == {"a": AT}


def test_two_of_a_name_are_two_and_a_backup_is_none() -> None:
    two = looked(Standbys(), seen(standby("walreceiver"), standby("walreceiver")).replication, ())
    assert dict(looked(two, seen(standby("walreceiver"), at=AT + 1).replication, ()).gone) == {"walreceiver": AT + 1}
    passing = looked(Standbys(), seen(standby("pg_basebackup"), standby("x", "backup")).replication, ())
    assert passing.expected == ()
    assert looked(Standbys(), seen(standby("a", "")).replication, ()).expected == (), "hidden: nobody saw it stream"


def test_what_cannot_be_read_forgets_nobody() -> None:
    known = looked(Standbys(), seen(standby("a")).replication, ())
    unread = Reading(ReplicationSample(standbys=HIDDEN, worst_lag=HIDDEN), AT + 1)
    assert looked(known, unread, ()).expected == ("a",)
    assert dict(looked(known, unread, ()).gone) == {}


def test_a_missing_standby_blinds_the_guard_and_its_loss_alone_can_be_accepted() -> None:
    gone = Sight(AT, gone={"a": AT - 1})
    (found,) = blind(LAG, seen(standby("b")), gone)
    assert str(found) == "replication lag cannot be seen: a streamed and is gone"
    assert unseen(LAG, seen(), gone) == ()
    assert unseen(LAG, seen(), Sight(AT, gone={"a": AT - BLIND_AFTER}))
    let_go = (Blindness("replication_lag", ("a",), "", "on purpose", "ana"),)
    assert blind(LAG, seen(), Sight(AT, gone={"a": AT - 60}, accepted=let_go)) == ()
    assert figures(LAG, seen(), Sight(AT, gone={"a": AT - 60, "b": AT - 60}, accepted=let_go)) == ["replication_lag"]
    assert figures(LAG, seen(lag=HIDDEN), Sight(AT, accepted=let_go)) == ["replication_lag"], "another reason"


def test_what_is_accepted_is_the_figure_and_no_other() -> None:
    accepted = (Blindness("replication_lag", (), "", "no standby matters", "ana"),)
    assert figures(ALL, Samples(), Sight(AT, accepted=accepted)) == ["blocked_sessions", "oldest_transaction"]
    assert figures(LAG, seen(), Sight(AT, gone={"a": AT - 60}, accepted=accepted)) == ["replication_lag"]


def accept(**fields: Any) -> c.AcceptBlindness:
    return c.AcceptBlindness(**{"guard": "replication_lag", "reason": "told to", "confirmed_by": "blind", **fields})


def at_a_blind_guard(**fields: Any) -> RunView:
    (found,) = blind(LAG, seen(lag=HIDDEN), Sight(AT))
    return view_of(
        plan=TOUR,
        run=fold(),
        unseen_figures=(found,),
        breached_guards=unseen(LAG, seen(lag=HIDDEN), Sight(AT)),
        **fields,
    )


def test_a_step_does_not_start_without_its_guards_figure() -> None:
    refusal = decide(at_a_blind_guard(), c.RunStep(StepId("add"), step_digest(TOUR.step("add")), "y")).refusal
    assert refusal is not None
    assert "replication lag cannot be seen" in refusal
    assert "V accepts to go without" in refusal


def test_blindness_is_accepted_by_typing_it_with_a_reason_and_is_journaled() -> None:
    decision = decide(at_a_blind_guard(operator="ana"), accept())
    assert decision.refusal is None
    (event,) = [effect.event for effect in decision.effects if hasattr(effect, "event")]
    assert event == e.BlindnessAccepted(
        guard="replication_lag", unseen="this role may not see it", reason="told to", by="ana"
    )


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (accept(confirmed_by="y"), "type blind"),
        (accept(reason="  "), "needs a reason"),
        (accept(guard="wal_rate"), "nothing to accept"),
        (accept(about=("a",)), "not what was shown"),
    ],
)
def test_blindness_is_not_accepted_lightly(command: AcceptBlindness, says: str) -> None:
    assert says in str(decide(at_a_blind_guard(), command).refusal)


def test_an_observer_accepts_nothing() -> None:
    assert "looks on" in str(decide(at_a_blind_guard(console_role=ConsoleRole.OBSERVER), accept()).refusal)


def test_what_was_accepted_and_who_streamed_is_part_of_the_run() -> None:
    accepted = e.BlindnessAccepted(guard="replication_lag", about=("a",), reason="r", by="ana")
    state = fold(opened(TOUR), e.StandbysSeen(names=("a", "b")), accepted)
    assert state.standbys == ("a", "b")
    assert [(each.figure, each.about, each.by) for each in state.blindness] == [("replication_lag", ("a",), "ana")]
