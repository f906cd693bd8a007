"""Constraints that are proved while others wait."""

from collections.abc import Iterator

from zdtui.hazards.context import Context
from zdtui.hazards.hazard import Safer, Severity
from zdtui.hazards.rewriting import not_valid
from zdtui.hazards.rule import DOCUMENTATION, Example, Found, Rule, safer
from zdtui.sql.operation import ConstraintKind, Operation
from zdtui.sql.quote import quote_identifier

ALTER_TABLE = f"{DOCUMENTATION}sql-altertable.html"
TWO = "CREATE TABLE org (id int PRIMARY KEY); CREATE TABLE users (id int NOT NULL, org_id int, age int)"


def _unproven(context: Context) -> Iterator[Found]:
    for each in context.of_kind("ALTER TABLE ADD CONSTRAINT"):
        constraint = each.constraint
        if constraint is None or constraint.not_valid or constraint.not_enforced:
            continue
        if constraint.kind not in (ConstraintKind.CHECK, ConstraintKind.FOREIGN_KEY, ConstraintKind.NOT_NULL):
            continue
        if constraint.kind is ConstraintKind.NOT_NULL and not context.own_effects(each).scans:
            continue
        key = constraint.kind is ConstraintKind.FOREIGN_KEY
        who = "writes" if key else "reads or writes"
        both = f"{each.relation} and {constraint.references}" if key else str(each.relation)
        yield Found(
            sentence=f"nobody {who} {both} until every row of {each.relation} has been looked at",
            safer=_then(context, each),
        )


def _then(context: Context, operation: Operation) -> Safer | None:
    """Only for a statement of one action: of several, which one NOT VALID belongs to has to be said by a person."""
    constraint = operation.constraint
    if constraint is None or len(context.operations) != 1:
        return None
    name = constraint.name or f"{operation.relation.name if operation.relation else ''}_..."
    return safer(
        "add it NOT VALID, which looks at new rows only, and validate it in a later step, under a lock that keeps out "
        "neither readers nor writers",
        not_valid(context.statement.text),
        f"ALTER TABLE {operation.relation} VALIDATE CONSTRAINT {quote_identifier(name)}",
        fixable=constraint.name is not None,
    )


def _new_column_key(context: Context) -> Iterator[Found]:
    for each in context.of_kind("ALTER TABLE ADD COLUMN"):
        column = each.definition
        kinds = {one.kind for one in column.constraints} if column is not None else set()
        own = context.own_effects(each)
        if not own.scans or own.rewrites or column is None:
            continue
        what = (
            "CHECK" if ConstraintKind.CHECK in kinds else "UNIQUE" if ConstraintKind.UNIQUE in kinds else "REFERENCES"
        )
        yield Found(
            sentence=f"nobody uses {each.relation} until {what} on {column.name} has been proved row by row",
            safer=safer(
                "add the bare column, then the constraint by itself in its gentle form",
                f"ALTER TABLE {each.relation} ADD COLUMN {column.name} {column.type}",
            ),
        )


def _same_transaction(context: Context) -> Iterator[Found]:
    added = {
        (each.relation, each.constraint.name)
        for seen in context.before
        for each in seen.operations
        if each.kind == "ALTER TABLE ADD CONSTRAINT" and each.constraint is not None
    }
    for each in context.of_kind("ALTER TABLE VALIDATE CONSTRAINT"):
        if each.constraint is not None and (each.relation, each.constraint.name) in added:
            yield Found(
                severity=Severity.WARN if context.assumed else None,
                sentence=f"the strong lock of ADD CONSTRAINT is still held while {each.relation} is read whole: NOT "
                "VALID "
                "was for nothing",
                safer=Safer(sentence="validate in a step of its own, after the one that adds the constraint"),
            )


def _unique(context: Context) -> Iterator[Found]:
    for each in context.of_kind("ALTER TABLE ADD CONSTRAINT"):
        constraint = each.constraint
        if constraint is None or constraint.kind not in (ConstraintKind.UNIQUE, ConstraintKind.PRIMARY_KEY):
            continue
        table = each.relation.name if each.relation is not None else ""
        columns = ", ".join(constraint.columns)
        suffix = "pkey" if constraint.kind is ConstraintKind.PRIMARY_KEY else "key"
        name = constraint.name or "_".join((table, *(constraint.columns if suffix == "key" else ()), suffix))
        yield Found(
            sentence=f"nobody reads or writes {each.relation} until its index is built",
            safer=safer(
                "build the index beside the traffic, then make the constraint of it in a moment",
                f"CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS {name} ON {each.relation} ({columns})",
                f"ALTER TABLE {each.relation} ADD CONSTRAINT {name} {constraint.kind} USING INDEX {name}",
            ),
        )


def _exclusion(context: Context) -> Iterator[Found]:
    for each in context.of_kind("ALTER TABLE ADD CONSTRAINT"):
        if each.constraint is not None and each.constraint.kind is ConstraintKind.EXCLUDE:
            yield Found(
                sentence=f"nobody reads or writes {each.relation} until its index is built, and no gentler way exists",
                safer=Safer(sentence="make the constraint on a new table and move the rows: see move-to-new-table"),
            )


def _attach(context: Context) -> Iterator[Found]:
    for each in context.of_kind("ALTER TABLE ATTACH PARTITION"):
        if context.own_effects(each).scans:
            yield Found(
                sentence=f"the partition is read whole under ACCESS EXCLUSIVE, and so is {each.relation}'s default "
                "partition "
                "if it has one",
                safer=Safer(
                    sentence="first give the partition a CHECK that says the same as its bound, NOT VALID, validate "
                    "it, and "
                    "build its indexes; then ATTACH reads nothing"
                ),
            )


