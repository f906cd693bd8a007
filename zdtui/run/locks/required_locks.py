"""Which locks on relations a statement takes, from what it does. Pure: the catalog says later what is there.

The modes are those of PostgreSQL 13 to 18, proved on real servers by `tests/integration/run/test_lock_set.py`. Where a
statement is not understood nothing is wanted up front: the watchdog and the ceiling stand behind it.
"""

from collections.abc import Callable, Iterator

from zdtui.postgres.table_locks.lock_facts import Reach, Want
from zdtui.sql.lock_modes import LockMode
from zdtui.sql.operation import Constraint, ConstraintKind, Operation, Role
from zdtui.sql.statement import Statement
from zdtui.sql.text.name import Name

ALL = LockMode.ACCESS_EXCLUSIVE
SHARE = LockMode.SHARE
WRITES = LockMode.SHARE_ROW_EXCLUSIVE
"""Keeps out everybody who changes rows."""
DDL = LockMode.SHARE_UPDATE_EXCLUSIVE
"""Keeps out DDL and VACUUM, and no query."""

ALONE: dict[str, LockMode] = {
    **dict.fromkeys(
        (f"ALTER TABLE {action}" for action in ("OWNER TO", "RENAME", "SET SCHEMA", "SET TABLESPACE")), ALL
    ),
    **dict.fromkeys((f"ALTER TABLE {action}" for action in ("SET LOGGED", "SET UNLOGGED", "OF", "NOT OF")), ALL),
    "ALTER TABLE NO INHERIT": ALL,
    **dict.fromkeys((f"ALTER TABLE {verb} ROW LEVEL SECURITY" for verb in ("ENABLE", "DISABLE", "FORCE")), ALL),
    **dict.fromkeys((f"ALTER TABLE {verb} RULE" for verb in ("ENABLE", "ENABLE REPLICA", "ENABLE ALWAYS")), ALL),
    **dict.fromkeys(("ALTER TABLE NO FORCE ROW LEVEL SECURITY", "ALTER TABLE DISABLE RULE"), ALL),
    **dict.fromkeys(("ALTER TABLE REPLICA IDENTITY", "ALTER TABLE SET ACCESS METHOD"), ALL),
    **dict.fromkeys((f"ALTER TABLE {action}" for action in ("SET PARAMETERS", "RESET PARAMETERS")), DDL),
    **dict.fromkeys((f"ALTER TABLE {action}" for action in ("CLUSTER ON", "SET WITHOUT CLUSTER")), DDL),
    **dict.fromkeys((f"ALTER INDEX {action}" for action in ("RENAME", "SET PARAMETERS", "RESET PARAMETERS")), DDL),
    "ALTER INDEX ALTER COLUMN SET STATISTICS": DDL,
    **dict.fromkeys((f"ALTER MATERIALIZED VIEW {verb} PARAMETERS" for verb in ("SET", "RESET")), DDL),
    **dict.fromkeys((f"ALTER MATERIALIZED VIEW {verb}" for verb in ("CLUSTER ON", "SET WITHOUT CLUSTER")), DDL),
    "CREATE STATISTICS": DDL,
    **dict.fromkeys((f"{verb} {what}" for verb in ("CREATE", "ALTER", "DROP") for what in ("POLICY", "RULE")), ALL),
    **dict.fromkeys(("CLUSTER", "DROP VIEW", "DROP MATERIALIZED VIEW", "REFRESH MATERIALIZED VIEW"), ALL),
    "REFRESH MATERIALIZED VIEW CONCURRENTLY": LockMode.EXCLUSIVE,
    **dict.fromkeys(("INSERT", "UPDATE", "DELETE", "MERGE", "COPY FROM"), LockMode.ROW_EXCLUSIVE),
}
"""Kinds that lock the relation itself, and what it is done to besides (DROP a, b), but no child of it."""
WITH_CHILDREN: dict[str, LockMode] = {
    **dict.fromkeys((f"ALTER TABLE {verb} TRIGGER" for verb in ("ENABLE", "DISABLE")), WRITES),
    **dict.fromkeys((f"ALTER TABLE ENABLE {when} TRIGGER" for when in ("REPLICA", "ALWAYS")), WRITES),
    **dict.fromkeys((f"ALTER TABLE ALTER COLUMN {verb} OPTIONS" for verb in ("SET", "RESET")), DDL),
    "ALTER TABLE ALTER COLUMN SET STATISTICS": DDL,
    "ALTER TABLE VALIDATE CONSTRAINT": DDL,
    "CREATE INDEX": SHARE,
    "CREATE TRIGGER": WRITES,
    "DROP TRIGGER": ALL,
    "ALTER TRIGGER": ALL,
    "REINDEX TABLE": SHARE,
}
"""Kinds that lock the relation and its partitions (children), unless ONLY is said."""


