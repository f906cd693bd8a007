"""Names that go away under the application's feet."""

import re
from collections.abc import Iterator

from zdtui.hazards.context import Context
from zdtui.hazards.hazard import Safer, Severity
from zdtui.hazards.rule import DOCUMENTATION, Example, Found, Rule, in_use
from zdtui.hazards.safer_ways.in_step import in_step, out_of_step
from zdtui.hazards.safer_ways.stages import deploy, fill, gone, in_stages, soak, statements
from zdtui.hazards.transaction import Renamed, Taker, gets_rows_of, renamed, takers_of_column, takers_of_relation
from zdtui.plan.model import Phase
from zdtui.sql.operation import Operation
from zdtui.sql.text.name import Name
from zdtui.sql.text.quote import quote_identifier

ALTER_TABLE = f"{DOCUMENTATION}sql-altertable.html"
USERS = "CREATE TABLE users (id int PRIMARY KEY, name text, age int)"
COLUMNS = ("ALTER TABLE RENAME COLUMN", "ALTER FOREIGN TABLE RENAME COLUMN")
VIEW_COLUMNS = ("ALTER VIEW RENAME COLUMN", "ALTER MATERIALIZED VIEW RENAME COLUMN")
STAND_IN = re.compile(r"^(?:new|tmp|temp|big)_|_(?:new|tmp|temp|copy|big|bigint|v?[0-9]+)$", re.IGNORECASE)
"""What people call a column that is to take another one's place, beside that one's name."""
RELATIONS = ("TABLE", "FOREIGN TABLE", "VIEW", "MATERIALIZED VIEW")
TABLES = tuple(f"ALTER {relation} {how}" for relation in RELATIONS for how in ("RENAME", "SET SCHEMA"))


@in_use(*COLUMNS, *VIEW_COLUMNS)
def _column(context: Context, each: Operation) -> Iterator[Found]:
    table, old, new = each.relation, each.column, each.new_name
    if table is None or old is None or new is None or _stands_in(context, table, old, new):
        return
    taken = next(takers_of_column(_others(context, each), table, old), None)
    was = None if taken is None else taken.was
    if was is not None and (context.makes(table, was) or _stands_in(context, table, was, old)):
        return
    yield Found(
        severity=_of_taken(taken, new),
        sentence=f"every query that says {_what_becomes(context, table, (old, new), taken)}",
        safer=_both_names(context, table, each, new) if each.kind in COLUMNS else None,
    )


def _both_names(context: Context, table: Name, operation: Operation, to: str) -> Safer:
    old, new = quote_identifier(operation.column or ""), quote_identifier(to)
    apart = out_of_step(table, to)
    return in_stages(
        context,
        f"add {new} beside {old}, keep both in step with a trigger, backfill, deploy the release that says {new}, and "
        f"drop {old} in contract: see the shipped plan rename-column",
        statements(
            "add",
            f"Add {new} beside {old}",
            Phase.EXPAND,
            f"ALTER TABLE {table} ADD COLUMN {new} {_type_of(context, operation)}",
            rollback=(f"ALTER TABLE {table} DROP COLUMN {new}",),
        ),
        statements(
            "sync",
            "Keep both names in step",
            Phase.DUAL_WRITE,
            *in_step(table, operation.column or "", to),
            rollback=apart,
        ),
        fill("fill", f"Fill {new}", str(table), new, old, f"{new} IS DISTINCT FROM {old}"),
        deploy(
            "deploy",
            f"Deploy the release that says {new}",
            Phase.SWITCH,
            f"Deploy the release that says {new} only, and wait until every instance runs it.",
        ),
        soak(),
        gone(
            "drop",
            f"Take {old} away",
            *apart,
            f"ALTER TABLE {table} DROP COLUMN {old}",
            why=f"what was in it lives on in {new}",
        ),
    )


def _others(context: Context, operation: Operation) -> Iterator[Operation]:
    return (each for each in context.history.whole.operations or context.together.operations if each is not operation)


def _of_taken(taken: Taker | None, new: str) -> Severity | None:
    """A column that is computed from the renamed one has its values."""
    definition = None if taken is None else taken.operation.definition
    return Severity.WARN if definition is not None and new in (definition.generated or "") else None


