"""ALTER TABLE, by action (https://www.postgresql.org/docs/current/sql-altertable.html)."""

from zdtui.sql.facts import cascade, children, reach, scans, unnamed
from zdtui.sql.facts import conditions as when
from zdtui.sql.facts.fact import Also, Fact
from zdtui.sql.lock_modes import LockMode
from zdtui.sql.operation import Role

AX, SRX, SUX, S, AS, RS = (
    LockMode.ACCESS_EXCLUSIVE,
    LockMode.SHARE_ROW_EXCLUSIVE,
    LockMode.SHARE_UPDATE_EXCLUSIVE,
    LockMode.SHARE,
    LockMode.ACCESS_SHARE,
    LockMode.ROW_SHARE,
)
PAGE = "sql-altertable.html"
INDEX_OF_TABLE, PARTITION, REFERENCED = "an index of it", "a partition or child of it", "referenced by it"


def fact(mode: LockMode | None = None, **fields: object) -> Fact:
    """A row of this page."""
    return Fact(**{"mode": mode, "page": PAGE, **fields})  # type: ignore[arg-type]


SEQUENCE = "the column's sequence"
WHOLE = fact(AX, children=True)
TRIGGERS = fact(SRX, also=(Also(children.triggered_partitions, SRX, PARTITION),))

REPARTITIONS = fact(
    AX,
    also=(
        Also(reach.partition_with_children, AX, "a partition whose rows are copied"),
        Also(reach.indexes_of_partition, AX, "an index of such a partition"),
    ),
    scans=reach.partition_with_children,
    wal_heavy=True,
    observed=False,  # the first release candidate of 19 does not read them
)

