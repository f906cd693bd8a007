"""Columns: adding, changing, renaming and forbidding NULL."""

from collections.abc import Iterator

from zdtui.hazards.context import Context
from zdtui.hazards.hazard import Safer, Severity
from zdtui.hazards.rule import DOCUMENTATION, Example, Found, Rule, safer
from zdtui.sql.operation import Operation
from zdtui.sql.volatility import Volatility, volatility

ALTER_TABLE = f"{DOCUMENTATION}sql-altertable.html#SQL-ALTERTABLE-NOTES"
USERS = "CREATE TABLE users (id int PRIMARY KEY, name text, age int)"


def _rename(context: Context) -> Iterator[Found]:
    for each in context.of_kind("ALTER TABLE RENAME COLUMN"):
        table, old, new = each.relation, each.column, each.new_name
        if _taken_over(context, each):
            continue
        yield Found(
            sentence=f"every query that says {old} fails the moment this commits: application and schema cannot change "
            "at the same instant",
            safer=safer(
                f"add {new} beside {old}, keep both in step with a trigger, backfill, switch the readers, drop {old} "
                "in "
                "contract: see the shipped plan rename-column",
                f"ALTER TABLE {table} ADD COLUMN {new} {_type_of(context, each)}",
                "CREATE FUNCTION ... RETURNS trigger ...  -- writes each of the two when the other is written",
            ),
        )


def _taken_over(context: Context, operation: Operation) -> bool:
    """A swap: another column takes the name in the same transaction; or nobody uses the old name yet."""
    table = None if operation.relation is None else context.schema.resolve(operation.relation)
    if table is not None and (table, operation.column) in context.new_columns:
        return True
    swaps = (each for each in context.together if each.kind == operation.kind and each.relation == operation.relation)
    return any(each.new_name == operation.column for each in swaps)


def _type_of(context: Context, operation: Operation) -> str:
    known = context.schema.find(operation.relation)
    column = None if known is None else known.column(operation.column or "")
    return column.type if column is not None and column.type else "..."


def _rename_table(context: Context) -> Iterator[Found]:
    for each in context.of_kind("ALTER TABLE RENAME", "ALTER TABLE SET SCHEMA", "ALTER VIEW RENAME"):
        if context.is_contract:
            continue
        schema = each.kind.endswith("SET SCHEMA")
        becomes = f"{each.new_name}.{each.relation.name if each.relation else ''}" if schema else each.new_name
        view = f"CREATE VIEW {each.relation} AS SELECT * FROM {becomes}"
        yield Found(
            sentence=f"every query that says {each.relation} fails the moment this commits",
            safer=safer(
                "rename and leave a view of the old name in the same transaction, until nobody uses it any more",
                context.statement.text,
                view,
            ),
        )


def _not_null(context: Context) -> Iterator[Found]:
    for each in context.of_kind("ALTER TABLE ALTER COLUMN SET NOT NULL"):
        if not context.own_effects(each).scans or each.relation is None:
            continue
        table, column = each.relation, each.column
        name = f"{table.name}_{column}_not_null"
        yield Found(
            sentence=f"{table} is read from end to end under ACCESS EXCLUSIVE: nobody reads or writes it meanwhile",
            safer=safer(
                "prove it with a check that is validated beside the traffic; SET NOT NULL then reads nothing",
                f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({column} IS NOT NULL) NOT VALID",
                f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}",
                context.statement.text,
                f"ALTER TABLE {table} DROP CONSTRAINT {name}",
            ),
        )


def _new_not_null(context: Context) -> Iterator[Found]:
    for each in context.of_kind("ALTER TABLE ADD COLUMN"):
        column = each.definition
        if column is None or not column.not_null or column.default is not None:
            continue
        if column.identity or column.generated is not None or (column.type or "").lower().endswith("serial"):
            continue
        yield Found(
            sentence=f"it fails as soon as {each.relation} has a row: {column.name} would be NULL there",
            safer=safer(
                "add it without NOT NULL, write it, backfill, and forbid NULL at the end",
                f"ALTER TABLE {each.relation} ADD COLUMN {column.name} {column.type}",
            ),
        )


def _rewriting_column(context: Context) -> Iterator[Found]:
    if not context.effects.rewrites:
        return
    for each in context.of_kind("ALTER TABLE ADD COLUMN"):
        column = each.definition
        if column is None or not context.own_effects(each).rewrites:
            continue
        yield Found(
            sentence=f"{each.relation} is written anew row by row under ACCESS EXCLUSIVE, because {_because(each)}: "
            "nobody reads or writes it meanwhile",
            safer=safer(
                "add the column empty, give new rows their value by a default of its own, and backfill the others",
                f"ALTER TABLE {each.relation} ADD COLUMN {column.name} {_plain_type(column.type)}",
                *(
                    [f"ALTER TABLE {each.relation} ALTER COLUMN {column.name} SET DEFAULT {column.default}"]
                    if column.default is not None
                    else []
                ),
            ),
        )


