"""What is shown of a row that was opened, and that C and K from there ask their own question."""

from dataclasses import replace
from datetime import timedelta

import pytest

from screens.dialogs.details import DetailsDialog, details_sheet
from screens.dialogs.frame.base import Dialog
from screens.dialogs.frame.now import Now
from screens.dialogs.signal import ConfirmSignal
from screens.views.opened import NOTHING, subject_of
from tests.console.dialogs.stage import ScriptedEngine, Stage, opened, screen_text, until
from tests.console.scenes import LIVE, NOW, REPORT, WALL, backend, backfilling, run_of, samples, snapshot_of
from tests.unit.run.plans import START
from zdtui.postgres.sessions.identity import BackendKey
from zdtui.run.decisions.snapshot import Snapshot
from zdtui.run.model.activity import Locking
from zdtui.run.model.commands import LookAt, SignalBackend
from zdtui.watch.details import (
    BackendDetails,
    Details,
    Figures,
    Gone,
    Looked,
    OfBackend,
    OfPrepared,
    OfSlot,
    Other,
    OwnLock,
    PreparedDetails,
    SlotDetails,
)
from zdtui.watch.samples import Backend, LockNode, Standby

KEY = BackendKey(25456, START)
SUBJECT = OfBackend(25456, START)
BILLING = replace(
    backend(25456, "billing-worker", state="idle in transaction", query="update orders set note = 'billed'"),
    key=KEY,
    user="app",
    database="mystore",
    client_address="10.0.4.9",
    client_port=51022,
    transaction_age=timedelta(seconds=14),
    state_age=timedelta(seconds=11),
    xmin_age=14,
    has_written=True,
)
KNOWN = BackendDetails(
    backend=BILLING,
    backend_age=timedelta(hours=3),
    query_is_cut=False,
    locks=(
        OwnLock("ROW EXCLUSIVE", "public.orders", True),
        OwnLock("ROW EXCLUSIVE", "public.orders_pkey", True),
        OwnLock("ACCESS SHARE", "public.users", True),
    ),
    locks_in_all=3,
    behind=(Other(5120, "zdtui split", "ACCESS EXCLUSIVE on public.orders"),),
)
NOW_ = Now(NOW, WALL)


def looking(known: Details | None, error: str = "", subject: OfBackend | OfSlot | OfPrepared = SUBJECT) -> Snapshot:
    """The console while that is known of the subject."""
    return snapshot_of(LIVE, run_of(LIVE), looked=Looked(subject, known, NOW - 0.5, error))


def facts_of(snapshot: Snapshot, before: Details | None = None) -> dict[str, str]:
    """The facts that are shown, by their labels."""
    looked = snapshot.looked
    assert looked is not None
    return {each.label: each.text for each in details_sheet(snapshot, looked.subject, before, NOW_).facts}


def test_a_backend_is_told_from_who_it_is_to_whose_way_it_is_in() -> None:
    facts = facts_of(looking(KNOWN))
    assert facts["who"] == "app@mystore from 10.0.4.9:51022, since 2026-11-20 03:00:00 UTC (3h00m)"
    assert facts["doing"] == ("idle in transaction for 11 s, transaction 14 s, its snapshot is 14 transactions old")
    assert facts["wrote"].startswith("yes")
    assert facts["holds"] == "ROW EXCLUSIVE public.orders, public.orders_pkey; ACCESS SHARE public.users"
    assert facts["in way"] == "of 5120 zdtui split (ACCESS EXCLUSIVE on public.orders)"
    assert facts["keys"] == "C cancels nothing here (idle); K ends its session; both ask first"


def test_what_waits_says_for_what_and_for_whom_and_what_a_leader_leads() -> None:
    waits = replace(
        KNOWN,
        backend=replace(BILLING, state="active", wait_event_type="Lock", wait_event="relation", has_written=False),
        locks=(OwnLock("SHARE", "public.orders", False),),
        kept_by=(Other(0, ""), Other(7, "report")),
        behind=(),
        worker_pids=(8, 9),
    )
    facts = facts_of(looking(waits))
    assert "waits for Lock: relation" in facts["doing"]
    idle = replace(KNOWN, backend=replace(BILLING, wait_event_type="Client", wait_event="ClientRead"))
    assert "waits for its client" in facts_of(looking(idle))["doing"]
    assert facts["wants"] == "SHARE public.orders"
    assert facts["waits"] == "for a prepared transaction, 7 report"
    assert facts["in way"] == "of nobody"
    assert facts["wrote"].startswith("nothing in this transaction")
    assert facts["leads"] == "2 parallel workers, 8, 9: they end with its statement"


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        (replace(BILLING, backend_type="walsender"), "walsender"),
        (replace(BILLING, ours=True), "our own"),
        (replace(BILLING, backend_type="parallel worker", leader_pid=4711), "worker of 4711"),
    ],
)
def test_what_may_not_be_signalled_says_why_and_a_worker_names_its_leader(kind: Backend, why: str) -> None:
    seen = looking(replace(KNOWN, backend=kind))
    assert why in facts_of(seen)["C, K"]
    assert [key.key for key in details_sheet(seen, SUBJECT, None, NOW_).keys] == ["y"], "no key that does nothing"