def wants(statement: Statement) -> tuple[Want, ...]:
    """What is to be locked before the statement. Nothing for one that a transaction block refuses."""
    if not statement.transactional:
        return ()
    return tuple(want for operation in statement.operations for want in _of(operation))


def _of(operation: Operation) -> Iterator[Want]:
    special = SPECIAL.get(operation.kind)
    if special is not None:
        yield from special(operation)
    elif operation.kind in ALONE:
        yield from _each(operation, Reach.ITSELF, ALONE[operation.kind])
    elif operation.kind in WITH_CHILDREN:
        yield from _each(operation, _family(operation), WITH_CHILDREN[operation.kind])
    elif operation.kind.startswith("ALTER TABLE "):
        yield from _each(operation, _family(operation), ALL)
    elif operation.kind.startswith(("ALTER INDEX ", "ALTER VIEW ", "ALTER MATERIALIZED VIEW ", "ALTER FOREIGN TABLE ")):
        yield from _each(operation, Reach.ITSELF, ALL)


def _family(operation: Operation) -> Reach:
    return Reach.ITSELF if "ONLY" in operation.words else Reach.FAMILY


def _names(operation: Operation) -> tuple[Name, ...]:
    first = () if operation.relation is None else (operation.relation,)
    return (*first, *operation.mentioned(Role.ALSO))


def _each(operation: Operation, reach: Reach, mode: LockMode, detail: str | None = None) -> Iterator[Want]:
    for name in _names(operation):
        yield Want(name.written, reach, mode, detail)


def _add_constraint(operation: Operation) -> Iterator[Want]:
    foreign = operation.constraint is not None and operation.constraint.kind is ConstraintKind.FOREIGN_KEY
    yield from _each(operation, _family(operation), WRITES if foreign else ALL)
    if operation.constraint is not None:
        yield from _referenced([operation.constraint])


def _referenced(constraints: list[Constraint]) -> Iterator[Want]:
    for constraint in constraints:
        if constraint.references is not None:
            yield Want(constraint.references.written, Reach.FAMILY, WRITES)


def _add_column(operation: Operation) -> Iterator[Want]:
    yield from _each(operation, _family(operation), ALL)
    if operation.definition is not None:
        yield from _referenced(list(operation.definition.constraints))


def _drop_column(operation: Operation) -> Iterator[Want]:
    yield from _each(operation, _family(operation), ALL)
    yield from _each(operation, Reach.REFERENCED, ALL, operation.column or "")
    if "CASCADE" in operation.words:
        yield from _each(operation, Reach.REFERENCING, ALL, operation.column or "")


def _column_type(operation: Operation) -> Iterator[Want]:
    """Foreign keys on the column, from here and to here, are made anew."""
    yield from _each(operation, _family(operation), ALL)
    yield from _each(operation, Reach.REFERENCED, ALL, operation.column or "")
    yield from _each(operation, Reach.REFERENCING, ALL, operation.column or "")


def _drop_constraint(operation: Operation) -> Iterator[Want]:
    yield from _each(operation, _family(operation), ALL)
    name = operation.constraint.name if operation.constraint is not None else None
    yield from _each(operation, Reach.REFERENCED, ALL, name or "")
    if "CASCADE" in operation.words:
        yield from _each(operation, Reach.REFERENCING, ALL)


def _create_table(operation: Operation) -> Iterator[Want]:
    for name in operation.mentioned(Role.REFERENCED):
        yield Want(name.written, Reach.FAMILY, WRITES)
    for name in operation.mentioned(Role.PARENT):
        yield Want(name.written, Reach.ITSELF, DDL)


