"""Taking the locks of a step up front: looks, asks the policy, and carries its move out. It decides nothing itself.

Nothing is held and no transaction is open between two moves; a move is made inside the transaction that is to do the
work, which is rolled back at once when the locks were not to be had.
"""

import time
from dataclasses import dataclass, replace

from zdtui.amounts import took
from zdtui.postgres.sessions.authors import authors_path
from zdtui.postgres.sessions.deadline import Deadline
from zdtui.postgres.table_locks.holders import find_holders
from zdtui.postgres.table_locks.lock_facts import Holder, Target
from zdtui.postgres.table_locks.take_locks import in_the_queue, take, when_free
from zdtui.run.execute.leftovers import Before, look_before
from zdtui.run.execute.timeouts import Timeouts
from zdtui.run.execute.work import Work
from zdtui.run.locks.holder_history import WaitHistory, in_the_way, look
from zdtui.run.locks.holders import holder_nodes
from zdtui.run.locks.lock_set import lock_set
from zdtui.run.locks.policy import GiveUp, Move, Terms, WaitInQueue, WaitOutsideQueue, next_move, old_after
from zdtui.run.locks.retry import pause_before
from zdtui.run.model import events as e
from zdtui.run.model.activity import Doing, Locking
from zdtui.run.model.outcome import Held
from zdtui.sql.statement import Statement

NEXT_LOCK = 0.4
"""Seconds at most in the queue for one lock while another is held: deadlock_timeout is 1 s unless somebody set it."""
TRIPS = 12
"""A wait on the server lasts at least so many trips to it and back, so that it is there and looks most of the time,
however far away the console is."""
LONGEST_WAIT = 1.0
"""Seconds of one wait on the server: a pause is heard no later than after it."""
LATE = 0.25
"""Seconds over its time after which a move is ended by us."""
OVERDUE = ", which we ended: the server did not"
LOOK_AGAIN = 1.0
"""Seconds of waiting after which the relations to lock are looked up anew: a partition or a key may have come."""
NAMED = 3
"""How many of those in the way are named in a sentence."""


