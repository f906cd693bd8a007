"""Columns that are added or get another type: when the table is written anew for it."""

from collections.abc import Iterator

from zdtui.hazards.context import Context
from zdtui.hazards.hazard import Safer, Severity
from zdtui.hazards.planned import name_of
from zdtui.hazards.rule import DOCUMENTATION, Example, Found, Rule, safer, with_rows
from zdtui.hazards.safer_ways.in_step import computed, out_of_step
from zdtui.hazards.safer_ways.stages import deploy, fill, gone, in_stages, soak, statements
from zdtui.plan.model import Phase
from zdtui.sql.facts.conditions import collation_changes
from zdtui.sql.facts.fact import Case
from zdtui.sql.operation import Column, ConstraintKind, Operation
from zdtui.sql.predict import ZONE_DOUBT
from zdtui.sql.text.name import Name
from zdtui.sql.text.quote import quote_identifier
from zdtui.sql.volatility import Volatility, volatility

ALTER_TABLE = f"{DOCUMENTATION}sql-altertable.html#SQL-ALTERTABLE-NOTES"
USERS = "CREATE TABLE users (id int PRIMARY KEY, name text, age int)"
VIRTUAL_SINCE = 18
PROVED = (
    *(ConstraintKind.CHECK, ConstraintKind.UNIQUE, ConstraintKind.PRIMARY_KEY),
    *(ConstraintKind.FOREIGN_KEY, ConstraintKind.NOT_NULL),
)
"""Constraints of a new column that may have to be proved, the one that is told first."""
SERIALS = {
    "serial": "int",
    "serial4": "int",
    "bigserial": "bigint",
    "serial8": "bigint",
    "smallserial": "smallint",
    "serial2": "smallint",
}


@with_rows("ALTER TABLE ADD COLUMN")
def _rewriting(context: Context, each: Operation) -> Iterator[Found]:
    column, table = each.definition, each.relation
    if column is None or table is None or not context.own_effects(each).rewrites:
        return
    yield Found(
        sentence=f"{table} is written anew row by row under ACCESS EXCLUSIVE, because {_because(column)}: nobody "
        "reads or writes it meanwhile",
        safer=_beside(context, table, column),
    )


def _counts(column: Column) -> bool:
    return column.identity or (column.type or "").lower() in SERIALS


def _because(column: Column) -> str:
    if _counts(column):
        return "each row gets a number of its own"
    if column.generated is not None:
        return "each row's value is computed and stored"
    if column.default is not None and volatility(column.default) is not Volatility.IMMUTABLE:
        return f"{column.default} may be another value for each row"
    return "its type has a constraint each row is held to"


def _beside(context: Context, table: Name, column: Column) -> Safer:
    name, written = quote_identifier(column.name), column.type or "text"
    plain = SERIALS.get(written.lower(), written)
    add, drop = f"ALTER TABLE {table} ADD COLUMN {name} {plain}", f"ALTER TABLE {table} DROP COLUMN {name}"
    if _counts(column):
        sequence = Name(table.schema, name_of(table.name, column.name, "seq"))
        value = f"nextval('{str(sequence).replace(chr(39), chr(39) * 2)}')"
        return in_stages(
            context,
            "add the column empty, number new rows from a sequence, and backfill the others with nextval",
            statements("add", f"Add {name} empty", Phase.EXPAND, add, rollback=(drop,)),
            statements(
                "number",
                f"Number new rows in {name}",
                Phase.EXPAND,
                f"CREATE SEQUENCE {sequence} AS {plain} OWNED BY {table}.{name}",
                f"ALTER TABLE {table} ALTER COLUMN {name} SET DEFAULT {value}",
                rollback=(f"ALTER TABLE {table} ALTER COLUMN {name} DROP DEFAULT", f"DROP SEQUENCE {sequence}"),
            ),
            fill("fill", "Number the rows that are there", str(table), name, value, f"{name} IS NULL"),
        )
    if column.generated is not None and context.version >= VIRTUAL_SINCE:
        return safer(
            "compute it when it is read: a virtual column writes nothing",
            f"{add} GENERATED ALWAYS AS ({column.generated}) VIRTUAL",
        )
    if column.generated is not None:
        return _computed_by_a_trigger(context, table, column, add, drop)
    if column.default is not None:
        return in_stages(
            context,
            "add the column empty, give new rows their value by a default of its own, and backfill the others",
            statements("add", f"Add {name} empty", Phase.EXPAND, add, rollback=(drop,)),
            statements(
                "default",
                f"Give new rows their {name}",
                Phase.EXPAND,
                f"ALTER TABLE {table} ALTER COLUMN {name} SET DEFAULT {column.default}",
                rollback=(f"ALTER TABLE {table} ALTER COLUMN {name} DROP DEFAULT",),
            ),
            fill("fill", "Fill the rows that are there", str(table), name, column.default, f"{name} IS NULL"),
        )
    return _checked(context, table, column)


