"""Preflight checks: how do things stand around us: standbys, slots, transactions, vacuum, the archive? Pure."""

from datetime import timedelta

from zdtui.postgres.preflight import ArchiverFacts, OnTable, Row, SessionFacts, SlotFacts
from zdtui.run.preflight.board import Check
from zdtui.run.preflight.judge import Judge, PreflightInput, ago, judged, judged_if_seen, ok, several, size, stop, warn
from zdtui.usage.counters import not_counted, standing_of

OLD_TRANSACTION = timedelta(seconds=60)
"""Older than this is worth a word when the plan sets no guard."""


def standbys_streaming(at: PreflightInput) -> Check:
    """Every standby and reader that is connected streams, and is not late already; a guard on their lag can see it."""
    name, limit = "standbys streaming", at.plan.guards.replication_lag
    unseen = _unseen_lag(at)
    if unseen is not None:
        why, advice = unseen
        if limit is None:
            return warn(name, f"not known: {why}", advice)
        accepted = next(
            (each for each in at.run.blindness if each.figure == "replication_lag" and not each.about), None
        )
        if accepted is not None:
            return warn(name, f"not known: {why}; {accepted.by} accepted to go without: {accepted.reason}", advice)
        return stop(
            name,
            f"the guard replication_lag is blind: {why}",
            f"{advice}, set guards.replication_lag to off, or accept it for this run: V, typed",
        )
    standbys, readers = at.facts.standbys.value or (), at.facts.readers.value or ()
    if not standbys and not readers:
        return ok(name, "no standby is connected")
    lags = [*((each.name, each.replay_lag) for each in standbys), *((each.name, each.lag) for each in readers)]
    wrong = [f"{standby.name} is in state {standby.state}" for standby in standbys if standby.state != "streaming"]
    wrong += [f"{who} is {ago(lag)} behind" for who, lag in lags if limit is not None and lag and lag > limit]
    if wrong:
        return warn(name, several(wrong), "wait until they have caught up")
    streams = [*(f"{each.name} streams" for each in standbys), *(f"{each.name} reads" for each in readers)]
    return ok(name, several(streams))


def _unseen_lag(at: PreflightInput) -> tuple[str, str] | None:
    """Why nobody knows how far the standbys are behind, and what would help; None when it can be seen."""
    grant = f"GRANT pg_monitor TO {at.facts.role.value.role}" if at.facts.role.value else "grant pg_monitor"
    standbys, readers = at.facts.standbys, at.facts.readers
    if readers.error is not None:
        return readers.error, "have EXECUTE on the service's functions granted"
    if any(each.lag is None for each in readers.value or ()):
        return "the service does not tell the lag of every reader", "look for yourself"
    if standbys.value is None:
        return standbys.error or "the server said nothing", grant
    if any(not standby.state for standby in standbys.value):
        return "this role may not see how the standbys do", grant
    return None


def slots_active(at: PreflightInput) -> Check:
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


def prepared_transactions(at: PreflightInput) -> Check:
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


def oldest_transaction(at: PreflightInput) -> Check:
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


def wraparound_vacuum(at: PreflightInput) -> Check:
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


def archiver_works(at: PreflightInput) -> Check:
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
        if not archiver.worked:
            return warn(
                name,
                "not known: archiving is on, and no file was archived since the statistics were reset",
                "see that a file arrives (SELECT pg_switch_wal()) before a backfill writes many",
            )
        return ok(name, "archiving works")

    return judged(name, at.facts.archiver, look)


def statements_counted(at: PreflightInput) -> Check | None:
    """Where a step of the plan is to prove that nothing uses a column, the server counts what is sent."""
    name, proofs = "counted statements", [each.id for each in at.plan.steps if each.action.proves_unused is not None]
    if not proofs:
        return None

    def look(row: Row) -> Check:
        if blind := tuple(not_counted(standing_of(row))):
            return warn(name, "; ".join(blind), f"{several(proofs)} will be held until then")
        return ok(name, "pg_stat_statements counts them, and shows all of them to us")

    return judged(name, at.facts.counting, look)


CHECKS: tuple[Judge, ...] = (
    statements_counted,
    standbys_streaming,
    slots_active,
    prepared_transactions,
    oldest_transaction,
    wraparound_vacuum,
    archiver_works,
)
