"""Names that go away under the application's feet."""

import re
from collections.abc import Iterator

from zdtui.hazards.context import Context
from zdtui.hazards.hazard import Safer, Severity
from zdtui.hazards.in_step import in_step, out_of_step
from zdtui.hazards.rule import DOCUMENTATION, Example, Found, Rule, in_use
from zdtui.hazards.stages import deploy, fill, gone, in_stages, soak, statements
from zdtui.hazards.transaction import Renamed, renamed
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
    if table is None or old is None or new is None or _taken_over(context, table, old, new):
        return
    replaced, every = (
        (table, old) in context.together.makes_columns,
        f"every query that says {quote_identifier(old)}",
    )
    yield Found(
        severity=Severity.WARN if replaced else None,
        sentence=f"{every} gets another, new column of that name from the moment this commits"
        if replaced
        else f"{every} fails the moment this commits: application and schema cannot change at the same instant",
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


def _taken_over(context: Context, table: Name, old: str, new: str) -> bool:
    """Whether the application does not miss the old name: it is one of this text's own, or two columns are swapped."""
    if (context.schema.resolve(table), old) in context.history.new_columns:
        return True
    swap = context.together
    if (table, old) in swap.columns_renamed_to or (table, new) in swap.columns_renamed_from:
        return True
    return (table, new) in swap.drops_columns and STAND_IN.sub("", old) == new


def _type_of(context: Context, operation: Operation) -> str:
    known = context.schema.find(operation.relation)
    column = None if known is None else known.column(operation.column or "")
    return column.type if column is not None and column.type else f"/* the type of {operation.column} */"


@in_use(*TABLES)
def _relation(context: Context, each: Operation) -> Iterator[Found]:
    change = renamed(each)
    if change is None or context.is_contract or not context.forward:
        return
    if change.name in context.together.makes or change.becomes in context.together.takes_away - {change.name}:
        return
    yield Found(
        sentence=f"every query that says {change.name} fails the moment this commits",
        safer=_with_a_view(context, change) if len(context.operations) == 1 else None,
    )


def _with_a_view(context: Context, change: Renamed) -> Safer:
    """In one transaction, which a step of a plan and most tools' files are by themselves."""
    both = f"{context.statement.text};\nCREATE VIEW {change.name} AS SELECT * FROM {change.becomes};"
    by_itself = context.step is None and not context.history.within
    return Safer(
        sentence="leave a view of the old name in the same transaction, until nobody uses it any more",
        sql=f"BEGIN;\n{both}\nCOMMIT;" if by_itself else both,
    )


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