def _computed_by_a_trigger(context: Context, table: Name, column: Column, add: str, drop: str) -> Safer:
    name, expression = quote_identifier(column.name), column.generated or "NULL"
    return in_stages(
        context,
        "add a plain column, let a trigger compute it for new rows, and backfill the others",
        statements("add", f"Add {name} as a plain column", Phase.EXPAND, add, rollback=(drop,)),
        statements(
            "compute",
            f"Compute {name} for rows that are written",
            Phase.DUAL_WRITE,
            *computed(table, column.name, expression),
            rollback=out_of_step(table, column.name),
        ),
        fill("fill", f"Compute {name} for the rows that are there", str(table), name, expression, f"{name} IS NULL"),
    )


def _checked(context: Context, table: Name, column: Column) -> Safer:
    domain = context.schema.domains.get((column.type or "").strip('"').lower())
    base = domain.base if domain is not None and domain.base else f"/* what {column.type} is made of */"
    return safer(
        "add the column with the type beneath the domain, and the domain's checks NOT VALID",
        f"ALTER TABLE {table} ADD COLUMN {quote_identifier(column.name)} {base}",
    )


@with_rows("ALTER TABLE ADD COLUMN")
def _constrained(context: Context, each: Operation) -> Iterator[Found]:
    column, own = each.definition, context.own_effects(each)
    if column is None or each.relation is None or not own.scans or own.rewrites:
        return
    kinds = {one.kind for one in column.constraints}
    what = next((str(kind) for kind in PROVED if kind in kinds), "its constraint")
    yield Found(
        sentence=f"nobody uses {each.relation} until {what} on {quote_identifier(column.name)} has been proved row "
        "by row",
        safer=safer(
            "add the bare column, then the constraint by itself in its gentle form",
            *_bare(each.relation, column, kinds),
        ),
    )


def _bare(table: Name, column: Column, kinds: set[ConstraintKind]) -> Iterator[str]:
    name, default = quote_identifier(column.name), f" DEFAULT {column.default}" if column.default else ""
    computed = f" GENERATED ALWAYS AS ({column.generated}) VIRTUAL" if column.generated is not None else ""
    yield f"ALTER TABLE {table} ADD COLUMN {name} {column.type or 'text'}{default}{computed}"
    if computed and ConstraintKind.NOT_NULL in kinds:
        own = quote_identifier(name_of(table.name, column.name, "not_null"))
        yield f"ALTER TABLE {table} ADD CONSTRAINT {own} NOT NULL {name} NOT VALID"
        yield f"ALTER TABLE {table} VALIDATE CONSTRAINT {own}"
    for each in column.constraints:
        if each.kind is ConstraintKind.CHECK and each.expression:
            own = quote_identifier(each.name or name_of(table.name, column.name, "check"))
            yield f"ALTER TABLE {table} ADD CONSTRAINT {own} CHECK ({each.expression}) NOT VALID"
            yield f"ALTER TABLE {table} VALIDATE CONSTRAINT {own}"
    if ConstraintKind.UNIQUE in kinds:
        own = quote_identifier(name_of(table.name, column.name, "key"))
        yield f"CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS {own} ON {table} ({name})"
        yield f"ALTER TABLE {table} ADD CONSTRAINT {own} UNIQUE USING INDEX {own}"


@with_rows("ALTER TABLE ALTER COLUMN TYPE", "ALTER FOREIGN TABLE ALTER COLUMN TYPE")
def _type_rewrite(context: Context, each: Operation) -> Iterator[Found]:
    if context.own_effects(each).rewrites and each.relation is not None and each.column is not None:
        yield Found(
            sentence=f"{each.relation} and its indexes are written anew under ACCESS EXCLUSIVE: nobody reads or "
            f"writes it until {quote_identifier(each.column)} is {each.type} in every row{_but(context)}",
            safer=_other_column(context, each.relation, each.column, each),
        )


def _but(context: Context) -> str:
    return f" ({ZONE_DOUBT})" if context.effects.doubt == ZONE_DOUBT else ""


