"""Rows that are changed or thrown away in one go, and commands that lock a whole table."""

import re
from collections.abc import Iterator

from zdtui.hazards.bounded import is_batch, is_everything
from zdtui.hazards.context import Context
from zdtui.hazards.hazard import PlannedStep, Safer, Severity
from zdtui.hazards.rule import DOCUMENTATION, Example, Found, Rule, in_use, on, safer, with_rows
from zdtui.plan.model import Phase
from zdtui.plan.yaml_text import scalar
from zdtui.sql.lock_modes import LockMode
from zdtui.sql.operation import Operation, Role
from zdtui.sql.predict import UNOBSERVED_DOUBT
from zdtui.sql.text.pieces import Source
from zdtui.sql.text.quote import quote_identifier, read_name
from zdtui.sql.text.tokens import tokens
from zdtui.steps.kind import Use

USERS = "CREATE TABLE users (id int PRIMARY KEY, name text, age int); CREATE INDEX users_age ON users (age)"

VALUE = r"(?:'(?:[^']|'')*'|[+-]?[0-9][0-9.]*|\$[0-9]+|:'?\w+'?)(?:\s*::\s*[\w.]+)?"
BY_VALUE = re.compile(
    rf"""\s*\(*\s*(?:"?\w+"?\.)*(?P<column>"?\w+"?)\s*(?:=\s*{VALUE}|in\s*\(\s*{VALUE}(?:\s*,\s*{VALUE})*+\s*\))""",
    re.IGNORECASE,
)
"""A column that has to be a value, or one of a list of values."""
ALTERNATIVE = re.compile(r"\bor\b", re.IGNORECASE)


@with_rows("UPDATE", "DELETE")
def _unbatched(context: Context, each: Operation) -> Iterator[Found]:
    if each.relation is None or _names_one(context, each):
        return
    where = each.where or ""
    if is_batch(context.statement.text, where, _keys(context, each)):
        return
    every = (not where and not each.mentioned(Role.READ)) or is_everything(where)
    verb = "changes" if each.kind == "UPDATE" else "deletes"
    what = "every row" if every else "all the rows it finds"
    yield Found(
        severity=Severity.STOP if every else Severity.WARN,
        sentence=f"it {verb} {what} of {each.relation} in one transaction: whoever writes one of them waits for "
        "the end, standbys fall behind, and VACUUM can clean up nothing meanwhile",
        safer=_batches(context, each),
    )


@in_use("INSERT", "MERGE")
def _copied(context: Context, each: Operation) -> Iterator[Found]:
    """INSERT ... SELECT and MERGE into a table in use from one in use; a copy step does it in batches already."""
    if context.step is not None and any(each.use is Use.ADDED for each in context.step.action.tables):
        return
    read = [name for name in each.mentioned(Role.READ) if not context.fresh(name)]
    if read:
        yield Found(
            severity=Severity.WARN,
            sentence=f"all that it finds in {', '.join(map(str, read))} is written to {each.relation} in one "
            "transaction: standbys fall behind, VACUUM can clean up nothing meanwhile, and conflicting writes wait",
            safer=Safer(sentence="make it a copy step: keyset batches, each committed, throttled, resumable"),
        )


@on("CREATE TABLE AS", "SELECT INTO", "CREATE MATERIALIZED VIEW")
def _kept(context: Context, each: Operation) -> Iterator[Found]:
    """What a query finds is written to a new table: nobody waits, and it is one long transaction all the same."""
    read = [name for name in each.mentioned(Role.READ) if not context.fresh(name)]
    if read and context.forward and not each.words & {"WITH NO DATA", "TEMPORARY"}:
        yield Found(
            severity=Severity.WARN,
            sentence=f"all that it finds in {', '.join(map(str, read))} is written to {each.relation} in one "
            "transaction: VACUUM can clean up nothing meanwhile, standbys get it at once, and what is written there "
            "later is missing",
            safer=Safer(sentence="make the table empty, keep it in step with a trigger, and fill it by a copy step"),
        )


@in_use("COPY FROM")
def _loaded(context: Context, each: Operation) -> Iterator[Found]:
    if context.forward:
        yield Found(
            severity=Severity.WARN,
            sentence=f"all that is read is written to {each.relation} in one transaction: standbys fall behind, and "
            "conflicting writes wait for its end",
            safer=Safer(sentence="load it into a table of its own, and copy from there in batches"),
        )


@on("SELECT")
def _locked(context: Context, each: Operation) -> Iterator[Found]:
    words = [token.upper for token in tokens(context.statement.text)] if each.mentioned(Role.ROWS_LOCKED) else []
    locked = [name for name in each.mentioned(Role.ROWS_LOCKED) if not context.fresh(name)]
    if locked and context.forward and "WHERE" not in words and not {"LIMIT", "FETCH"} & set(words):
        yield Found(
            severity=Severity.WARN,
            sentence=f"every row of {', '.join(map(str, locked))} is locked one by one: whoever writes one of them "
            "waits until the transaction ends",
            safer=Safer(sentence="lock the rows that are needed, by key, or with LIMIT and SKIP LOCKED"),
        )