def _what_becomes(context: Context, table: Name, names: tuple[str, str], taken: Taker | None) -> str:
    old, new = map(quote_identifier, names)
    if taken is not None and taken.was is not None:
        return f"{old} gets what was {quote_identifier(taken.was)} from the moment this commits, and none of them fails"
    if taken is not None:
        return f"{old} gets another, new column of that name from the moment this commits"
    fails = f"{old} fails the moment this commits: application and schema cannot change at the same instant"
    if (table, names[1]) in context.history.whole.columns_renamed_from | context.history.whole.drops_columns:
        return f"{fails}; and every query that says {new} gets this column's values, without failing"
    return fails


def _stands_in(context: Context, table: Name, old: str, new: str) -> bool:
    """Whether the application does not know the column by its old name: it is one of this text's own, or it is called
    as one that is to take the place of another, which goes in the same transaction."""
    if (context.schema.resolve(table), old) in context.history.new_columns:
        return True
    goes = (table, new) in context.together.columns_renamed_from | context.together.drops_columns
    return goes and STAND_IN.sub("", old) == new


def _type_of(context: Context, operation: Operation) -> str:
    known = context.schema.find(operation.relation)
    column = None if known is None else known.column(operation.column or "")
    return column.type if column is not None and column.type else f"/* the type of {operation.column} */"


@in_use(*TABLES)
def _relation(context: Context, each: Operation) -> Iterator[Found]:
    change = renamed(each)
    if change is None or context.is_contract or not context.forward or _takes_over(context, change):
        return
    operations = tuple(_others(context, each))
    old_ones = frozenset({change.name, change.becomes})
    taken = next(takers_of_relation(operations, change.name), None)
    if taken is not None and taken.operation in context.together.operations:
        own = renamed(taken.operation)
        if own is not None and (own.name in context.together.makes or _takes_over(context, own)):
            return
        if gets_rows_of(operations, change.name, old_ones):
            return
    yield Found(
        sentence=f"every query that says {_what_it_means(context, change, taken)}",
        safer=_with_a_view(context, change) if len(context.operations) == 1 and taken is None else None,
    )


def _with_a_view(context: Context, change: Renamed) -> Safer:
    """In one transaction, which a step of a plan and most tools' files are by themselves."""
    both = f"{context.statement.text};\nCREATE VIEW {change.name} AS SELECT * FROM {change.becomes};"
    by_itself = context.step is None and not context.history.within
    return Safer(
        sentence="leave a view of the old name in the same transaction, until nobody uses it any more",
        sql=f"BEGIN;\n{both}\nCOMMIT;" if by_itself else both,
    )


def _what_it_means(context: Context, change: Renamed, taken: Taker | None) -> str:
    if taken is not None:
        what = f"what was {taken.was}" if taken.was is not None else "a new one of that name, without its rows,"
        return f"{change.name} gets {what} from the moment this commits, and none of them fails"
    fails = f"{change.name} fails the moment this commits"
    if change.becomes in context.history.whole.takes_away - {change.name}:
        return f"{fails}; and every query that says {change.becomes} gets this one, without failing"
    return fails


def _takes_over(context: Context, change: Renamed) -> bool:
    """Whether nobody misses the old name: it is made by the same text, or called as one that takes another's place."""
    if context.fresh(change.name):
        return True
    goes = change.becomes in context.together.takes_away - {change.name}
    return goes and STAND_IN.sub("", change.name.name) == change.becomes.name


RULES = (
    Rule(
        name="column-rename",
        severity=Severity.STOP,
        title="A column is renamed in one step",
        why="Running application code says the old name, the next release says the new one. Whichever moment the "
        "rename commits, one of the two fails on every query until the deploy is over.",
        find=_column,
        example=Example(
            given=USERS,
            bad="ALTER TABLE users RENAME COLUMN name TO full_name;",
            good="ALTER TABLE users ADD COLUMN full_name text;",
        ),
        sources=(ALTER_TABLE,),
        squawk=("renaming-column",),
    ),
    Rule(
        name="table-rename",
        severity=Severity.STOP,
        title="A table is renamed or moved to another schema in one step",
        why="Everything that says the old name fails the moment it commits. A view of the old name in the same "
        "transaction keeps old and new code working side by side: a plain view of one table can be written to.",
        find=_relation,
        example=Example(
            given=USERS,
            bad="ALTER TABLE users RENAME TO people;",
            good="BEGIN;\nALTER TABLE users RENAME TO people;\nCREATE VIEW users AS SELECT * FROM people;\nCOMMIT;",
        ),
        sources=(ALTER_TABLE, f"{DOCUMENTATION}sql-createview.html#SQL-CREATEVIEW-UPDATABLE-VIEWS"),
        squawk=("renaming-table",),
    ),
)
