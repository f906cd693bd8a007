"""Columns that may not be NULL: what proving it costs, and what old code writes."""

from collections.abc import Iterator, Sequence

from zdtui.hazards.context import Context
from zdtui.hazards.hazard import Safer, Severity
from zdtui.hazards.planned import Beside, in_steps, name_of
from zdtui.hazards.rule import DOCUMENTATION, Example, Found, Rule, in_use, with_rows
from zdtui.hazards.safer_ways.stages import deploy, fill, in_stages, statements
from zdtui.plan.model import Phase
from zdtui.sql.operation import Column, ConstraintKind, Operation
from zdtui.sql.text.name import Name
from zdtui.sql.text.quote import quote_identifier

ALTER_TABLE = f"{DOCUMENTATION}sql-altertable.html#SQL-ALTERTABLE-NOTES"
VALUE = "the_value_of_each_row"
"""What stands where only the author knows the expression; as it is, the server refuses it: there is no such column."""
USERS = "CREATE TABLE users (id int PRIMARY KEY, name text, age int)"


@with_rows("ALTER TABLE ALTER COLUMN SET NOT NULL")
def _not_null(context: Context, each: Operation) -> Iterator[Found]:
    if each.relation is not None and each.column is not None and context.own_effects(each).scans:
        yield _unproven(context, each.relation, [each.column])


@with_rows("ALTER TABLE ADD CONSTRAINT USING INDEX")
def _not_null_by_a_key(context: Context, each: Operation) -> Iterator[Found]:
    """A primary key made of an index sets its columns NOT NULL, and has to prove it as well."""
    key = each.constraint
    if key is None or key.kind is not ConstraintKind.PRIMARY_KEY or each.relation is None or not key.using_index:
        return
    index = context.schema.find(Name(context.schema.resolve(each.relation).schema, key.using_index))
    columns = [] if index is None else [name for name in index.indexed if _may_be_null(context, each, name)]
    if columns:
        yield _unproven(context, each.relation, columns)


def _may_be_null(context: Context, operation: Operation, column: str) -> bool:
    return not context.is_never_null(operation.relation, column) and not context.makes(operation.relation, column)


def _unproven(context: Context, table: Name, columns: Sequence[str]) -> Found:
    return Found(
        sentence=f"{table} is read from end to end under ACCESS EXCLUSIVE, to see that no {', '.join(columns)} is "
        "NULL: nobody reads or writes it meanwhile",
        safer=_proved_before(context, table, columns),
    )


def _proved_before(context: Context, table: Name, columns: Sequence[str]) -> Safer:
    names = [quote_identifier(name_of(table.name, column, "is_set")) for column in columns]
    checks = [f"CHECK ({quote_identifier(column)} IS NOT NULL) NOT VALID" for column in columns]
    pairs = list(zip(names, checks, strict=True))
    return in_steps(
        context,
        "prove it first, by a check that is validated beside the traffic: then nothing is read under the strong lock",
        before=[
            *(_check(table, name, check) for name, check in pairs),
            *(
                Beside(
                    "validate",
                    f"Prove {name} for the rows that are there",
                    f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}",
                    because="a constraint that is proved may stay so",
                )
                for name in names
            ),
        ],
        after=[
            Beside(
                "drop-check",
                f"Drop {name}, which is not needed any more",
                f"ALTER TABLE {table} DROP CONSTRAINT {name}",
                rollback=f"ALTER TABLE {table} ADD CONSTRAINT {name} {check}",
            )
            for name, check in pairs
        ],
        fixable=not any(context.makes(table, column) for column in columns),
    )