def _names_one(context: Context, operation: Operation) -> bool:
    """Whether WHERE asks for a key by its value: id = 7, id IN (1, 2, 3). A join is as many rows as it finds."""
    asked = BY_VALUE.match(operation.where or "")
    if asked is None or operation.mentioned(Role.READ) or ALTERNATIVE.search(operation.where or ""):
        return False
    written = asked["column"]
    return (written.strip('"') if written.startswith('"') else written.lower()) in _keys(context, operation)


def _keys(context: Context, operation: Operation) -> frozenset[str]:
    """Columns of which each value is that of one row; where the table is not known, what such columns are called."""
    known = context.schema.find(operation.relation)
    keys = {"id", "uuid"} if known is not None and known.columns else {"id", "uuid", "key", "name", "slug", "code"}
    if known is not None:
        unique = (index for index in context.schema.indexes_of(known.name) if index.unique)
        keys |= {index.indexed[0] for index in unique if len(index.indexed) == 1}
    return frozenset(keys)


def _batches(context: Context, operation: Operation) -> Safer:
    if operation.kind == "DELETE":
        return Safer(sentence="delete in batches by key, each in a transaction of its own, with a rest between them")
    sentence = "make it a backfill step: keyset batches, each committed with its checkpoint, throttled, resumable"
    sets = assignments(operation.expression or "")
    if sets is None or operation.relation is None or operation.mentioned(Role.READ):
        return Safer(sentence=sentence)
    lines = ["backfill:", f"  table: {scalar(str(operation.relation))}", "  set:"]
    lines += [f"    {scalar(column)}: {scalar(expression)}" for column, expression in sets]
    lines += [f"  where: {scalar(operation.where)}"] if operation.where else []
    step, phase = context.step, Phase.BACKFILL
    name, title = ("backfill", f"Change {operation.relation} in batches") if step is None else (step.id, step.title)
    lines += ["rollback:", "  irreversible: the values from before are not kept"] if step is None else []
    planned = PlannedStep(id=name, title=title, phase=phase, yaml="\n".join(lines), own=step is not None)
    return Safer(sentence=sentence, steps=(planned,))


def assignments(expression: str) -> list[tuple[str, str]] | None:
    """The SET list as columns (as written) and expressions; None where it is not one expression for each column."""
    source, found = Source(expression), []
    for first, end in source.parts:
        sign = next((place for place in range(first, end) if source.tokens[place].text == "="), None)
        column, value = source.cut(first, sign or first), source.cut((sign or end) + 1, end)
        if column is None or value is None or read_name(column) is None:
            return None
        found.append((column, value))
    return found or None


@with_rows("VACUUM FULL", "CLUSTER")
def _rewrites_all(context: Context, each: Operation) -> Iterator[Found]:
    yield Found(
        sentence=f"{each.relation or 'every table'} is written anew under ACCESS EXCLUSIVE: nobody reads or "
        "writes it until that is done",
        safer=Safer(
            sentence="plain VACUUM lets everybody work and gives the space to new rows; pg_repack or pg_squeeze "
            "shrink a table in use",
            sql=f"VACUUM (ANALYZE) {each.relation};" if each.relation is not None else "VACUUM (ANALYZE);",
        ),
    )


@with_rows("REPACK")
def _repacks(context: Context, each: Operation) -> Iterator[Found]:
    yield Found(
        sentence=f"{each.relation or 'every table'} is written anew under ACCESS EXCLUSIVE: nobody reads or "
        "writes it until that is done",
        safer=Safer(
            sentence="CONCURRENTLY copies while others work, outside a transaction, and takes ACCESS EXCLUSIVE "
            "only for a moment at the end",
            sql=f"REPACK (CONCURRENTLY) {each.relation};" if each.relation is not None else "",
        ),
    )


@with_rows("ALTER TABLE SPLIT PARTITION", "ALTER TABLE MERGE PARTITIONS")
def _partitions_copied(context: Context, each: Operation) -> Iterator[Found]:
    parts = ", ".join(str(name) for name in each.mentioned(Role.PARTITION))
    yield Found(
        sentence=f"the rows of {parts or 'the partitions'} are copied into new ones while {each.relation} is under "
        f"ACCESS EXCLUSIVE: nobody reads or writes it until that is done ({UNOBSERVED_DOUBT})",
        safer=Safer(sentence="make the new partitions as tables, move the rows in steps, and attach them"),
    )


@with_rows(
    "ALTER TABLE SET LOGGED",
    "ALTER TABLE SET UNLOGGED",
    "ALTER TABLE SET TABLESPACE",
    "ALTER TABLE SET ACCESS METHOD",
    "ALTER TABLE ALTER COLUMN SET EXPRESSION",
    "ALTER MATERIALIZED VIEW SET TABLESPACE",
    "ALTER MATERIALIZED VIEW SET ACCESS METHOD",
)
def _other_rewrites(context: Context, each: Operation) -> Iterator[Found]:
    if context.own_effects(each).rewrites:
        yield Found(
            sentence=f"{each.relation} is copied whole under ACCESS EXCLUSIVE: nobody reads or writes it meanwhile",
            safer=Safer(sentence="make a new table as it should be and move the rows: see move-to-new-table"),
        )


