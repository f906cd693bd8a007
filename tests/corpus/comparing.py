"""What was predicted beside what was observed: every difference of one case, in words."""

from dataclasses import replace

from zdtui.sql.effects import Effects, Lock
from zdtui.sql.lock_modes import LockMode
from zdtui.sql.operation import Operation
from zdtui.sql.schema.relations import INDEXES, RelationKind, Schema
from zdtui.sql.text.name import Name
from zdtui.trace.observed import Observed

FOLLOWING = INDEXES | {RelationKind.SEQUENCE}
"""Weak locks on these follow the table's, by the plan of the statement, and keep nobody out."""
ROWS = ("CREATE TABLE AS", "SELECT INTO", "CREATE MATERIALIZED VIEW", "REFRESH", "TRUNCATE")
"""Kinds whose reading is a query's own: which tables it reads whole is for the planner to say."""


def differences(observed: Observed, effects: Effects, operations: tuple[Operation, ...], schema: Schema) -> list[str]:
    """Empty when the prediction is what happened."""
    found = [*_locks(observed, effects, schema), *_files(observed, effects)]
    if not effects.known:
        found.append("it is unknown")
    if _reads_are_told(effects, operations):
        found += _scans(observed, effects, operations, schema)
    return found


def same(observed: Observed, kept: Observed | str | None, transactional: bool, schema: Schema) -> bool:
    """Whether it is what was kept. Outside a transaction weak locks on indexes are seen or not, by the moment."""
    if transactional or not isinstance(kept, Observed):
        return kept == observed
    return _firm(observed, schema) == _firm(kept, schema)


def _firm(observed: Observed, schema: Schema) -> Observed:
    return replace(observed, locks=tuple(each for each in observed.locks if _counts(each.relation, each.mode, schema)))


def _locks(observed: Observed, effects: Effects, schema: Schema) -> list[str]:
    seen = {each.relation: each.mode for each in observed.locks if _counts(each.relation, each.mode, schema)}
    said: dict[Name, Lock] = {
        each.relation: each for each in effects.locks if _counts(each.relation, each.mode, schema)
    }
    found = [
        f"{name}: seen {mode}, nothing said"
        for name, mode in seen.items()
        if name not in said and not _feared(effects, mode)
    ]
    found += [
        f"{name}: seen {mode}, said {said[name].mode}"
        for name, mode in seen.items()
        if name in said and said[name].mode is not mode
    ]
    missing = (each for name, each in said.items() if name not in seen and not each.late)
    return found + [f"{each.relation}: said {each.mode} ({each.why}), not seen" for each in missing]


def _feared(effects: Effects, mode: LockMode) -> bool:
    """Whether it was said that relations which nobody can name may be locked so."""
    return effects.unnamed is not None and mode.strength <= effects.unnamed.mode.strength


def _counts(name: Name, mode: LockMode, schema: Schema) -> bool:
    known = schema.find(name)
    follows = known is not None and known.kind in FOLLOWING
    return not follows or mode.strength >= LockMode.SHARE_UPDATE_EXCLUSIVE.strength


def _files(observed: Observed, effects: Effects) -> list[str]:
    if effects.unnamed is not None and effects.unnamed.rewritten:
        return []
    found = []
    for what, seen, said in (
        ("rewrites", observed.rewrites, effects.rewrites),
        ("rebuilds", observed.rebuilds, effects.rebuilds),
    ):
        if set(seen) != set(said):
            found.append(f"{what}: seen {', '.join(map(str, seen))}, said {', '.join(map(str, said))}")
    return found


def _reads_are_told(effects: Effects, operations: tuple[Operation, ...]) -> bool:
    is_ddl = operations[0].kind.split(" ", 1)[0] in ("CREATE", "ALTER", "DROP", "REINDEX", "CLUSTER")
    return effects.transactional and is_ddl and not operations[0].kind.startswith(ROWS)


def _scans(observed: Observed, effects: Effects, operations: tuple[Operation, ...], schema: Schema) -> list[str]:
    """The table a foreign key references is read whole or by its index, as the planner likes."""
    referenced = {schema.resolve(mention.name) for each in operations for mention in each.mentions}
    for each in operations:
        if each.relation is not None and each.constraint is not None:
            key = schema.foreign_key(schema.resolve(each.relation), each.constraint.name)
            referenced |= {key.references} if key is not None else set()
    own = {schema.resolve(each.relation) for each in operations if each.relation is not None}
    parts = {child.name for name in referenced for child in schema.children_of(name)}
    keyed = any(each.constraint is not None or each.definition is not None for each in operations)
    planned = (referenced | parts) - own if keyed else set()
    seen, said = set(observed.scans) - planned, set(effects.scans) - planned
    if seen == said or (effects.unnamed is not None and effects.unnamed.rewritten):
        return []
    return [f"scans: seen {', '.join(sorted(map(str, seen)))}, said {', '.join(sorted(map(str, said)))}"]