ACTIONS: dict[str, Fact] = {
    "ADD COLUMN": fact(
        AX,
        children=True,
        rewrites=when.new_column_rewrites,
        scans=scans.new_column_scans,
        also=(Also(reach.referenced, SRX, REFERENCED),),
        inverse=lambda case: f"ALTER TABLE {case.operation.relation} DROP COLUMN {case.operation.column}",
    ),
    "DROP COLUMN": fact(
        AX,
        children=True,
        also=(
            Also(reach.indexes_on_column, AX, INDEX_OF_TABLE),
            Also(reach.referenced_by_column, AX, "the other side of a foreign key"),
            Also(reach.sequence_of_column, AX, SEQUENCE),
            Also(cascade.falls_with_column, AX, "it depends on the column"),
        ),
        unnamed=unnamed.dependents_of_relation,
    ),
    "ALTER COLUMN TYPE": fact(
        AX,
        children=True,
        rewrites=when.type_change_rewrites,
        rebuilds=when.indexes_built_with_the_type,
        scans=scans.type_change_scans,
        also=(
            Also(reach.indexes_on_column, AX, INDEX_OF_TABLE),
            Also(reach.referenced_by_column, AX, "the other side of a foreign key"),
        ),
    ),
    "ALTER COLUMN SET DEFAULT": WHOLE,
    "ALTER COLUMN DROP DEFAULT": WHOLE,
    "ALTER COLUMN SET NOT NULL": fact(
        AX,
        children=True,
        scans=scans.not_null_scans,
        inverse=lambda case: (
            f"ALTER TABLE {case.operation.relation} ALTER COLUMN {case.operation.column} DROP NOT NULL"
        ),
    ),
    "ALTER COLUMN DROP NOT NULL": WHOLE,
    "ALTER COLUMN SET EXPRESSION": fact(AX, children=True, rewrites=when.always),
    "ALTER COLUMN DROP EXPRESSION": WHOLE,
    "ALTER COLUMN ADD IDENTITY": WHOLE,
    "ALTER COLUMN SET IDENTITY": fact(AX, also=(Also(reach.sequence_of_column, SRX, SEQUENCE),)),
    "ALTER COLUMN DROP IDENTITY": fact(AX, also=(Also(reach.sequence_of_column, AX, SEQUENCE),)),
    "ALTER COLUMN SET STATISTICS": fact(SUX, children=True),
    "ALTER COLUMN SET OPTIONS": fact(SUX),
    "ALTER COLUMN RESET OPTIONS": fact(SUX),
    "ALTER COLUMN SET STORAGE": WHOLE,
    "ALTER COLUMN SET COMPRESSION": fact(AX),
    "ADD CONSTRAINT": fact(
        mode_of=when.new_constraint,
        also=(
            Also(reach.children_of_constraint, AX, PARTITION),
            Also(reach.children_of_key, SRX, PARTITION),
            Also(reach.shared_children, S, PARTITION),
            Also(reach.referenced, SRX, REFERENCED),
        ),
        scans=scans.constraint_scans,
        inverse=lambda case: (
            f"ALTER TABLE {case.operation.relation} DROP CONSTRAINT {case.operation.constraint.name}"
            if case.operation.constraint is not None and case.operation.constraint.name
            else None
        ),
    ),
    "ADD CONSTRAINT USING INDEX": fact(
        AX,
        also=(Also(reach.renamed_index, SUX, "the index, which gets the constraint's name"),),
        scans=scans.using_index_scans,
    ),
    "ALTER CONSTRAINT": fact(
        AX,
        also=(
            Also(reach.referenced_when_enforced, SRX, REFERENCED),
            Also(reach.referenced_when_enforced_no_more, AX, REFERENCED),
            Also(reach.children_that_inherit, AX, PARTITION),
        ),
        unnamed=unnamed.referenced_by_unknown_key,
        scans=scans.altered_constraint_scans,
    ),
    "VALIDATE CONSTRAINT": fact(
        SUX,
        children=True,
        also=(Also(reach.other_side_to_prove, RS, REFERENCED),),
        scans=scans.validation_scans,
    ),
    "DROP CONSTRAINT": fact(
        AX,
        children=True,
        also=(
            Also(reach.other_side_of_constraint, AX, REFERENCED),
            Also(reach.index_of_constraint, AX, "the index of the constraint"),
            Also(cascade.falls_with_constraint, AX, "it references the constraint"),
        ),
    ),
    "ENABLE TRIGGER": TRIGGERS,
    "ENABLE REPLICA TRIGGER": TRIGGERS,
    "ENABLE ALWAYS TRIGGER": TRIGGERS,
    "DISABLE TRIGGER": TRIGGERS,
    "ENABLE RULE": fact(AX),
    "ENABLE REPLICA RULE": fact(AX),
    "ENABLE ALWAYS RULE": fact(AX),
    "DISABLE RULE": fact(AX),
    "ENABLE ROW LEVEL SECURITY": fact(AX),
    "DISABLE ROW LEVEL SECURITY": fact(AX),
    "FORCE ROW LEVEL SECURITY": fact(AX),
    "NO FORCE ROW LEVEL SECURITY": fact(AX),
    "CLUSTER ON": fact(SUX, also=(Also(reach.named_index, SUX, "the index"),)),
    "SET WITHOUT CLUSTER": fact(SUX),
    "SET WITHOUT OIDS": WHOLE,
    "SET ACCESS METHOD": fact(AX, rewrites=when.moves, wal_heavy=True),
    "SET TABLESPACE": fact(AX, rewrites=when.moves, wal_heavy=True),
    "SET LOGGED": fact(AX, rewrites=when.becomes_logged, wal_heavy=True),
    "SET UNLOGGED": fact(AX, rewrites=when.becomes_logged),
    "SET PARAMETERS": fact(mode_of=when.parameters),
    "RESET PARAMETERS": fact(mode_of=when.parameters),
    "INHERIT": fact(AX, also=(Also(reach.mentioned(Role.PARENT), SUX, "the parent"),)),
    "NO INHERIT": fact(AX, also=(Also(reach.mentioned(Role.PARENT), AS, "the parent"),)),
    "OF": fact(AX),
    "NOT OF": fact(AX),
    "OWNER TO": fact(
        AX,
        also=(
            Also(reach.own_indexes, AX, INDEX_OF_TABLE),
            Also(reach.owned_sequences, AX, "its sequence"),
        ),
    ),
    "REPLICA IDENTITY": fact(AX, also=(Also(reach.named_index, S, "the index"),)),
    "RENAME": fact(
        AX,
        inverse=lambda case: (
            f"ALTER TABLE {case.operation.new_name} RENAME TO {case.operation.relation.name}"
            if case.operation.relation is not None
            else None
        ),
    ),
    "RENAME COLUMN": fact(
        AX,
        children=True,
        inverse=lambda case: (
            f"ALTER TABLE {case.operation.relation} RENAME COLUMN {case.operation.new_name} TO {case.operation.column}"
        ),
    ),
    "RENAME CONSTRAINT": fact(
        AX,
        also=(
            Also(reach.index_of_constraint, SUX, "the index of the constraint"),
            Also(children.children_with_check, AX, PARTITION),
        ),
    ),
    "SET SCHEMA": fact(AX, also=(Also(reach.owned_sequences, AX, "its sequence"),)),
    "ATTACH PARTITION": fact(
        SUX,
        also=(
            Also(reach.partition_with_children, AX, "the partition"),
            Also(reach.default_partition, AX, "the default partition"),
            Also(reach.parents_indexes, SUX, INDEX_OF_TABLE),
            Also(reach.referencing_parent_from_15, SRX, "it references the table"),
            Also(reach.referencing_parent_before_15, AS, "it references the table"),
            Also(reach.referenced_by_parent, SRX, REFERENCED),
        ),
        scans=scans.attach_scans,
    ),
    "DETACH PARTITION": fact(
        AX,
        also=(
            Also(reach.partition_with_children, AX, "the partition"),
            Also(reach.indexes_of_partition, AX, "an index of the partition"),
            Also(reach.default_partition, AX, "the default partition"),
            Also(reach.referencing_parent, AX, "it references the table"),
            Also(reach.referenced_by_parent, SRX, REFERENCED),
        ),
        scans=reach.referencing_parent,
    ),
    "DETACH PARTITION CONCURRENTLY": fact(
        SUX,
        also=(
            Also(reach.partition_with_children, AX, "the partition", late=True),
            Also(reach.indexes_of_partition, AX, "an index of the partition", late=True),
        ),
    ),
    "SPLIT PARTITION": REPARTITIONS,
    "MERGE PARTITIONS": REPARTITIONS,
    "DETACH PARTITION FINALIZE": fact(SUX, also=(Also(reach.partition_with_children, AX, "the partition"),)),
    "ALL IN TABLESPACE": fact(unnamed=unnamed.all_in_tablespace("every table there"), wal_heavy=True),
}
FACTS = {f"ALTER TABLE {action}": each for action, each in ACTIONS.items()}
_FOREIGN = {
    f"ALTER FOREIGN TABLE {action}": each
    for action, each in ACTIONS.items()
    if action not in ("ADD CONSTRAINT USING INDEX", "ATTACH PARTITION", "DETACH PARTITION")
}
FACTS |= _FOREIGN | {
    "ALTER FOREIGN TABLE ALTER COLUMN OPTIONS": fact(AX),
    "ALTER FOREIGN TABLE OPTIONS": fact(AX),
}