def test_only_the_backend_itself_is_in_the_way_of_our_step() -> None:
    prepared = LockNode(replace(BILLING, key=BackendKey(0, START)), "ROW EXCLUSIVE", "public.orders", None)
    locking = Locking(("ACCESS EXCLUSIVE on public.orders",), since=NOW, patience=600.0, holders=(prepared,))
    activity = backfilling(LIVE).activity
    assert activity is not None
    gone = replace(looking(Gone()), activity=replace(activity, locking=locking))
    assert facts_of(gone, before=replace(KNOWN, behind=()))["in way"] == "of nobody"
    holder = replace(locking, holders=(replace(prepared, backend=BILLING),))
    there = replace(looking(KNOWN), activity=replace(activity, locking=holder))
    assert facts_of(there)["in way"].startswith("of our step")


def test_who_is_hidden_or_gone_or_cannot_be_asked_is_said() -> None:
    hidden = facts_of(looking(replace(KNOWN, backend=replace(BILLING, hidden=True))))
    assert "grant pg_monitor" in hidden["careful"]
    assert "who" not in hidden
    gone = facts_of(looking(Gone()), before=KNOWN)
    assert "not there any more" in gone["gone"]
    assert "app@mystore" in gone["who"], "how it was last seen stays to be read"
    assert not any(key.key in "CK" for key in details_sheet(looking(Gone()), SUBJECT, KNOWN, NOW_).keys)
    assert "took longer" in facts_of(looking(KNOWN, "the server took longer than 2 s to answer"))["careful"]
    assert facts_of(looking(None)) == {"": "asking the server ..."}


def test_a_slot_and_a_prepared_transaction_and_figures_are_told_by_the_view_s_names() -> None:
    figures = Figures("pg_replication_slots", (("slot_name", "cdc"), ("wal_status", "reserved")))
    slot = details_sheet(looking(SlotDetails(figures, None), subject=OfSlot("cdc")), OfSlot("cdc"), None, NOW_)
    assert slot.title == "replication slot cdc"
    assert "wal_status" in slot.pages[0].text
    prepared = PreparedDetails("left", "745", "app", "shop", START, timedelta(hours=2), KNOWN.locks)
    facts = facts_of(looking(prepared, subject=OfPrepared("left")))
    assert "ROLLBACK PREPARED 'left'" in facts["to end"]
    assert facts["holds"].startswith("ROW EXCLUSIVE")


def test_every_kind_of_row_is_opened_or_says_why_not() -> None:
    snapshot = snapshot_of(LIVE, run_of(LIVE))
    assert subject_of(snapshot, REPORT.key) == OfBackend(REPORT.key.pid, REPORT.key.backend_start)
    assert subject_of(snapshot, ("command", 5120, "VACUUM")) == OfBackend(5120, reports_progress=True)
    assert subject_of(snapshot, ("slot", "cdc")) == OfSlot("cdc")
    assert "no session of this server" in str(subject_of(snapshot, ("standby", "standby-a")))
    seen = samples()
    sample = seen.replication.sample
    assert sample is not None
    served = Standby("a", "10.0.0.2", "streaming", "async", None, None, None, 0, pid=77)
    seen = replace(seen, replication=replace(seen.replication, sample=replace(sample, standbys=(served,))))
    assert subject_of(replace(snapshot, samples=seen), ("standby", "a")) == OfBackend(77)
    assert subject_of(snapshot, ("gone", "b")) == "b is gone: there is nothing to look at"
    assert subject_of(snapshot, None) == NOTHING


async def test_it_is_asked_for_while_it_is_open_and_k_asks_its_own_question_with_the_address() -> None:
    engine = ScriptedEngine(looking(KNOWN))
    app = Stage(engine, lambda: DetailsDialog(engine, SUBJECT))
    async with app.run_test(size=(120, 35)) as pilot:
        await opened(pilot)
        assert engine.submitted == [LookAt(SUBJECT)]
        assert "app@mystore from 10.0.4.9:51022" in screen_text(app)
        await pilot.press("K")
        await until(pilot, lambda: isinstance(app.screen, ConfirmSignal) and app.screen.answering, "K asks")
        assert "from 10.0.4.9:51022" in screen_text(app)
        assert "no pane shows it" not in screen_text(app), "the details do"
        await pilot.press(*"25456", "enter")
        await until(pilot, lambda: len(engine.submitted) == 2, "the answer is sent")
        sent = engine.submitted[1]
        assert isinstance(sent, SignalBackend)
        assert (sent.action, sent.backend) == ("terminate", KEY)
        await until(pilot, lambda: isinstance(app.screen, DetailsDialog), "the details are there again")
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, Dialog), "closed")
        await until(pilot, lambda: engine.submitted[-1] == LookAt(None), "nobody looks any more")
