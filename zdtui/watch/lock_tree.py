"""The lock tree: who blocks whom. Pure; every waiting session is drawn once, every blocker at least once.

A session is hung under one that *holds* what it wants (the oldest transaction among several); only when nobody holds
it, under the one it queues behind. A blocker that would so be left out gets its first victim once more, as a leaf.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from zdtui.watch.lock_queues import Lock, Member, Queue
from zdtui.watch.samples import Backend, LockNode, LocksSample

ZERO = timedelta(0)
DEEPEST = 60
"""Levels drawn under one root; what hangs deeper begins again at the left, as a waiting root."""


@dataclass(frozen=True, slots=True)
class Edge:
    """`wanted` waits for `kept_by`."""

    wanted: Lock
    kept_by: Lock


@dataclass(slots=True)
class Waits:
    """Who waits for what, and the edges that matter."""

    backends: Mapping[Member, Backend]
    waited: Mapping[Member, timedelta]
    parent: dict[Member, Edge] = field(default_factory=dict)
    """Where each waiting session hangs."""
    blockers: dict[Member, Edge] = field(default_factory=dict)
    """For each session that keeps others: one edge to its longest waiting victim."""

    def age(self, member: Member) -> timedelta:
        """Age of the session's transaction."""
        known = self.backends.get(member)
        return (known.transaction_age if known is not None else None) or ZERO


def locks_sample(
    found: Collection[Queue],
    backends: Mapping[Member, Backend],
    waited: Mapping[Member, timedelta],
    rows_of: Mapping[Member, str],
) -> LocksSample:
    """The sample. `backends` holds every member; `rows_of`: the row that a session waiting for a transaction wants."""
    waits = _waits(found, backends, waited)
    victims = _behind(found, {member for member, known in backends.items() if known.ours})
    return LocksSample(
        roots=_Drawing(waits, rows_of).roots(),
        waiting=len(waits.parent),
        longest_wait=max((waited.get(member, ZERO) for member in waits.parent), default=ZERO),
        waiting_behind_us=len(victims),
        victims_lost=sum((waited.get(member, ZERO) for member in victims), ZERO),
    )


def _waits(found: Iterable[Queue], backends: Mapping[Member, Backend], waited: Mapping[Member, timedelta]) -> Waits:
    waits = Waits(backends, waited)
    for queue in found:
        for wanted in queue.wanted:
            kept_by = queue.holders(wanted) or queue.ahead(wanted)[:1]
            edges = [Edge(wanted, lock) for lock in kept_by if lock.member in backends]
            if edges:
                waits.parent.setdefault(wanted.member, max(edges, key=lambda edge: waits.age(edge.kept_by.member)))
            for edge in edges:
                _keep_stronger(waits.blockers, edge)
    return waits


def _keep_stronger(blockers: dict[Member, Edge], edge: Edge) -> None:
    """Of the edges from one blocker to its first victim, the one whose lock is the strongest."""
    known = blockers.get(edge.kept_by.member)
    if known is None or (known.wanted is edge.wanted and edge.kept_by.mode.strength > known.kept_by.mode.strength):
        blockers[edge.kept_by.member] = edge


def _behind(found: Collection[Queue], ours: Collection[Member]) -> set[Member]:
    """The sessions that wait, directly or through others, behind one of ours; ours themselves do not count."""
    places: dict[Member, list[tuple[Queue, Lock]]] = defaultdict(list)
    for queue in found:
        for lock in (*queue.held, *queue.wanted):
            places[lock.member].append((queue, lock))
    reached, to_visit = set(ours), list(ours)
    while to_visit:
        for queue, lock in places[to_visit.pop()]:
            for victim in _victims(queue, lock, reached):
                reached.add(victim)
                to_visit.append(victim)
    return reached - set(ours)


def _victims(queue: Queue, lock: Lock, known: Collection[Member]) -> list[Member]:
    later = queue.wanted if lock.granted else queue.wanted[queue.wanted.index(lock) + 1 :]
    return [each.member for each in later if each.member not in known and lock.mode.conflicts_with(each.mode)]


@dataclass(slots=True)
class _Drawing:
    """Builds the nodes, each waiting session once, so that a cycle ends where it began."""

    waits: Waits
    rows_of: Mapping[Member, str]
    children: dict[Member, list[Member]] = field(default_factory=lambda: defaultdict(list))
    drawn: set[Member] = field(default_factory=set)

    def roots(self) -> tuple[LockNode, ...]:
        for member, edge in self.waits.parent.items():
            self.children[edge.kept_by.member].append(member)
        free = [member for member in self.waits.blockers if member not in self.waits.parent]
        found = [self._root(member) for member in sorted(free, key=self._by_age)]
        for member in sorted(self.waits.parent, key=self._by_wait):
            if member not in self.drawn:
                found.append(self._waiting(member, 0))
        return tuple(found)

    def _root(self, member: Member) -> LockNode:
        edge = self.waits.blockers[member]
        children = self._below(member, 0)
        if not children:
            children = (self._node(edge, ()),)
        return LockNode(
            backend=self.waits.backends[member],
            mode=str(edge.kept_by.mode),
            relation=edge.kept_by.what,
            waiting=None,
            children=children,
        )

    def _waiting(self, member: Member, depth: int) -> LockNode:
        edge = self.waits.parent[member]
        self.drawn.add(member)
        return self._node(edge, self._below(member, depth + 1))

    def _below(self, member: Member, depth: int) -> tuple[LockNode, ...]:
        if depth > DEEPEST:
            return ()
        mine = sorted(self.children[member], key=self._by_wait)
        return tuple(self._waiting(child, depth) for child in mine if child not in self.drawn)

    def _node(self, edge: Edge, children: tuple[LockNode, ...]) -> LockNode:
        member = edge.wanted.member
        row = self.rows_of.get(member)
        what = f"{edge.wanted.what} ({row})" if row and edge.wanted.thing[0] == "transactionid" else edge.wanted.what
        return LockNode(
            backend=self.waits.backends[member],
            mode=str(edge.wanted.mode),
            relation=what,
            waiting=self.waits.waited.get(member, ZERO),
            children=children,
        )

    def _by_age(self, member: Member) -> tuple[timedelta, int]:
        return (-self.waits.age(member), member)

    def _by_wait(self, member: Member) -> tuple[timedelta, int]:
        return (-self.waits.waited.get(member, ZERO), member)
