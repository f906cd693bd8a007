"""From operations to effects: which locks on which relations, what is rewritten and scanned. Pure; never raises.

An ALTER TABLE takes the strongest lock of its actions at once. What the text does not show and the schema does not know
is taken at its worst, and said.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace

from zdtui.sql.effects import Effects, Lock, Unnamed
from zdtui.sql.facts import FACTS
from zdtui.sql.facts.conditions import moves_in_bytes, type_doubt, zone_decides
from zdtui.sql.facts.fact import Case, Fact
from zdtui.sql.facts.reach import (
    cascaded_tables,
    has_rows,
    indexes_of_cascaded,
    indexes_with_rows,
    with_rows,
)
from zdtui.sql.facts.scans import attach_doubt
from zdtui.sql.lock_modes import LockMode
from zdtui.sql.operation import UNKNOWN, Operation
from zdtui.sql.schema.relations import Schema
from zdtui.sql.text.name import Name
from zdtui.sql.transactions import NEWEST, transactional

OPAQUE_DOUBT = "it calls code that the text does not show, which may lock and change anything"
UNSEEN_DOUBT = "the table is not known here: its indexes, partitions and foreign keys are not counted"
BOUND_DOUBT = "where a valid CHECK of the partition proves its bound nothing of it is read; that is not known here"
ZONE_DOUBT = "where the session's TimeZone is UTC its rows stay as they are; that is not known here"
UNOBSERVED_DOUBT = "this is told by PostgreSQL's documentation alone: no server was observed doing it yet"

NO_FACT = Fact()
"""Of a kind that locks nothing by itself."""


def effects(operations: tuple[Operation, ...], schema: Schema, version: int = NEWEST) -> Effects:
    """What the operations of one statement do on a server of that major version, before the schema follows them."""
    cases = [Case(operation, schema, version) for operation in operations]
    facts = [FACTS.get(operation.kind, NO_FACT) for operation in operations]
    locks: dict[Name, Lock] = {}
    rewrites: dict[Name, None] = {}
    rebuilds: dict[Name, None] = {}
    scans: dict[Name, None] = {}
    for case, fact in zip(cases, facts, strict=True):
        for lock in _locks(case, fact):
            _strongest(locks, replace(lock, late=True) if case.says("IN BLOCK") else lock)
        _work(case, fact, locks, rewrites, rebuilds, scans)
    unnamed = _unnamed(cases, facts)
    doubt = _doubt(cases, facts, schema, unnamed)
    return Effects(
        locks=tuple(locks[name] for name in _in_order(locks)),
        absent=tuple(_in_order({name for case in cases for name in _absent(case)})),
        unnamed=unnamed,
        rewrites=tuple(_in_order(rewrites)),
        rebuilds=tuple(_in_order(rebuilds)),
        scans=tuple(_in_order(scans)),
        wal_heavy=bool(rewrites)
        or (unnamed is not None and unnamed.rewritten)
        or any(fact.wal_heavy for fact in facts),
        transactional=transactional(operations, version) and not any(map(commits, cases)),
        inverse=_inverse(cases, facts),
        source=next((fact.source for fact in facts if fact.source), ""),
        known=UNKNOWN not in [operation.kind for operation in operations],
        certain=not doubt,
        doubt=doubt,
    )


def commits(case: Case) -> bool:
    """Whether it calls a procedure that is known to end its transaction."""
    called = case.operation.object
    return case.operation.kind == "CALL" and called is not None and called.name in case.schema.committing


def _in_order(names: Collection[Name]) -> Iterable[Name]:
    """By name; of most statements there is one or none."""
    return names if len(names) < 2 else sorted(names, key=str)


def _locks(case: Case, fact: Fact) -> Iterable[Lock]:
    if case.operation.kind == UNKNOWN:
        yield from (Lock(name, LockMode.ACCESS_EXCLUSIVE, "named by it") for name in _named(case))
        return
    own = fact.mode if fact.mode_of is None else fact.mode_of(case)
    if own is not None:
        for name in case.targets:
            if _may_be_there(case, name):
                yield Lock(name, own, "the relation itself")
                if fact.children and not case.only:
                    yield from (Lock(child.name, own, "a part of it") for child in case.schema.children_of(name))
    for also in fact.also:
        mode = also.mode_in(case)
        yield from (Lock(name, mode, also.why, also.late) for name in also.reach(case) if _may_be_there(case, name))


def _may_be_there(case: Case, name: Name) -> bool:
    """What a complete schema does not have is not there to be locked."""
    return not case.schema.complete or case.schema.find(name) is not None


def _absent(case: Case) -> Iterable[Name]:
    """What the operation would lock if it were there."""
    if not case.schema.complete:
        return ()
    fact = FACTS.get(case.operation.kind, NO_FACT)
    mode = fact.mode if fact.mode_of is None else fact.mode_of(case)
    return () if mode is None else (name for name in case.targets if not _may_be_there(case, name))


def _named(case: Case) -> Iterable[Name]:
    yield from case.targets
    yield from (case.schema.resolve(mention.name) for mention in case.operation.mentions)


def _strongest(locks: dict[Name, Lock], lock: Lock) -> None:
    known = locks.get(lock.relation)
    if known is None or (known.late and not lock.late) or _stronger(lock, known):
        if known is not None and not _stronger(lock, known):
            lock = Lock(lock.relation, known.mode if not known.late else lock.mode, lock.why, late=False)
        locks[lock.relation] = lock


def _stronger(lock: Lock, known: Lock) -> bool:
    return lock.mode.strength > known.mode.strength and (not lock.late or known.late)


def _work(
    case: Case,
    fact: Fact,
    locks: dict[Name, Lock],
    rewrites: dict[Name, None],
    rebuilds: dict[Name, None],
    scans: dict[Name, None],
) -> None:
    if fact.rewrites is not None and fact.rewrites(case):
        tables = [name for name in _rewritten(case) if _may_be_there(case, name)]
        rewrites.update(dict.fromkeys(tables))
        if moves_in_bytes(case):
            return
        if case.operation.kind != "TRUNCATE":
            scans.update(dict.fromkeys(tables))
        for name in _rebuilt(case):
            rebuilds[name] = None
            late = case.operation.kind.endswith(" CONCURRENTLY")
            _strongest(locks, Lock(name, LockMode.ACCESS_EXCLUSIVE, "an index of it", late))
    if fact.rebuilds is not None:
        rebuilds.update(dict.fromkeys(fact.rebuilds(case)))
    if fact.scans is not None:
        scans.update(dict.fromkeys(name for name in fact.scans(case) if _may_be_there(case, name)))


def _rewritten(case: Case) -> Iterable[Name]:
    if moves_in_bytes(case):
        yield from (name for name in case.targets if has_rows(case, name))
        return
    yield from with_rows(case)
    if case.operation.kind == "TRUNCATE":
        yield from cascaded_tables(case)


def _rebuilt(case: Case) -> Iterable[Name]:
    if case.operation.kind == "TRUNCATE":
        return (*indexes_with_rows(case), *indexes_of_cascaded(case))
    return indexes_with_rows(case)


def _inverse(cases: list[Case], facts: list[Fact]) -> str | None:
    if len(cases) != 1 or facts[0].inverse is None:
        return None
    return facts[0].inverse(cases[0])


def _unnamed(cases: list[Case], facts: list[Fact]) -> Unnamed | None:
    """The strongest there is; of equals the first."""
    asked = (fact.unnamed(case) for case, fact in zip(cases, facts, strict=True) if fact.unnamed is not None)
    return max((each for each in asked if each is not None), key=lambda each: each.mode.strength, default=None)


def _unseen(case: Case) -> bool:
    operation = case.operation
    changed = operation.kind.startswith(("ALTER TABLE", "DROP TABLE", "TRUNCATE"))
    return changed and case.relation is None and operation.relation is not None


def _doubt(cases: list[Case], facts: list[Fact], schema: Schema, unnamed: Unnamed | None) -> str:
    if any("OPAQUE" in case.operation.words or case.operation.kind in ("DO", "CALL", "EXECUTE") for case in cases):
        return OPAQUE_DOUBT
    if not all(fact.observed for fact in facts):
        return UNOBSERVED_DOUBT
    if not schema.complete and any(_unseen(case) for case in cases):
        return UNSEEN_DOUBT
    if any(zone_decides(case) for case in cases):
        return ZONE_DOUBT
    if any(attach_doubt(case) for case in cases):
        return BOUND_DOUBT
    if of_type := next(filter(None, map(type_doubt, cases)), ""):
        return of_type
    return "" if unnamed is None else f"{unnamed.what} is not known here: {unnamed.mode} on it is assumed"
