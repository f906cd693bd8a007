"""Indexes that are taken away before their successor is there, that are not needed, or that kept values unique."""

from collections.abc import Iterator

from zdtui.counted import counted
from zdtui.hazards.context import Context
from zdtui.hazards.hazard import Safer, Severity
from zdtui.hazards.rule import DOCUMENTATION, Example, Found, Rule, in_use, on
from zdtui.sql.operation import Operation, Role
from zdtui.sql.schema.relations import Relation
from zdtui.sql.text.name import Name

USERS = (
    "CREATE TABLE users (id bigint PRIMARY KEY, name text, age int, city text);"
    " CREATE INDEX users_name ON users (name); CREATE UNIQUE INDEX users_age ON users (age)"
)
DROPS = ("DROP INDEX", "DROP INDEX CONCURRENTLY")
CREATES = ("CREATE INDEX", "CREATE INDEX CONCURRENTLY")
MOST_COLUMNS = 3


def _dropped(context: Context, operation: Operation) -> Iterator[Relation]:
    """Indexes that are known, in use, and dropped by it."""
    for name in (operation.relation, *operation.mentioned(Role.ALSO)):
        known = context.schema.find(name)
        if known is not None and known.table is not None and not context.fresh(known.name):
            yield known


@in_use(*DROPS)
def _dropped_first(context: Context, each: Operation) -> Iterator[Found]:
    if not context.forward:
        return
    for index in _dropped(context, each):
        table = index.table
        to_come = () if table is None else tuple(context.indexes_to_come(table))
        if any(_takes_over(index, new) for new in to_come):
            yield Found(
                sentence=f"from the drop of {index.name} until the new index is built, queries that need it read "
                f"{table} from end to end",
                safer=Safer(
                    sentence="build the new index first, under another name; drop the old one when it is there, and "
                    "rename if the name matters"
                ),
            )


def _takes_over(old: Relation, new: Operation) -> bool:
    same_name = new.object is not None and new.object.name == old.name.name
    return same_name or (bool(old.indexed) and old.indexed[:1] == new.columns[:1])


@in_use(*DROPS)
def _no_longer_unique(context: Context, each: Operation) -> Iterator[Found]:
    unique = [index for index in _dropped(context, each) if index.unique]
    if context.forward and not context.is_contract:
        for index in unique:
            if not any("UNIQUE" in new.words for new in context.indexes_to_come(index.table or index.name)):
                yield _lost(str(index.table), ", ".join(index.indexed))


@in_use("ALTER TABLE DROP CONSTRAINT")
def _key_dropped(context: Context, each: Operation) -> Iterator[Found]:
    name = None if each.constraint is None else each.constraint.name
    table = Name(None, "") if each.relation is None else context.schema.resolve(each.relation)
    index = context.schema.index_of_constraint(table, name)
    again = any(one.kind.startswith("ALTER TABLE ADD CONSTRAINT") for one in context.operations)
    if index is not None and context.forward and not context.is_contract and not again:
        yield _lost(str(table), ", ".join(index.indexed), key=index.primary)


def _lost(table: str, columns: str, *, key: bool = False) -> Found:
    also = "; foreign keys can no longer point here, and logical replication loses its replica identity" if key else ""
    return Found(
        sentence=f"nothing keeps {columns} of {table} unique from now on: duplicates that come in stay, "
        f"and ON CONFLICT ({columns}) fails at once{also}",
        safer=Safer(sentence="drop it in contract, once no code relies on it; keep another unique index if some does"),
    )


@in_use(*CREATES)
def _duplicate(context: Context, each: Operation) -> Iterator[Found]:
    """A unique one is told apart: a constraint may be made of it."""
    plain = each.where is None and not each.words & {"EXPRESSION", "UNIQUE"} and each.type in (None, "btree")
    if each.relation is None or not plain:
        return
    for index in context.schema.indexes_of(context.schema.resolve(each.relation)):
        same_name = each.object is not None and each.object.name == index.name.name
        if index.plain and index.indexed == each.columns and not same_name:
            yield Found(
                sentence=f"{index.name} is on the same columns already: one more makes each write slower and no query "
                "faster",
                safer=Safer(sentence="leave it out, or drop the other one afterwards"),
            )
            return


@on(*CREATES)
def _wide(context: Context, each: Operation) -> Iterator[Found]:
    if "UNIQUE" not in each.words and len(each.columns) > MOST_COLUMNS and each.type in (None, "btree"):
        yield Found(
            sentence=f"an index of {counted(len(each.columns), 'column')} is large, and seldom serves a query "
            f"better than its first {MOST_COLUMNS}",
            safer=Safer(sentence="index the columns that find the rows; what is only read may be in INCLUDE"),
        )


RULES = (
    Rule(
        name="index-dropped-first",
        severity=Severity.WARN,
        title="An index is replaced by dropping it first",
        why="While the new index is built, which may take hours, the queries that need the old one have none.",
        find=_dropped_first,
        example=Example(
            given=USERS,
            bad="DROP INDEX CONCURRENTLY IF EXISTS users_name;\n"
            "CREATE INDEX CONCURRENTLY IF NOT EXISTS users_name_city ON users (name, city);",
            good="CREATE INDEX CONCURRENTLY IF NOT EXISTS users_name_city ON users (name, city);\n"
            "DROP INDEX CONCURRENTLY IF EXISTS users_name;",
        ),
        sources=(f"{DOCUMENTATION}sql-reindex.html#SQL-REINDEX-CONCURRENTLY",),
    ),
    Rule(
        name="uniqueness-lost",
        severity=Severity.WARN,
        title="A unique index or a key is dropped outside of contract",
        why="Code that relies on it makes duplicates that nobody sees, and INSERT ... ON CONFLICT on its "
        "columns fails.",
        find=(_no_longer_unique, _key_dropped),
        example=Example(
            given=USERS,
            bad="DROP INDEX CONCURRENTLY IF EXISTS users_age;",
            good="DROP INDEX CONCURRENTLY IF EXISTS users_name;",
        ),
        sources=(f"{DOCUMENTATION}sql-insert.html#SQL-ON-CONFLICT",),
    ),
    Rule(
        name="duplicate-index",
        severity=Severity.NOTE,
        title="An index on columns that have one",
        why="Each write keeps both up to date, and the planner needs one.",
        find=_duplicate,
        example=Example(
            given=USERS,
            bad="CREATE INDEX CONCURRENTLY IF NOT EXISTS users_again ON users (name);",
            good="CREATE INDEX CONCURRENTLY IF NOT EXISTS users_city ON users (city);",
        ),
        sources=(f"{DOCUMENTATION}indexes-multicolumn.html",),
    ),
    Rule(
        name="wide-index",
        severity=Severity.NOTE,
        title="An index of more than three columns",
        why="Every write pays for it, and the columns behind the first three seldom narrow a search further.",
        find=_wide,
        example=Example(
            given=USERS,
            bad="CREATE INDEX CONCURRENTLY IF NOT EXISTS users_all ON users (name, age, city, id);",
            good="CREATE INDEX CONCURRENTLY IF NOT EXISTS users_all ON users (name, age, city);",
        ),
        sources=(f"{DOCUMENTATION}indexes-multicolumn.html",),
    ),
)
