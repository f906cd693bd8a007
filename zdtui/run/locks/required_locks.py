"""Which locks a step takes before its first statement: a projection of the one table of facts. Pure.

What is shown of a statement (`zdtui.sql.predict`) and what is taken for it are the same prediction. This module says
which of these locks are taken up front, and nothing about which statement locks what.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from zdtui.postgres.catalog.neighbourhood import Named
from zdtui.sql.effects import Effects, Lock
from zdtui.sql.facts import FACTS
from zdtui.sql.facts.conditions import ModeIf
from zdtui.sql.facts.fact import Fact
from zdtui.sql.lock_modes import LockMode
from zdtui.sql.operation import Operation
from zdtui.sql.predict import effects
from zdtui.sql.schema.follow import follow
from zdtui.sql.schema.relations import INDEXES, Relation, Schema
from zdtui.sql.statement import Statement
from zdtui.sql.text.identifiers import identifiers
from zdtui.sql.text.name import Name

LEAST = LockMode.ROW_EXCLUSIVE
"""Weaker locks are left to the statement: only ACCESS EXCLUSIVE and EXCLUSIVE keep them waiting."""
WEAK = LockMode.ROW_EXCLUSIVE
"""Up to this mode a lock keeps no query and no change of rows out, and nobody queues behind it."""


def may_need_locks(statements: Iterable[Statement]) -> bool:
    """Whether the table of facts has any strong lock for what they do: if not, the catalog need not be asked."""
    return any(_may_be_strong(each) for statement in statements for each in statement.operations)


def named_by(statements: Iterable[Statement]) -> Named:
    """What decides which part of the catalog the statements can reach."""
    statements = tuple(statements)
    done = [each for statement in statements for each in statement.operations]
    about_objects = [statement.text for statement in statements if any(map(_is_about_an_object, statement.operations))]
    cascade = [each.kind for each in done if "CASCADE" in each.words]
    return Named(
        identifiers=identifiers(each.text for each in statements),
        objects=identifiers(about_objects),
        drops_cascade=any(kind != "TRUNCATE" for kind in cascade),
        truncates_cascade="TRUNCATE" in cascade,
        by_relations=not about_objects and not cascade and not any(map(_needs_more, done)),
    )


def _is_about_an_object(operation: Operation) -> bool:
    return operation.relation is None and _may_be_strong(operation)


def _needs_more(operation: Operation) -> bool:
    """A trigger, policy or rule, whose table is locked only if it is there; a view that is locked with its tables."""
    fact = FACTS.get(operation.kind, Fact())
    return isinstance(fact.mode_of, ModeIf) or any(each.mode_of is not None for each in fact.also)


@dataclass(frozen=True, slots=True)
class RequiredLocks:
    """What a step takes."""

    modes: Mapping[int, LockMode]
    """By oid, the strongest mode in which each relation that is there is to be locked; empty when none is strong."""
    unnamed: LockMode | None = None
    """The strongest mode on relations that the prediction cannot name."""
    unnamed_by: frozenset[str] = frozenset()
    """Identifiers of the statements that lock these."""


def required_locks(statements: Iterable[Statement], schema: Schema, version: int) -> RequiredLocks:
    """What is to be locked before the first of the statements; `schema` follows them.

    A statement that a transaction block refuses takes its own locks, and what the statements make nobody else uses yet.
    """
    modes: dict[int, LockMode] = {}
    unnamed: list[LockMode] = []
    texts = []
    for statement in statements:
        done = statement.operations
        if statement.transactional:
            does = effects(done, schema, version)
            for oid, mode in _taken(does, schema):
                modes[oid] = max(mode, modes.get(oid, mode), key=lambda each: each.strength)
            if does.unnamed is not None:
                unnamed.append(does.unnamed.mode)
                texts.append(statement.text)
        for each in done:
            follow(schema, each)
    strongest = max(unnamed, key=lambda each: each.strength, default=None)
    strong = any(mode.strength > WEAK.strength for mode in (*modes.values(), *unnamed))
    return RequiredLocks(modes if strong else {}, strongest, identifiers(texts))


def _taken(found: Effects, schema: Schema) -> Iterator[tuple[int, LockMode]]:
    modes: dict[Name | None, LockMode] = {lock.relation: lock.mode for lock in found.locks}
    for lock in found.locks:
        known = schema.find(lock.relation)
        if known is not None and known.oid is not None and _is_taken(lock, known, modes):
            yield known.oid, lock.mode


def _is_taken(lock: Lock, known: Relation, modes: Mapping[Name | None, LockMode]) -> bool:
    """An index whose table is locked against everybody is locked with it: who uses it holds a lock on the table."""
    with_its_table = known.kind in INDEXES and modes.get(known.table) is LockMode.ACCESS_EXCLUSIVE
    return lock.mode.strength >= LEAST.strength and not lock.late and not with_its_table


def _may_be_strong(operation: Operation) -> bool:
    fact = FACTS.get(operation.kind, Fact())
    modes = [fact.mode, *(each.mode for each in fact.also if not each.late)]
    strong = any(mode is not None and mode.strength > WEAK.strength for mode in modes)
    told = (fact.mode_of, fact.unnamed, *(each.mode_of for each in fact.also))
    return strong or any(each is not None for each in told)
