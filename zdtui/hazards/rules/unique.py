"""Constraints that stand on an index, when the index is built under the lock."""

from collections.abc import Iterator

from zdtui.hazards.context import Context
from zdtui.hazards.hazard import Safer, Severity
from zdtui.hazards.planned import Beside, in_steps
from zdtui.hazards.rewriting import actions_of, by_an_index, with_action
from zdtui.hazards.rule import DOCUMENTATION, Example, Found, Rule, with_rows
from zdtui.sql.operation import Constraint, ConstraintKind, Operation
from zdtui.sql.schema.made_names import LONGEST, made_name
from zdtui.sql.schema.relations import RelationKind
from zdtui.sql.text.name import Name
from zdtui.sql.text.quote import quote_identifier

ALTER_TABLE = f"{DOCUMENTATION}sql-altertable.html"
USERS = "CREATE TABLE users (id int NOT NULL, age int)"
KINDS = (ConstraintKind.UNIQUE, ConstraintKind.PRIMARY_KEY)


@with_rows("ALTER TABLE ADD CONSTRAINT")
def _unique(context: Context, each: Operation) -> Iterator[Found]:
    constraint = each.constraint
    if constraint is None or constraint.kind not in KINDS:
        return
    yield Found(
        sentence=f"nobody reads or writes {each.relation} until the index of its {constraint.kind} on "
        f"{', '.join(map(quote_identifier, constraint.columns))} is built",
        safer=_by_an_index(context, each, constraint),
    )


def _by_an_index(context: Context, operation: Operation, constraint: Constraint) -> Safer:
    sentence = "build the index beside the traffic, then make the constraint of it in a moment"
    actions, table = actions_of(context.statement.text), operation.relation
    known = context.schema.find(table)
    if table is None or len(actions) != len(context.operations):
        return Safer(sentence=sentence)
    if known is not None and known.kind is RelationKind.PARTITIONED:
        return Safer(
            sentence="build a unique index concurrently on each partition, add the constraint ON ONLY the partitioned "
            "table, and attach the indexes to its own"
        )
    made_up = () if constraint.kind is ConstraintKind.PRIMARY_KEY else constraint.columns
    suffix = "pkey" if constraint.kind is ConstraintKind.PRIMARY_KEY else "key"
    name = constraint.name or made_name(table.name, *made_up, suffix)
    place = next(place for place, each in enumerate(context.operations) if each is operation)
    both = by_an_index(actions[place], quote_identifier(name), str(table))
    if both is None or len(name.encode(errors="surrogatepass")) > LONGEST:
        return Safer(sentence=sentence)
    index, action = both
    return in_steps(
        context,
        sentence,
        before=[
            Beside(
                "index",
                f"Build the index of {quote_identifier(name)}",
                index,
                rollback=f"DROP INDEX CONCURRENTLY IF EXISTS {Name(table.schema, name)}",
            )
        ],
        instead=with_action(context.statement.text, place, action),
        fixable=not any(context.makes(table, column) for column in constraint.columns),
    )


@with_rows("ALTER TABLE ADD CONSTRAINT")
def _exclusion(context: Context, each: Operation) -> Iterator[Found]:
    if each.constraint is not None and each.constraint.kind is ConstraintKind.EXCLUDE:
        yield Found(
            sentence=f"nobody reads or writes {each.relation} until its index is built, and no gentler way exists",
            safer=Safer(sentence="make the constraint on a new table and move the rows: see move-to-new-table"),
        )


RULES = (
    Rule(
        name="unique-without-index",
        severity=Severity.STOP,
        title="UNIQUE or PRIMARY KEY that builds its index under the lock",
        why="The index is built under ACCESS EXCLUSIVE. Built CONCURRENTLY before, it becomes the constraint in a "
        "moment.",
        find=_unique,
        example=Example(
            given=USERS,
            bad="ALTER TABLE users ADD CONSTRAINT users_id UNIQUE (id);",
            good="CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS users_id ON users (id);\n"
            "ALTER TABLE users ADD CONSTRAINT users_id UNIQUE USING INDEX users_id;",
        ),
        sources=(ALTER_TABLE,),
        squawk=("disallowed-unique-constraint",),
    ),
    Rule(
        name="exclusion-constraint",
        severity=Severity.STOP,
        title="An exclusion constraint on a table in use",
        why="Its index is built under ACCESS EXCLUSIVE, and cannot be made of one that was built before.",
        find=_exclusion,
        example=Example(
            given=USERS,
            bad="ALTER TABLE users ADD CONSTRAINT one_each EXCLUDE USING btree (id WITH =);",
            good="CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS one_each ON users (id);",
        ),
        sources=(ALTER_TABLE,),
    ),
)