@dataclass
class LockAcquisition:
    """The locks of one transaction, over as many attempts as it takes."""

    work: Work
    statements: tuple[Statement, ...]
    targets: tuple[Target, ...]
    found_at: float
    """time.monotonic() at which the targets were looked up."""
    seen: WaitHistory
    holders: tuple[Holder, ...] = ()
    failed: int = 0
    """Attempts that were let go of: in the queue, or because a statement met a lock that could not be had up front."""
    not_before: float = 0.0
    """time.monotonic() until which the queue rests."""
    trip: float = 0.0
    """Seconds of the last question to the server and back."""
    looked: bool = False
    announced: bool = False
    before: tuple[Before, ...] = ()
    """What was there before each of its statements."""
    overdue: bool = False
    """The server did not end the last move in its time: we did."""

    @property
    def needed(self) -> bool:
        """Whether there is anything to lock."""
        return bool(self.targets)

    @property
    def seconds(self) -> float:
        """Since the locks were first wanted."""
        return time.monotonic() - self.seen.since

    async def next_move(self) -> Move:
        """What to do next; outside a transaction. The first is a try without a question. Raises psycopg.Error."""
        if not self.looked:
            self.looked = True
            return WaitOutsideQueue(0.0)
        if time.monotonic() - self.found_at >= LOOK_AGAIN:
            await self.find_targets()
        asked = time.monotonic()
        self.holders = await find_holders(self.work.connection, self.targets, sorted(self.work.host.own_pids))
        self.trip = time.monotonic() - asked
        now, terms = time.monotonic(), self._terms()
        present = in_the_way(self.seen, self.holders, now)
        self.seen = look(self.seen, present, old_after(self.seen, terms.ceiling), now)
        move = next_move(self.seen, present, terms, self.failed, self.not_before, now)
        self._announce()
        self._show(move)
        return move

    async def find_targets(self) -> None:
        """Look up anew what is to be locked; outside a transaction. Raises psycopg.Error."""
        self.targets = await lock_set(self.work.connection, self.statements)
        self.found_at = time.monotonic()

    async def carry_out(self, move: WaitOutsideQueue | WaitInQueue, limits: Timeouts) -> bool:
        """Inside the transaction: True when every lock is held; `limits` and the author's path are then in force.

        Raises psycopg.Error.
        """
        connection, settings = self.work.connection, limits.settings()
        if isinstance(move, WaitInQueue):
            self.work.show(Doing.QUEUEING, statement_since=time.monotonic())
            text = in_the_queue(self.targets, move.seconds, NEXT_LOCK)
            late = move.seconds + 2 * self.trip + LATE
        else:
            seconds = max(move.seconds, min(LONGEST_WAIT, TRIPS * self.trip))
            text, late = when_free(self.targets, seconds), seconds + 2 * self.trip + LATE
        taken = False
        async with Deadline(connection, late) as deadline:
            taken = await take(connection, text, settings, [authors_path(connection)])
        self.overdue = deadline.passed
        return taken and not deadline.passed

    def let_go(self, move: WaitInQueue, waited: float) -> None:
        """The queue was left without the locks: journal it, and let it rest."""
        self.failed += 1
        pause = pause_before(self.failed + 1, self.work.host.random.random())
        self.not_before = time.monotonic() + pause
        cost = self.work.cost_of_this_try()
        self.work.recorder.note(
            e.AttemptFailed(
                step=self.work.step.id,
                try_number=self.failed,
                sqlstate="55P03",
                message=f"no lock within {took(move.seconds)} in the queue{OVERDUE if self.overdue else ''}",
                waited=waited,
                retry_in=pause,
                blockers=self.named(),
                victims=cost.victims,
                victim_seconds=cost.seconds,
            )
        )

    def held(self, move: GiveUp) -> Held:
        """What a person is told when the policy gives up."""
        named = self.named()
        by = f", held up by {', '.join(named)}" if named else ""
        return Held(e.HoldKind.LOCK, f"{move.why}{by}; nothing of the step remains")

    def named(self) -> tuple[str, ...]:
        """The sessions in the way, the oldest first, a few of them."""
        return tuple(dict.fromkeys(str(holder) for holder in self.holders))[:NAMED]

    def done(self) -> None:
        """All is locked: what was shown of the wait is over."""
        self.work.show(Doing.SENDING, locking=None)

    def _terms(self) -> Terms:
        limits = self.work.step.limits
        return Terms(
            ceiling=self.work.host.queue_ceiling(self.work.step).total_seconds(),
            patience=limits.lock_patience.total_seconds(),
            tries=1 + limits.retries,
        )

    def _announce(self) -> None:
        """Journal once that locks are waited for, and for whom."""
        if self.announced or not self.holders:
            return
        self.announced = True
        relations = tuple(str(target) for target in self.targets)
        self.work.recorder.note(e.LockAwaited(step=self.work.step.id, relations=relations, blockers=self.named()))

    def _show(self, move: Move) -> None:
        shown = Locking(
            relations=tuple(str(target) for target in self.targets),
            since=self.seen.since,
            patience=self._terms().patience,
            holders=holder_nodes(self.holders),
            why=move.why if isinstance(move, WaitOutsideQueue) else "",
            queued=self.failed,
        )
        self.work.show(Doing.LOOKING, locking=shown, try_number=self.failed + 1, statement_since=None)


async def prepare(work: Work, statements: tuple[Statement, ...]) -> LockAcquisition:
    """What these statements need locked. Raises psycopg.Error."""
    taking = LockAcquisition(work, statements, (), 0.0, WaitHistory(since=time.monotonic()))
    await taking.find_targets()
    taking.before = tuple([await look_before(work.connection, statement) for statement in statements])
    taking.seen = WaitHistory(since=time.monotonic())
    return taking


async def again(taking: LockAcquisition) -> None:
    """A fresh look at a wait that begins anew after an attempt failed inside its statements. Raises psycopg.Error.

    What the statement met may be new: a partition that came after the look is locked up front from now on.
    """
    await taking.find_targets()
    taking.seen = replace(taking.seen, since=time.monotonic(), only_young_since=None)
    taking.looked = False
