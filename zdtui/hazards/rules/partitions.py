"""Partitions that come and go."""

from collections.abc import Iterator

from zdtui.hazards.context import Context
from zdtui.hazards.hazard import Safer, Severity
from zdtui.hazards.rewriting import with_words_at_end
from zdtui.hazards.rule import DOCUMENTATION, Example, Found, Rule, in_use, on, safer
from zdtui.hazards.wording import some
from zdtui.sql.operation import Operation, Role
from zdtui.sql.text.name import Name

ALTER_TABLE = f"{DOCUMENTATION}sql-altertable.html"
PARTITIONING = f"{DOCUMENTATION}ddl-partitioning.html"
MEASURES = (
    "CREATE TABLE m (at date NOT NULL) PARTITION BY RANGE (at);"
    " CREATE TABLE m_0 PARTITION OF m FOR VALUES FROM ('2025-12-01') TO ('2026-01-01')"
)
CONCURRENTLY_SINCE = 14


@in_use("ALTER TABLE ATTACH PARTITION")
def _attach(context: Context, each: Operation) -> Iterator[Found]:
    scans = [name for name in context.own_effects(each).scans if not context.fresh(name)]
    partitions = set(map(context.schema.resolve, each.mentioned(Role.PARTITION)))
    own, default = (
        [name for name in scans if name in partitions],
        [name for name in scans if name not in partitions],
    )
    if own:
        yield Found(
            sentence=f"{some(own)} is read whole under ACCESS EXCLUSIVE to prove its bound and build its indexes"
            f"{f', and so is {some(default)}, the default partition' if default else ''}",
            safer=Safer(
                sentence="first give the partition a CHECK that says the same as its bound, NOT VALID, validate "
                "it, and build its indexes; then ATTACH reads nothing of it"
            ),
        )
    elif default:
        yield _default(default)


@on("CREATE TABLE PARTITION OF")
def _create(context: Context, each: Operation) -> Iterator[Found]:
    default = [name for name in context.own_effects(each).scans if not context.fresh(name)]
    if default:
        yield _default(default)


@on("CREATE TABLE PARTITION OF", "ALTER TABLE INHERIT")
def _joined(context: Context, each: Operation) -> Iterator[Found]:
    parents = [name for name in each.mentioned(Role.PARENT) if not context.fresh(name)]
    if not parents or not context.forward or context.fresh(each.relation):
        return
    if each.kind == "ALTER TABLE INHERIT":
        yield Found(sentence=f"every query on {some(parents)} reads {each.relation} too from the moment this commits")
        return
    yield Found(
        sentence=f"it queues for ACCESS EXCLUSIVE on {some(parents)}, and everybody queues behind it",
        safer=Safer(
            sentence="make the table with LIKE, give it a CHECK that says the same as its bound, and ATTACH it: that "
            "takes SHARE UPDATE EXCLUSIVE on the partitioned table, which keeps nobody out"
        ),
    )


def _default(default: list[Name]) -> Found:
    return Found(
        sentence=f"{some(default)}, the default partition, is read whole under ACCESS EXCLUSIVE, for rows that belong "
        "to the new one",
        safer=Safer(
            sentence="first give the default partition a CHECK that leaves the new bound out, NOT VALID, and validate "
            "it; better keep no default partition"
        ),
    )


@in_use("ALTER TABLE DETACH PARTITION")
def _detach(context: Context, each: Operation) -> Iterator[Found]:
    known = context.schema.find(each.relation)
    children = () if known is None else tuple(context.schema.children_of(known.name))
    if context.version < CONCURRENTLY_SINCE or any(child.is_default for child in children):
        yield Found(sentence=f"it queues for ACCESS EXCLUSIVE on {each.relation}, and everybody queues behind it")
        return
    yield Found(
        sentence=f"it queues for ACCESS EXCLUSIVE on {each.relation}, and everybody queues behind it",
        safer=safer(
            "detach it concurrently, in a step of its own; a partitioned table with a default partition refuses",
            with_words_at_end(context.statement.text, "CONCURRENTLY"),
            fixable=bool(children),
        ),
    )


RULES = (
    Rule(
        name="partition-queues",
        severity=Severity.NOTE,
        title="A partition that is made in place, or a child that comes",
        why="CREATE TABLE ... PARTITION OF takes ACCESS EXCLUSIVE on the partitioned table for a moment, and so waits "
        "for every query on any of its partitions. ATTACH PARTITION does without.",
        find=_joined,
        example=Example(
            given=MEASURES,
            bad="CREATE TABLE m_1 PARTITION OF m FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');",
            good="CREATE TABLE m_1 (LIKE m INCLUDING ALL);",
        ),
        sources=(PARTITIONING,),
    ),
    Rule(
        name="attach-reads-partition",
        severity=Severity.WARN,
        title="A partition that comes, and for which rows have to be looked at",
        why="ATTACH proves under ACCESS EXCLUSIVE that the rows are within the bound; a valid CHECK spares that. And "
        "the default partition is searched for rows that belong to the new one.",
        find=(_attach, _create),
        example=Example(
            given=f"{MEASURES}; CREATE TABLE m_1 (at date NOT NULL)",
            bad="ALTER TABLE m ATTACH PARTITION m_1 FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');",
            good="ALTER TABLE m_1 ADD CONSTRAINT bound CHECK (at >= '2026-01-01' AND at < '2026-02-01') NOT VALID;",
        ),
        sources=(PARTITIONING,),
    ),
    Rule(
        name="detach-blocks",
        severity=Severity.WARN,
        title="DETACH PARTITION without CONCURRENTLY",
        why="It takes ACCESS EXCLUSIVE on the partitioned table. From PostgreSQL 14 on CONCURRENTLY does without.",
        find=_detach,
        example=Example(
            given=MEASURES,
            bad="ALTER TABLE m DETACH PARTITION m_0;",
            good="ALTER TABLE m DETACH PARTITION m_0 CONCURRENTLY;",
        ),
        sources=(ALTER_TABLE,),
    ),
)
