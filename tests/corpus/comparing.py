"""What was predicted beside what was observed: every difference of one case, in words.

`LEFT_OPEN` is the whole list of differences that are none, because PostgreSQL itself leaves it open what happens: by the
planner's choice, by the rows there are, or by the moment. Nothing else is let through.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum

from tests.corpus.kept import Outcome, Seen
from zdtui.sql.effects import Effects, Lock
from zdtui.sql.lock_modes import LockMode
from zdtui.sql.operation import Operation
from zdtui.sql.schema.relations import INDEXES, RelationKind, Schema
from zdtui.sql.text.name import Name

FOLLOWING = INDEXES | {RelationKind.SEQUENCE}
QUERIES = ("REPACK", "CREATE TABLE AS", "SELECT INTO", "CREATE MATERIALIZED VIEW", "REFRESH", "TRUNCATE")
DDL = ("CREATE", "ALTER", "DROP", "REINDEX", "CLUSTER", "VACUUM FULL", "REPACK")


CODE = ("CALL", "DO", "EXECUTE")
"""Kinds whose effects are those of code that is not read; they are never said to be certain."""


class LeftOpen(Enum):
    """Why a difference is PostgreSQL's own."""

    INDEX_FOLLOWS = (
        "a lock below SHARE UPDATE EXCLUSIVE on an index or a sequence follows the plan, and keeps nobody out"
    )
    ROWS_DECIDE = (
        "a lock that comes with rows (a foreign key's other side, a partition) is taken if there is such a row"
    )
    PLANNER_READS = "a query reads a table whole or by an index, as the planner likes"
    KEY_IS_PROVED = "the table a foreign key references is read whole or by its index, as the planner likes"
    CODE_REACHES = (
        "what code, an owner or a CASCADE reaches beyond the catalog is told as a fear, with its strongest lock"
    )
    COUNTED_LATE = "what runs outside a transaction is counted late before PostgreSQL 15: what it reads is not seen"


@dataclass(frozen=True)
class Difference:
    """One difference of one statement."""

    text: str
    left_open: LeftOpen | None = None


def differences(
    seen: Seen, effects: Effects, operations: tuple[Operation, ...], schema: Schema, version: int
) -> list[Difference]:
    """Empty when the prediction is what happened."""
    found = [*_locks(seen, effects, schema), *_files(seen, effects)]
    if not effects.known:
        found.append(Difference("it is unknown"))
    if seen.transactional is not effects.transactional:
        text = f"in a transaction block: {'taken' if seen.transactional else 'refused'}"
        found.append(Difference(text, LeftOpen.CODE_REACHES if operations[0].kind in CODE else None))
    if operations[0].kind in CODE and not effects.certain:
        found = [replace(each, left_open=LeftOpen.CODE_REACHES) for each in found]
    return found + list(_scans(seen, effects, operations, schema, version))


def wrong(differences: list[Difference]) -> list[str]:
    """Those that PostgreSQL does not leave open."""
    return [each.text for each in differences if each.left_open is None]


def same(now: Outcome, before: Outcome | None, schema: Schema) -> bool:
    """Whether what is seen now is what was kept, but for weak locks on indexes."""
    if not (isinstance(now, Seen) and isinstance(before, Seen)):
        return now == before
    files = [(each.observed.rewrites, each.observed.rebuilds, each.observed.scans) for each in (now, before)]
    return files[0] == files[1] and _firm(now, schema) == _firm(before, schema)


def _firm(seen: Seen, schema: Schema) -> list[object]:
    return [each for each in seen.observed.locks if not _follows(each.relation, each.mode, schema)]


