"""Preflight checks: how do things stand around us: standbys, slots, transactions, vacuum, the archive? Pure."""

from datetime import timedelta

from zdtui.postgres.preflight import ArchiverFacts, OnTable, SessionFacts, SlotFacts, StandbyFacts
from zdtui.run.judging import Judge, Situation, ago, judged, judged_if_seen, ok, several, size, warn
from zdtui.run.preflight import Check

OLD_TRANSACTION = timedelta(seconds=60)
"""Older than this is worth a word when the plan sets no guard."""


def standbys_streaming(at: Situation) -> Check:
    """Every standby that is connected streams, and is not late already."""
    name, limit = "standbys streaming", at.plan.guards.replication_lag

    def look(standbys: tuple[StandbyFacts, ...]) -> Check:
        if not standbys:
            return ok(name, "no standby is connected")
        if any(not standby.state for standby in standbys):
            return warn(name, "this role may not see how the standbys do", "grant pg_monitor")
        wrong = [f"{standby.name} is in state {standby.state}" for standby in standbys if standby.state != "streaming"]
        wrong += [
            f"{standby.name} is {ago(standby.replay_lag)} behind"
            for standby in standbys
            if limit is not None and standby.replay_lag is not None and standby.replay_lag > limit
        ]
        if wrong:
            return warn(name, several(wrong), "wait until they have caught up")
        return ok(name, several(f"{standby.name} streams" for standby in standbys))

    return judged(name, at.facts.standbys, look)


def slots_active(at: Situation) -> Check:
    """No slot hoards WAL for somebody who is not there."""
    name = "replication slots"

    def look(slots: tuple[SlotFacts, ...]) -> Check:
        wrong = [
            f"{slot.name} is {slot.wal_status if slot.active else 'inactive'}, retains {size(slot.retained_bytes)}"
            for slot in slots
            if not slot.active or slot.wal_status in ("unreserved", "lost")
        ]
        if wrong:
            return warn(name, several(wrong), "every byte we write stays on disk until the slot moves or is dropped")
        return ok(name, f"all {len(slots)} are active" if slots else "there are none")

    return judged(name, at.facts.slots, look)


def prepared_transactions(at: Situation) -> Check:
    """Nobody forgot a prepared transaction: it keeps its locks for ever."""
    name = "prepared transactions"

    def look(prepared: tuple[SessionFacts, ...]) -> Check:
        if prepared:
            return warn(
                name,
                several(f"{each.who} {each.state}, {ago(each.age)} old" for each in prepared),
                "COMMIT PREPARED or ROLLBACK PREPARED them: they hold locks and keep vacuum back",
            )
        return ok(name, "there are none")

    return judged(name, at.facts.prepared, look)


def oldest_transaction(at: Situation) -> Check:
    """No old transaction that DDL, a CONCURRENTLY build or vacuum would have to outwait."""
    name, limit = "oldest transaction", at.plan.guards.oldest_transaction or OLD_TRANSACTION

    def look(oldest: tuple[SessionFacts, ...]) -> Check:
        if not oldest:
            return ok(name, "none is open")
        session = oldest[0]
        said = f"{session.who} {session.state}, {ago(session.age)} old"
        if session.age is not None and session.age > limit:
            return warn(name, said, "wait for it, or end it from the queries pane")
        return ok(name, said)

    return judged_if_seen(at, name, at.facts.oldest, look)


def wraparound_vacuum(at: Situation) -> Check:
    """No autovacuum that will not give way works on the plan's tables."""
    name = "autovacuum"

    def look(vacuums: tuple[OnTable, ...]) -> Check:
        if vacuums:
            return warn(
                name,
                f"to prevent wraparound, at work on {several(f'{each.table} (pid {each.name})' for each in vacuums)}",
                "wait for it: it does not give way to a lock request, and should not be cancelled",
            )
        return ok(name, "none to prevent wraparound on the plan's tables")

    return judged_if_seen(at, name, at.facts.wraparound, look)


def archiver_works(at: Situation) -> Check:
    """WAL gets out: else the disk fills while a backfill writes."""
    name = "WAL archive"

    def look(archiver: ArchiverFacts) -> Check:
        if not archiver.archiving:
            return ok(name, "archiving is off")
        if archiver.failing:
            return warn(
                name,
                f"archiving {archiver.wal} failed {ago(archiver.ago)} ago",
                "repair archive_command first: WAL piles up until it works",
            )
        return ok(name, "archiving works")

    return judged(name, at.facts.archiver, look)


CHECKS: tuple[Judge, ...] = (
    standbys_streaming,
    slots_active,
    prepared_transactions,
    oldest_transaction,
    wraparound_vacuum,
    archiver_works,
)