def _detach(context: Context) -> Iterator[Found]:
    for each in context.of_kind("ALTER TABLE DETACH PARTITION"):
        if context.version >= 14:
            yield Found(
                sentence=f"it queues for ACCESS EXCLUSIVE on {each.relation}, and everybody queues behind it",
                safer=safer(
                    "detach it concurrently, in a step of its own",
                    f"{context.statement.text.rstrip()} CONCURRENTLY",
                    fixable=True,
                ),
            )


RULES = (
    Rule(
        name="constraint-not-valid",
        severity=Severity.STOP,
        title="A foreign key or check that is proved at once",
        why="Without NOT VALID every row is looked at while the strong lock of ADD CONSTRAINT is held; a foreign key "
        "locks "
        "both tables. VALIDATE CONSTRAINT does the same work under SHARE UPDATE EXCLUSIVE.",
        find=_unproven,
        example=Example(
            given=TWO,
            bad="ALTER TABLE users ADD CONSTRAINT users_org FOREIGN KEY (org_id) REFERENCES org;",
            good="ALTER TABLE users ADD CONSTRAINT users_org FOREIGN KEY (org_id) REFERENCES org NOT VALID;",
        ),
        sources=(ALTER_TABLE,),
        squawk=("adding-foreign-key-constraint", "constraint-missing-not-valid"),
    ),
    Rule(
        name="new-column-constraint",
        severity=Severity.STOP,
        title="A new column whose constraint reads the whole table",
        why="CHECK, UNIQUE or REFERENCES written with the column are proved at once, under ACCESS EXCLUSIVE.",
        find=_new_column_key,
        example=Example(
            given=TWO,
            bad="ALTER TABLE users ADD COLUMN code int UNIQUE;",
            good="ALTER TABLE users ADD COLUMN code int;",
        ),
        sources=(ALTER_TABLE,),
        squawk=("disallowed-unique-constraint", "adding-foreign-key-constraint", "constraint-missing-not-valid"),
    ),
    Rule(
        name="validate-with-add",
        severity=Severity.STOP,
        title="VALIDATE in the transaction that added the constraint",
        why="The lock of ADD CONSTRAINT is held to the end of the transaction, so that the table is read whole under "
        "it.",
        find=_same_transaction,
        example=Example(
            given=TWO,
            bad="BEGIN;\nALTER TABLE users ADD CONSTRAINT age CHECK (age > 0) NOT VALID;\n"
            "ALTER TABLE users VALIDATE CONSTRAINT age;\nCOMMIT;",
            good="BEGIN;\nALTER TABLE users ADD CONSTRAINT age CHECK (age > 0) NOT VALID;\nCOMMIT;\n"
            "ALTER TABLE users VALIDATE CONSTRAINT age;",
        ),
        sources=(ALTER_TABLE,),
    ),
    Rule(
        name="unique-without-index",
        severity=Severity.STOP,
        title="UNIQUE or PRIMARY KEY that builds its index under the lock",
        why="The index is built under ACCESS EXCLUSIVE. Built CONCURRENTLY before, it becomes the constraint in a "
        "moment.",
        find=_unique,
        example=Example(
            given=TWO,
            bad="ALTER TABLE users ADD CONSTRAINT users_id UNIQUE (id);",
            good="CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS users_id ON users (id);\n"
            "ALTER TABLE users ADD CONSTRAINT users_id UNIQUE USING INDEX users_id;",
        ),
        sources=(ALTER_TABLE,),
        squawk=("disallowed-unique-constraint",),
    ),
    Rule(
        name="exclusion-constraint",
        severity=Severity.WARN,
        title="An exclusion constraint on a table in use",
        why="Its index is built under ACCESS EXCLUSIVE, and cannot be made of one that was built before.",
        find=_exclusion,
        example=Example(
            given=TWO,
            bad="ALTER TABLE users ADD CONSTRAINT one_each EXCLUDE USING btree (id WITH =);",
            good="CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS one_each ON users (id);",
        ),
        sources=(ALTER_TABLE,),
    ),
    Rule(
        name="attach-reads-partition",
        severity=Severity.WARN,
        title="ATTACH PARTITION that has to look at the rows",
        why="The rows are proved to be within the bound under ACCESS EXCLUSIVE on the partition, and the default "
        "partition "
        "is searched for rows that belong to the new one. A valid CHECK spares the first.",
        find=_attach,
        example=Example(
            given="CREATE TABLE m (at date NOT NULL) PARTITION BY RANGE (at); CREATE TABLE m_1 (at date NOT NULL)",
            bad="ALTER TABLE m ATTACH PARTITION m_1 FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');",
            good="ALTER TABLE m_1 ADD CONSTRAINT bound CHECK (at >= '2026-01-01' AND at < '2026-02-01') NOT VALID;",
        ),
        sources=(f"{DOCUMENTATION}ddl-partitioning.html",),
    ),
    Rule(
        name="detach-blocks",
        severity=Severity.WARN,
        title="DETACH PARTITION without CONCURRENTLY",
        why="It takes ACCESS EXCLUSIVE on the partitioned table. From PostgreSQL 14 on CONCURRENTLY does without.",
        find=_detach,
        example=Example(
            given="CREATE TABLE m (at date) PARTITION BY RANGE (at);"
            " CREATE TABLE m_1 PARTITION OF m FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')",
            bad="ALTER TABLE m DETACH PARTITION m_1;",
            good="ALTER TABLE m DETACH PARTITION m_1 CONCURRENTLY;",
        ),
        sources=(ALTER_TABLE,),
    ),
)