@on("ALTER TABLE ALL IN TABLESPACE", "ALTER INDEX ALL IN TABLESPACE", "ALTER MATERIALIZED VIEW ALL IN TABLESPACE")
def _all_moved(context: Context, each: Operation) -> Iterator[Found]:
    what = each.kind.removeprefix("ALTER ").removesuffix(" ALL IN TABLESPACE").lower()
    yield Found(
        sentence=f"every {what} in that tablespace is locked with ACCESS EXCLUSIVE and copied, one by one, in "
        "one transaction: nobody can use any of them until the last is done",
        safer=Safer(sentence="move them one by one, each in a step of its own; pg_repack moves a table in use"),
    )


@in_use("ALTER INDEX SET TABLESPACE")
def _index_moved(context: Context, each: Operation) -> Iterator[Found]:
    if context.own_effects(each).rebuilds:
        yield Found(
            sentence=f"{each.relation} is copied under ACCESS EXCLUSIVE: every query that would use the index waits "
            "meanwhile",
            safer=safer(
                "build it anew over there beside the traffic",
                f"REINDEX (TABLESPACE {quote_identifier(each.new_name or '')}) INDEX CONCURRENTLY {each.relation}",
            ),
        )


@in_use("TRUNCATE")
def _truncate(context: Context, each: Operation) -> Iterator[Found]:
    yield Found(
        sentence=f"every row of {each.relation} is gone at once, and nobody reads or writes it while the lock is "
        "waited for and held",
        safer=Safer(sentence="delete in batches by key; or leave the table alone and drop it in contract"),
    )


@in_use("LOCK TABLE")
def _lock(context: Context, each: Operation) -> Iterator[Found]:
    strongest = context.effects.strongest
    if strongest is None or not strongest.mode.conflicts_with(LockMode.ROW_EXCLUSIVE):
        return
    no_reader = strongest.mode.conflicts_with(LockMode.ACCESS_SHARE)
    yield Found(
        severity=Severity.STOP if no_reader and context.step is None else None,
        sentence=f"{each.relation} is kept from others under {strongest.mode} until the transaction ends",
        safer=Safer(
            sentence="leave it out: each statement takes the lock it needs, and zdtui waits for a gap to take it"
        ),
    )


RULES = (
    Rule(
        name="unbatched-change",
        severity=Severity.STOP,
        title="A whole table changed or copied in one transaction",
        why="Its row locks are held to the end: the application waits for rows one by one. The table grows by a copy "
        "of every row, all of it reaches the standbys at once, and a rollback is as long as the work was.",
        find=(_unbatched, _copied, _kept, _loaded, _locked),
        example=Example(given=USERS, bad="UPDATE users SET age = 0;", good="UPDATE users SET age = 0 WHERE id = 7;"),
        sources=(f"{DOCUMENTATION}sql-update.html",),
    ),
    Rule(
        name="vacuum-full-or-cluster",
        severity=Severity.STOP,
        title="VACUUM FULL or CLUSTER",
        why="Both write the table and its indexes anew under ACCESS EXCLUSIVE, for as long as that takes.",
        find=(_rewrites_all, _repacks),
        example=Example(given=USERS, bad="VACUUM FULL users;", good="VACUUM users;"),
        sources=(f"{DOCUMENTATION}sql-vacuum.html", f"{DOCUMENTATION}sql-cluster.html"),
    ),
    Rule(
        name="table-copy",
        severity=Severity.STOP,
        title="A table is copied whole",
        why="SET LOGGED, SET UNLOGGED, another tablespace, another access method or another generated expression "
        "copies every row under ACCESS EXCLUSIVE.",
        find=(_other_rewrites, _all_moved, _index_moved, _partitions_copied),
        example=Example(
            given=USERS, bad="ALTER TABLE users SET UNLOGGED;", good="ALTER TABLE users SET (fillfactor = 90);"
        ),
        sources=(f"{DOCUMENTATION}sql-altertable.html",),
    ),
    Rule(
        name="truncate",
        severity=Severity.STOP,
        title="TRUNCATE",
        why="It takes ACCESS EXCLUSIVE, cannot be undone once committed, and fires no DELETE triggers.",
        find=_truncate,
        example=Example(given=USERS, bad="TRUNCATE users;", good="DELETE FROM users WHERE id = 1;"),
        sources=(f"{DOCUMENTATION}sql-truncate.html",),
        squawk=("ban-truncate-cascade",),
    ),
    Rule(
        name="lock-table",
        severity=Severity.WARN,
        title="LOCK TABLE",
        why="It queues behind every transaction that uses the table, and all that come after queue behind it.",
        find=_lock,
        example=Example(
            given=USERS,
            bad="BEGIN;\nLOCK TABLE users;\nCOMMIT;",
            good="BEGIN;\nLOCK TABLE users IN ROW SHARE MODE;\nCOMMIT;",
        ),
        sources=(f"{DOCUMENTATION}sql-lock.html",),
    ),
)
