"""What a console knows the journal of its run to hold: the fold of it, and every event it has seen there. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import reduce

from zdtui.run.journal.chain import Link, compare
from zdtui.run.journal.damage import Damage, both
from zdtui.run.journal.stored_events import Beginning, Held, Position, Stretch, end_of
from zdtui.run.journal.unwritten import Reconciled, Unwritten, reconcile
from zdtui.run.model.events import RunOpened
from zdtui.run.model.state import RunState, apply


@dataclass
class Ledger:
    """Replaced by what is read, never added to from memory."""

    journaled: RunState = field(default_factory=RunState)
    """The fold of what the journal holds."""
    baseline: RunState = field(default_factory=RunState)
    """The same when it was whole last: what happened since happened to this."""
    links: list[Link] = field(default_factory=list)
    """What we have seen in it."""
    position: Position = field(default_factory=Position)
    """Where the next event goes."""
    damage: Damage | None = None
    held: Held | None = None
    """As it was read last."""
    read: RunState = field(default_factory=RunState)
    """The fold of that."""
    server: str = ""
    """What is known to have changed of the server, to be said with what is lost."""

    def reread(self, held: Held, unwritten: Iterable[Unwritten]) -> Reconciled:
        """Take what was read as the truth, unless something we have seen is not in it: then it is damaged.

        What becomes of the events that wait is decided only where it is whole.
        """
        damage = both(compare(self.links, held.chain.links), held.chain.damage)
        self.damage = replace(damage, server=self.server) if damage is not None else None
        there = reduce(apply, held.events[held.same :], self.read) if self._begins_as_before(held) else None
        there = reduce(apply, held.events, RunState()) if there is None else there
        found = reconcile(self.baseline, [each.sequence for each in self.links], held.events, unwritten, there)
        self.held, self.read, self.journaled = held, there, there
        if self.damage is None:
            self.baseline = self.journaled
            self.links, self.position = list(held.chain.links), end_of(held)
        return found

    def _begins_as_before(self, held: Held) -> bool:
        """Whether it was compared with what was read last, and that is unchanged: its fold goes on from there."""
        before = () if self.held is None else self.held.events
        return 0 < held.same == len(before) and held.events[held.same - 1] is before[-1]

    def written(self, new: Stretch) -> None:
        """These were written after what was known."""
        self.journaled = self.baseline = reduce(apply, new.recorded, self.journaled)
        self.links += new.links
        self.position = new.end

    def forget_links(self) -> None:
        """An operator took the journal on as the server holds it: what was seen before counts no more."""
        self.links, self.damage = [], None

    def beginning(self, first: Unwritten) -> Beginning | None:
        """What the head says of a run that begins, or of one from before there were heads; None where it has one."""
        if self.position.begun:
            return None
        if isinstance(first.event, RunOpened):
            return Beginning(first.event.plan_name, first.at)
        opened = self.journaled.opened
        return Beginning(opened.plan_name if opened else "", self.journaled.opened_at or first.at)

    def taken_on(self, plan_name: str, now: datetime) -> tuple[Position, Beginning]:
        """Where the journal goes on when it is taken on as it was read last; numbers are never given twice."""
        assert self.held is not None
        head, events = self.held.head, self.held.events
        newest = max(head.sequence if head else 0, events[-1].sequence if events else 0)
        opened = self.journaled.opened_at or now
        return Position(newest, self.held.chain.digest), Beginning(plan_name, opened, head)