def _create_partition(operation: Operation) -> Iterator[Want]:
    for name in operation.mentioned(Role.PARENT):
        yield Want(name.written, Reach.ITSELF, ALL)
        yield Want(name.written, Reach.DEFAULT_PARTITION, ALL)
        yield Want(name.written, Reach.REFERENCED, WRITES)
        yield Want(name.written, Reach.REFERENCING, WRITES)


def _attach(operation: Operation) -> Iterator[Want]:
    yield from _each(operation, Reach.ITSELF, DDL)
    yield from _each(operation, Reach.DEFAULT_PARTITION, ALL)
    yield from _each(operation, Reach.REFERENCED, WRITES)
    yield from _each(operation, Reach.REFERENCING, WRITES)
    for name in operation.mentioned(Role.PARTITION):
        yield Want(name.written, Reach.FAMILY, ALL)


def _detach(operation: Operation) -> Iterator[Want]:
    yield from _each(operation, Reach.ITSELF, ALL)
    yield from _each(operation, Reach.DEFAULT_PARTITION, ALL)
    yield from _each(operation, Reach.REFERENCED, WRITES)
    yield from _each(operation, Reach.REFERENCING, ALL)
    for name in operation.mentioned(Role.PARTITION):
        yield Want(name.written, Reach.ITSELF, ALL)


def _inherit(operation: Operation) -> Iterator[Want]:
    yield from _each(operation, Reach.ITSELF, ALL)
    for name in operation.mentioned(Role.PARENT):
        yield Want(name.written, Reach.ITSELF, DDL)


def _drop_table(operation: Operation) -> Iterator[Want]:
    yield from _each(operation, Reach.FAMILY, ALL)
    yield from _each(operation, Reach.REFERENCED, ALL)
    yield from _each(operation, Reach.PARTITIONED, ALL)
    yield from _each(operation, Reach.DEFAULT_BESIDE, ALL)
    if "CASCADE" in operation.words:
        yield from _each(operation, Reach.REFERENCING, ALL)


def _truncate(operation: Operation) -> Iterator[Want]:
    yield from _each(operation, _family(operation), ALL)
    if "CASCADE" in operation.words:
        yield from _each(operation, Reach.CASCADE, ALL)


def _drop_index(operation: Operation) -> Iterator[Want]:
    yield from _each(operation, Reach.FAMILY, ALL)
    yield from _each(operation, Reach.TABLE, ALL)


def _reindex_index(operation: Operation) -> Iterator[Want]:
    yield from _each(operation, Reach.ITSELF, ALL)
    yield from _each(operation, Reach.TABLE, SHARE)


def _reindex_table(operation: Operation) -> Iterator[Want]:
    yield from _each(operation, Reach.ITSELF, SHARE)
    yield from _each(operation, Reach.INDEXES, ALL)


def _lock_table(operation: Operation) -> Iterator[Want]:
    yield from _each(operation, _family(operation), LockMode(operation.lock_mode or ALL))


def _create_view(operation: Operation) -> Iterator[Want]:
    if "OR REPLACE" in operation.words:
        yield from _each(operation, Reach.ITSELF, ALL)


SPECIAL: dict[str, Callable[[Operation], Iterator[Want]]] = {
    "ALTER TABLE ADD CONSTRAINT": _add_constraint,
    "ALTER TABLE ADD COLUMN": _add_column,
    "ALTER TABLE DROP COLUMN": _drop_column,
    "ALTER TABLE ALTER COLUMN TYPE": _column_type,
    "ALTER TABLE DROP CONSTRAINT": _drop_constraint,
    "ALTER TABLE ATTACH PARTITION": _attach,
    "ALTER TABLE DETACH PARTITION": _detach,
    "ALTER TABLE INHERIT": _inherit,
    "CREATE TABLE": _create_table,
    "CREATE TABLE PARTITION OF": _create_partition,
    "CREATE VIEW": _create_view,
    "DROP TABLE": _drop_table,
    "DROP INDEX": _drop_index,
    "REINDEX INDEX": _reindex_index,
    "REINDEX TABLE": _reindex_table,
    "TRUNCATE": _truncate,
    "LOCK TABLE": _lock_table,
}
"""Kinds that lock further relations, or not all in one mode."""
