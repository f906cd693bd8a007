"""Which relations a step's statements will lock, and how strongly: what is taken up front, in one order."""

from collections.abc import Sequence

from zdtui.postgres.ask import Connection
from zdtui.postgres.catalog.neighbourhood import Place, read_dependents, read_neighbourhood
from zdtui.postgres.table_locks.lock_facts import Target
from zdtui.run.locks.required_locks import may_need_locks, named_by, required_locks
from zdtui.sql.lock_modes import LockMode
from zdtui.sql.schema.relations import Schema
from zdtui.sql.statement import Statement
from zdtui.sql.text.name import Name


async def lock_set(connection: Connection, statements: Sequence[Statement]) -> tuple[Target, ...]:
    """What is to be locked before the first statement, in the order of locking; empty when nothing strong is needed.

    What one of the statements makes first is not there yet, and nobody can wait for it. What the prediction cannot name
    is looked for among all that depends on what they name; a gap there is waited for, and the statement locks it.
    Raises psycopg.Error.
    """
    statements = tuple(statements)
    if not may_need_locks(statements):
        return ()
    found = await read_neighbourhood(connection, named_by(statements))
    depths = {oid: _depth(place.name, found.schema) for oid, place in found.places.items()}
    required = required_locks(statements, found.schema, connection.info.server_version // 10000)
    targets = [
        _target(oid, mode, place, depths[oid])
        for oid, mode in required.modes.items()
        if (place := found.places.get(oid)) is not None
    ]
    if required.unnamed is not None:
        dependents = await read_dependents(connection, required.unnamed_by)
        others = (each for each in dependents.items() if each[0] not in required.modes)
        targets += [_target(oid, required.unnamed, place, 0) for oid, place in others]
    return tuple(sorted(targets, key=lambda each: (each.depth, each.schema, each.name)))


def _target(oid: int, mode: LockMode, place: Place, depth: int) -> Target:
    return Target(oid, place.name.schema or "", place.name.name, mode, depth, place.lockable)


def _depth(name: Name, schema: Schema) -> int:
    """Levels of parents above it, of the longest line."""
    known = schema.find(name)
    return max((1 + _depth(parent, schema) for parent in (() if known is None else known.parents)), default=0)