def _check(table: Name, name: str, check: str) -> Beside:
    return Beside(
        "check",
        f"Promise {name} for new rows",
        f"ALTER TABLE {table} ADD CONSTRAINT {name} {check}",
        rollback=f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


@in_use("ALTER TABLE ADD COLUMN")
def _new_not_null(context: Context, each: Operation) -> Iterator[Found]:
    column = each.definition
    if column is None or each.relation is None or not column.not_null or column.default is not None:
        return
    if column.identity or column.generated is not None or (column.type or "").lower().endswith("serial"):
        return
    table, empty = each.relation, context.has_no_rows(each.relation)
    name = quote_identifier(column.name)
    old = f"code that inserts into {table} without {name} fails"
    yield Found(
        severity=Severity.WARN if empty else None,
        sentence=f"{old} the moment this commits" if empty else f"it fails as soon as {table} has a row, and {old}",
        safer=_filled_before(context, table, column),
    )


def _filled_before(context: Context, table: Name, column: Column) -> Safer:
    name, own = quote_identifier(column.name), quote_identifier(name_of(table.name, column.name, "is_set"))
    add, drop = (
        f"ALTER TABLE {table} ADD COLUMN {name} {column.type or 'text'}",
        f"ALTER TABLE {table} DROP COLUMN {name}",
    )
    promise = f"ALTER TABLE {table} ADD CONSTRAINT {own} CHECK ({name} IS NOT NULL) NOT VALID"
    return in_stages(
        context,
        "add it without NOT NULL, deploy a release that writes it, fill the rows that are there, and only then forbid "
        "NULL",
        statements("add", f"Add {name}, which may be NULL", Phase.EXPAND, add, rollback=(drop,)),
        deploy(
            "deploy",
            f"Deploy the release that writes {name}",
            Phase.DUAL_WRITE,
            f"Deploy the release that writes {name} with each row, and wait until every instance runs it.",
        ),
        fill(
            "fill",
            f"Fill {name}: put the value of each row in the place of {VALUE}",
            str(table),
            name,
            VALUE,
            f"{name} IS NULL",
        ),
        statements(
            "promise",
            f"Refuse new rows without {name}",
            Phase.VERIFY,
            promise,
            rollback=(f"ALTER TABLE {table} DROP CONSTRAINT {own}",),
        ),
        statements(
            "prove",
            f"Prove that every row has {name}",
            Phase.VERIFY,
            f"ALTER TABLE {table} VALIDATE CONSTRAINT {own}",
            because="a constraint that is proved may stay so",
        ),
        statements(
            "forbid",
            f"Forbid NULL in {name}",
            Phase.SWITCH,
            f"ALTER TABLE {table} ALTER COLUMN {name} SET NOT NULL",
            f"ALTER TABLE {table} DROP CONSTRAINT {own}",
            rollback=(promise, f"ALTER TABLE {table} ALTER COLUMN {name} DROP NOT NULL"),
        ),
    )


RULES = (
    Rule(
        name="set-not-null",
        severity=Severity.STOP,
        title="SET NOT NULL without a check that proves it",
        why="PostgreSQL reads the whole table under ACCESS EXCLUSIVE to prove that no row is NULL. From version 12 on "
        "a valid CHECK (column IS NOT NULL) proves it, and that can be validated while others write. A primary key "
        "made of an index sets its columns NOT NULL too.",
        find=(_not_null, _not_null_by_a_key),
        example=Example(
            given=USERS,
            bad="ALTER TABLE users ALTER COLUMN name SET NOT NULL;",
            good="BEGIN;\nALTER TABLE users ADD CONSTRAINT name_is_set CHECK (name IS NOT NULL) NOT VALID;\nCOMMIT;\n"
            "ALTER TABLE users VALIDATE CONSTRAINT name_is_set;\nALTER TABLE users ALTER COLUMN name SET NOT NULL;",
        ),
        sources=(ALTER_TABLE,),
        squawk=("adding-not-nullable-field",),
    ),
    Rule(
        name="new-column-not-null",
        severity=Severity.STOP,
        title="A new NOT NULL column without a default",
        why="It fails on any table that has a row, and old application code that inserts without the column fails too.",
        find=_new_not_null,
        example=Example(
            given=USERS,
            bad="ALTER TABLE users ADD COLUMN email text NOT NULL;",
            good="ALTER TABLE users ADD COLUMN email text;",
        ),
        sources=(ALTER_TABLE,),
        squawk=("adding-required-field",),
    ),
)