def _is_in_the_key(context: Context, table: Name, column: str) -> bool:
    indexes = context.schema.indexes_of(context.schema.resolve(table))
    return any(index.primary and column in index.indexed for index in indexes)


def _other_column(context: Context, table: Name, column: str, operation: Operation) -> Safer:
    to = name_of(column, "new")
    old, new, kept = quote_identifier(column), quote_identifier(to), quote_identifier(name_of(column, "old"))
    if _is_in_the_key(context, table, column):
        return Safer(sentence="a key moves in a plan of its own: see the shipped plan int-to-bigint")
    value, apart = operation.expression or f"{old}::{operation.type}", out_of_step(table, to)
    return in_stages(
        context,
        f"add a new column of type {operation.type}, keep it in step with a trigger, backfill, swap the names: see the "
        "shipped plan int-to-bigint",
        statements(
            "add",
            f"Add {new} of type {operation.type}",
            Phase.EXPAND,
            f"ALTER TABLE {table} ADD COLUMN {new} {operation.type}",
            rollback=(f"ALTER TABLE {table} DROP COLUMN {new}",),
        ),
        statements(
            "sync", f"Keep {new} in step with {old}", Phase.DUAL_WRITE, *computed(table, to, value), rollback=apart
        ),
        fill("fill", f"Fill {new}", str(table), new, value, f"{new} IS DISTINCT FROM ({value})"),
        deploy(
            "prepare",
            f"Give {new} what {old} has",
            Phase.SWITCH,
            f"Give {new} the default, the constraints and the indexes (built CONCURRENTLY) that {old} has, and deploy "
            f"a release that can read {old} as {operation.type}.",
        ),
        statements(
            "swap",
            "Swap the names",
            Phase.SWITCH,
            *apart,
            f"ALTER TABLE {table} RENAME COLUMN {old} TO {kept}",
            f"ALTER TABLE {table} RENAME COLUMN {new} TO {old}",
            f"ALTER TABLE {table} ALTER COLUMN {kept} DROP NOT NULL",
            irreversible="rows written after it have their value in the new column alone",
        ),
        soak(),
        gone(
            "drop",
            f"Drop {kept}",
            f"ALTER TABLE {table} DROP COLUMN {kept}",
            why=f"what was in it lives on in {old}",
        ),
    )


@with_rows("ALTER TABLE ALTER COLUMN TYPE")
def _type_change(context: Context, each: Operation) -> Iterator[Found]:
    own = context.own_effects(each)
    if not own.rewrites:
        rebuilt = collation_changes(Case(each, context.schema, context.version)) and own.scans
        again = " until its checks or indexes are proved and built again" if own.scans else " for a moment"
        yield Found(
            severity=Severity.STOP if rebuilt else Severity.WARN if own.scans else None,
            sentence=f"{each.relation} is not rewritten, but nobody reads or writes it{again}",
        )


RULES = (
    Rule(
        name="new-column-rewrite",
        severity=Severity.STOP,
        title="A new column that rewrites the table",
        why="A constant default is kept in the catalog. A volatile default, serial, identity, a stored generated "
        "column or a domain with constraints needs a value in each row, so the table is written anew while nobody "
        "may use it.",
        find=_rewriting,
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
        name="new-column-constraint",
        severity=Severity.STOP,
        title="A new column whose constraint reads the whole table",
        why="CHECK, UNIQUE or REFERENCES written with the column are proved at once, under ACCESS EXCLUSIVE. A new "
        "column without a default holds NULL alone, so that REFERENCES proves nothing and is no hazard.",
        find=_constrained,
        example=Example(
            given=USERS,
            bad="ALTER TABLE users ADD COLUMN code int UNIQUE;",
            good="ALTER TABLE users ADD COLUMN code int;",
        ),
        sources=(ALTER_TABLE,),
        squawk=("disallowed-unique-constraint", "adding-foreign-key-constraint", "constraint-missing-not-valid"),
    ),
    Rule(
        name="type-rewrite",
        severity=Severity.STOP,
        title="A change of type that rewrites the table",
        why="Only where the bits on disk stay the same (a longer varchar, varchar to text, cidr to inet, more digits "
        "of the same scale ...) is the change one of the catalog alone.",
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
        why="The table is locked for everybody, but only for as long as the catalog takes; where a check or an index "
        "is on the column, for as long as that is proved or built again. Views on the column make it refused.",
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
