"""Indexes and materialized views that are built while others wait."""

from collections.abc import Iterator

from zdtui.hazards.context import Context
from zdtui.hazards.hazard import Safer, Severity
from zdtui.hazards.rewriting import concurrently, with_words_after
from zdtui.hazards.rule import DOCUMENTATION, Example, Found, Rule, in_use, safer, with_rows
from zdtui.hazards.safer_ways.by_partition import index_by_partition
from zdtui.sql.operation import Operation, Role
from zdtui.sql.schema.relations import RelationKind
from zdtui.sql.text.name import Name

USERS = "CREATE TABLE users (id int PRIMARY KEY, name text); CREATE INDEX users_name_idx ON users (name)"


def _partitioned(context: Context, name: Name | None) -> bool:
    known = context.schema.find(name)
    if known is None:
        return False
    of_one = known.table is not None and _partitioned(context, known.table)
    return of_one or known.kind in (RelationKind.PARTITIONED, RelationKind.PARTITIONED_INDEX)


@with_rows("CREATE INDEX")
def _create(context: Context, each: Operation) -> Iterator[Found]:
    text = context.statement.text
    if _partitioned(context, each.relation):
        if "ONLY" in each.words:
            return
        yield Found(
            sentence=f"nobody writes {each.relation} or its partitions until the index is built",
            safer=index_by_partition(context, each),
        )
        return
    yield Found(
        sentence=f"nobody writes {each.relation} until the index is built",
        safer=safer(
            "build it beside the traffic, in a step of its own", concurrently(text, "CREATE INDEX"), fixable=True
        ),
    )


@in_use("DROP INDEX")
def _drop(context: Context, each: Operation) -> Iterator[Found]:
    known = context.schema.find(each.relation)
    table = f" on {known.table}" if known is not None and known.table is not None else ""
    yield Found(
        sentence=f"it queues for ACCESS EXCLUSIVE{table}, and every query on the table queues behind it",
        safer=None if _partitioned(context, each.relation) else _one_by_one(context, each),
    )


def _one_by_one(context: Context, operation: Operation) -> Safer | None:
    """CONCURRENTLY takes one index at a time, and no CASCADE."""
    names = [name for name in (operation.relation, *operation.mentioned(Role.ALSO)) if name is not None]
    sentence = "drop it beside the traffic, in a step of its own"
    if "CASCADE" in operation.words:
        return Safer(sentence="drop first what depends on it, then the index CONCURRENTLY, which takes no CASCADE")
    if len(names) == 1:
        return safer(sentence, concurrently(context.statement.text, "DROP INDEX"), fixable=True)
    return safer(sentence, *(f"DROP INDEX CONCURRENTLY IF EXISTS {name}" for name in names))


@with_rows("REINDEX INDEX", "REINDEX TABLE", "REINDEX SCHEMA", "REINDEX DATABASE", "REINDEX SYSTEM")
def _reindex(context: Context, each: Operation) -> Iterator[Found]:
    can = each.kind != "REINDEX SYSTEM"
    yield Found(
        sentence=f"nobody writes the table of {each.relation or 'any index'}, and queries that would use the index "
        "wait, until it is built anew",
        safer=safer("build it anew beside the traffic", concurrently(context.statement.text, each.kind), fixable=True)
        if can
        else None,
    )


@in_use("REFRESH MATERIALIZED VIEW")
def _refresh(context: Context, each: Operation) -> Iterator[Found]:
    text = with_words_after(context.statement.text, ("MATERIALIZED", "VIEW"), "CONCURRENTLY")
    if "WITH NO DATA" in each.words:
        yield Found(
            sentence=f"{each.relation} is emptied, and every query on it fails until it is refreshed",
            safer=Safer(sentence="leave it out, or drop the view in contract"),
        )
        return
    yield Found(
        sentence=f"nobody reads {each.relation} until its query is done",
        safer=safer("refresh it while it is read; it needs a unique index without WHERE", text),
    )


RULES = (
    Rule(
        name="create-index-blocks-writes",
        severity=Severity.STOP,
        title="CREATE INDEX without CONCURRENTLY",
        why="It takes SHARE on the table for as long as the build takes: every INSERT, UPDATE and DELETE waits. "
        "CONCURRENTLY takes longer, cannot be in a transaction, and lets everybody work.",
        find=_create,
        example=Example(
            given=USERS,
            bad="CREATE INDEX users_id_name ON users (id, name);",
            good="CREATE INDEX CONCURRENTLY IF NOT EXISTS users_id_name ON users (id, name);",
        ),
        sources=(f"{DOCUMENTATION}sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY",),
        squawk=("require-concurrent-index-creation",),
    ),
    Rule(
        name="drop-index-blocks",
        severity=Severity.WARN,
        title="DROP INDEX without CONCURRENTLY",
        why="The drop itself is quick, but it waits for ACCESS EXCLUSIVE on the table behind every running query, and "
        "everybody else waits behind it.",
        find=_drop,
        example=Example(
            given=USERS, bad="DROP INDEX users_name_idx;", good="DROP INDEX CONCURRENTLY IF EXISTS users_name_idx;"
        ),
        sources=(f"{DOCUMENTATION}sql-dropindex.html",),
        squawk=("require-concurrent-index-deletion",),
    ),
    Rule(
        name="reindex-blocks",
        severity=Severity.STOP,
        title="REINDEX without CONCURRENTLY",
        why="It keeps out writers of the table and locks the index away from readers until it is built anew.",
        find=_reindex,
        example=Example(
            given=USERS, bad="REINDEX INDEX users_name_idx;", good="REINDEX INDEX CONCURRENTLY users_name_idx;"
        ),
        sources=(f"{DOCUMENTATION}sql-reindex.html#SQL-REINDEX-CONCURRENTLY",),
        squawk=("require-concurrent-reindex",),
    ),
    Rule(
        name="refresh-blocks-reads",
        severity=Severity.WARN,
        title="REFRESH MATERIALIZED VIEW without CONCURRENTLY",
        why="It takes ACCESS EXCLUSIVE on the view for as long as its query runs. WITH NO DATA empties it, and every "
        "query on it then fails.",
        find=_refresh,
        example=Example(
            given="CREATE TABLE t (id int); CREATE MATERIALIZED VIEW m AS SELECT id FROM t; CREATE UNIQUE INDEX ON m "
            "(id)",
            bad="REFRESH MATERIALIZED VIEW m;",
            good="REFRESH MATERIALIZED VIEW CONCURRENTLY m;",
        ),
        sources=(f"{DOCUMENTATION}sql-refreshmaterializedview.html",),
        squawk=("require-concurrent-refresh",),
    ),
)