def _locks(seen: Seen, effects: Effects, schema: Schema) -> Iterator[Difference]:
    taken = {_plain(each.relation): each.mode for each in seen.observed.locks}
    said: dict[Name, Lock] = {_plain(each.relation): each for each in effects.locks}
    for name in sorted(taken.keys() | said.keys(), key=str):
        mode, lock = taken.get(name), said.get(name)
        told = None if lock is None else lock.mode
        if mode is told:
            continue
        weak = all(_follows(name, each, schema) for each in (mode, told) if each is not None)
        if weak:
            yield Difference(f"{name}: seen {mode}, said {told}", LeftOpen.INDEX_FOLLOWS)
        elif mode is None and lock is not None:
            yield Difference(f"{name}: said {told} ({lock.why}), not seen", LeftOpen.ROWS_DECIDE if lock.late else None)
        elif lock is None and mode is not None:
            feared = effects.unnamed is not None and mode.strength <= effects.unnamed.mode.strength
            yield Difference(f"{name}: seen {mode}, nothing said", LeftOpen.CODE_REACHES if feared else None)
        else:
            yield Difference(f"{name}: seen {mode}, said {told}")


def _follows(name: Name, mode: LockMode, schema: Schema) -> bool:
    known = schema.find(name)
    follows = known is not None and known.kind in FOLLOWING
    return follows and mode.strength < LockMode.SHARE_UPDATE_EXCLUSIVE.strength


def _files(seen: Seen, effects: Effects) -> Iterator[Difference]:
    feared = effects.unnamed is not None and effects.unnamed.rewritten
    for what, happened, said in (
        ("rewrites", seen.observed.rewrites, effects.rewrites),
        ("rebuilds", seen.observed.rebuilds, effects.rebuilds),
    ):
        if _all(happened) != _all(said):
            open_too = LeftOpen.CODE_REACHES if feared and _all(happened) > _all(said) else None
            yield Difference(f"{what}: seen {_list(happened)}, said {_list(said)}", open_too)


def _scans(
    seen: Seen, effects: Effects, operations: tuple[Operation, ...], schema: Schema, version: int
) -> Iterator[Difference]:
    happened, said = _all(seen.observed.scans), _all(effects.scans)
    if happened == said:
        return
    text = f"scans: seen {_list(happened)}, said {_list(said)}"
    proved = _proved(operations, schema)
    if not operations[0].kind.startswith(DDL) or operations[0].kind.startswith(QUERIES):
        yield Difference(text, LeftOpen.PLANNER_READS)
    elif not seen.transactional and version < 15:
        yield Difference(text, LeftOpen.COUNTED_LATE)
    elif effects.unnamed is not None and effects.unnamed.rewritten:
        yield Difference(text, LeftOpen.CODE_REACHES)
    else:
        yield Difference(text, LeftOpen.KEY_IS_PROVED if happened - proved == said - proved else None)


def _proved(operations: tuple[Operation, ...], schema: Schema) -> set[Name]:
    """The tables that foreign keys of the statement reference, without its own."""
    changed = (
        each for each in operations if each.kind == "ALTER TABLE ALTER COLUMN TYPE" and each.relation is not None
    )
    retyped = {
        key.references
        for each in changed
        if each.relation is not None
        for key in schema.referenced_by(schema.resolve(each.relation))
        if each.column in key.columns
    }
    if not any(each.constraint is not None or each.definition is not None for each in operations):
        return _all(retyped)
    referenced = {schema.resolve(mention.name) for each in operations for mention in each.mentions}
    for each in operations:
        if each.relation is not None and each.constraint is not None:
            key = schema.foreign_key(schema.resolve(each.relation), each.constraint.name)
            referenced |= {key.references} if key is not None else set()
    own = {schema.resolve(each.relation) for each in operations if each.relation is not None}
    referenced |= retyped
    return _all(referenced | {child.name for name in referenced for child in schema.children_of(name)}) - _all(own)


def _plain(name: Name) -> Name:
    """As a text that names no schema has it."""
    return Name(None, name.name) if name.schema == "public" else name


def _all(names: Iterable[Name]) -> set[Name]:
    return {_plain(name) for name in names}


def _list(names: Iterable[Name]) -> str:
    return ", ".join(sorted(map(str, names))) or "none"