def _because(operation: Operation) -> str:
    column = operation.definition
    assert column is not None
    if column.identity or (column.type or "").lower().endswith("serial"):
        return "each row gets a number of its own"
    if column.generated is not None:
        return "each row's value is computed and stored"
    if column.default is not None and volatility(column.default) is not Volatility.IMMUTABLE:
        return f"{column.default} may be another value for each row"
    return "its type has a constraint each row is held to"


def _plain_type(written: str | None) -> str:
    plain = {"serial": "int", "bigserial": "bigint", "smallserial": "smallint"}
    return plain.get((written or "").lower(), written or "...")


def _type_rewrite(context: Context) -> Iterator[Found]:
    for each in context.of_kind("ALTER TABLE ALTER COLUMN TYPE", "ALTER FOREIGN TABLE ALTER COLUMN TYPE"):
        if context.own_effects(each).rewrites:
            yield Found(
                sentence=f"{each.relation} and its indexes are written anew under ACCESS EXCLUSIVE: nobody reads or "
                f"writes it until {each.column} is {each.type} in every row",
                safer=Safer(
                    sentence=f"add a new column of type {each.type}, keep it in step with a trigger, backfill, "
                    "switch: see "
                    "the shipped plan int-to-bigint",
                    sql=f"ALTER TABLE {each.relation} ADD COLUMN {each.column}_new {each.type};",
                ),
            )


def _type_change(context: Context) -> Iterator[Found]:
    for each in context.of_kind("ALTER TABLE ALTER COLUMN TYPE"):
        own = context.own_effects(each)
        if not own.rewrites:
            yield Found(
                sentence=f"{each.relation} is not rewritten, but is locked for everybody for a moment"
                + (", and read whole to prove its checks again" if own.scans else "")
            )


RULES = (
    Rule(
        name="column-rename",
        severity=Severity.STOP,
        title="A column is renamed in one step",
        why="Running application code says the old name, the next release says the new one. Whichever moment the "
        "rename "
        "commits, one of the two fails on every query until the deploy is over.",
        find=_rename,
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
        "transaction keeps old and new code working side by side.",
        find=_rename_table,
        example=Example(
            given=USERS, bad="ALTER TABLE users RENAME TO people;", good="CREATE VIEW people AS SELECT * FROM users;"
        ),
        sources=(ALTER_TABLE,),
        squawk=("renaming-table",),
    ),
    Rule(
        name="set-not-null",
        severity=Severity.STOP,
        title="SET NOT NULL without a check that proves it",
        why="PostgreSQL reads the whole table under ACCESS EXCLUSIVE to prove that no row is NULL. From version 12 "
        "on a "
        "valid CHECK (column IS NOT NULL) proves it, and that can be validated while others write.",
        find=_not_null,
        example=Example(
            given=USERS,
            bad="ALTER TABLE users ALTER COLUMN name SET NOT NULL;",
            good="ALTER TABLE users ADD CONSTRAINT name_nn CHECK (name IS NOT NULL) NOT VALID;\n"
            "ALTER TABLE users VALIDATE CONSTRAINT name_nn;\nALTER TABLE users ALTER COLUMN name SET NOT NULL;",
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
    Rule(
        name="new-column-rewrite",
        severity=Severity.STOP,
        title="A new column that rewrites the table",
        why="A constant default is kept in the catalog. A volatile default, serial, identity, a stored generated "
        "column or "
        "a domain with constraints needs a value in each row, so the table is written anew while nobody may use it.",
        find=_rewriting_column,
        example=Example(
            given=USERS,
            bad="ALTER TABLE users ADD COLUMN token uuid DEFAULT gen_random_uuid();",
            good="ALTER TABLE users ADD COLUMN token uuid;\n"
            "ALTER TABLE users ALTER COLUMN token SET DEFAULT gen_random_uuid();",
        ),
        sources=(ALTER_TABLE,),
        squawk=("adding-field-with-default", "adding-serial-primary-key-field", "ban-add-generated-column"),
    ),
    Rule(
        name="type-rewrite",
        severity=Severity.STOP,
        title="A change of type that rewrites the table",
        why="Only where the bits on disk stay the same (a longer varchar, varchar to text, cidr to inet, more digits "
        "of "
        "the same scale ...) is the change one of the catalog alone.",
        find=_type_rewrite,
        example=Example(
            given=USERS,
            bad="ALTER TABLE users ALTER COLUMN age TYPE bigint;",
            good="ALTER TABLE users ADD COLUMN age_new bigint;",
        ),
        sources=(ALTER_TABLE,),
        squawk=("changing-column-type",),
    ),
    Rule(
        name="type-change",
        severity=Severity.NOTE,
        title="A change of type that does not rewrite the table",
        why="The table is locked for everybody, but only for as long as the catalog takes. Views on the column make "
        "PostgreSQL refuse it.",
        find=_type_change,
        example=Example(
            given="CREATE TABLE users (id int, email varchar(50))",
            bad="ALTER TABLE users ALTER COLUMN email TYPE varchar(100);",
            good="ALTER TABLE users ADD COLUMN more text;",
        ),
        sources=(ALTER_TABLE,),
        squawk=("changing-column-type",),
    ),
)
