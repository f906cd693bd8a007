"""What the server refuses, whatever the tables hold: it is better known before than at night."""

from collections.abc import Iterator

from zdtui.hazards.context import Context
from zdtui.hazards.hazard import Safer, Severity
from zdtui.hazards.rule import DOCUMENTATION, Example, Finder, Found, Rule, on
from zdtui.hazards.wording import some
from zdtui.sql.newer import kinds_newer_than, newer_than
from zdtui.sql.operation import ConstraintKind, Operation, Role
from zdtui.sql.schema.dropped_with import relations_of_type
from zdtui.sql.schema.relations import Relation, RelationKind
from zdtui.sql.text.name import Name
from zdtui.sql.text.quote import quote_identifier, string_value
from zdtui.sql.text.tokens import TokenKind, tokens
from zdtui.sql.transactions import NEWEST, refusal

GIVEN = (
    "CREATE TABLE users (id bigint PRIMARY KEY, name text); CREATE TYPE mood AS ENUM ('sad');"
    " CREATE TABLE moods (id bigint, mood mood)"
)
USABLE_IN_A_NEW_TYPE_SINCE = 17
"""The first version in which a value may be used at once if its type is of the same transaction."""
ALONE = Safer(sentence="let it stand outside of BEGIN and COMMIT, in a file or step of its own")
PARTS = Safer(sentence="do it for each partition; what they have is then taken over by the partitioned table")
IN_A_FUNCTION = Safer(sentence="take it out of the block: such statements run by themselves alone")


def _in_transaction(context: Context) -> Iterator[Found]:
    """In a block of the text, or in the body of a DO. What runs alone in a step runs alone."""
    inner = [each for each in context.operations if "IN BLOCK" in each.words]
    if (refused := refusal(inner, context.version)) is not None:
        yield Found(sentence=f"the server refuses {refused.kind} in a block of code", safer=IN_A_FUNCTION)
    own = [each for each in context.operations if "IN BLOCK" not in each.words and each.kind != "DO"]
    if context.in_block and (refused := refusal(own, context.version)) is not None:
        yield Found(sentence=f"the server refuses {refused.kind} between BEGIN and COMMIT", safer=ALONE)


def _too_new(context: Context) -> Iterator[Found]:
    found = kinds_newer_than(context.operations, context.version)
    if found is None and context.version < NEWEST:
        found = newer_than(context.statement.text, context.version)
    if found is not None:
        version, what = found
        yield Found(
            sentence=f"PostgreSQL {context.version} does not know {what}, which came with {version}: it fails",
            safer=Safer(sentence=f"say it as {context.version} knows it, or say that the server is newer"),
        )


def _partitioned(context: Context, name: Name | None) -> Relation | None:
    known = context.schema.find(name)
    kinds = (RelationKind.PARTITIONED, RelationKind.PARTITIONED_INDEX)
    return known if known is not None and known.kind in kinds else None


@on("CREATE INDEX CONCURRENTLY", "DROP INDEX CONCURRENTLY")
def _concurrently(context: Context, each: Operation) -> Iterator[Found]:
    if (known := _partitioned(context, each.relation)) is not None:
        yield Found(sentence=f"{known.name} is partitioned, and the server refuses {each.kind} there", safer=PARTS)
    if each.kind.startswith("DROP") and (each.mentioned(Role.ALSO) or "CASCADE" in each.words):
        what = "CASCADE" if "CASCADE" in each.words else "several indexes at once"
        yield Found(
            sentence=f"DROP INDEX CONCURRENTLY takes no {what}: the server refuses it",
            safer=Safer(sentence="drop them one by one"),
        )


@on("ALTER TABLE DETACH PARTITION CONCURRENTLY")
def _detached(context: Context, each: Operation) -> Iterator[Found]:
    known = context.schema.find(each.relation)
    if known is not None and any(child.is_default for child in context.schema.children_of(known.name)):
        yield Found(
            sentence=f"{known.name} has a default partition, and the server refuses to detach concurrently there",
            safer=Safer(sentence="detach without CONCURRENTLY, in a gap of the traffic; or detach the default first"),
        )


@on("REFRESH MATERIALIZED VIEW CONCURRENTLY")
def _refreshed(context: Context, each: Operation) -> Iterator[Found]:
    known = context.schema.find(each.relation)
    unique = known is not None and any(index.unique for index in context.schema.indexes_of(known.name))
    if "WITH NO DATA" in each.words or (known is not None and not unique):
        yield Found(
            sentence="the server refuses CONCURRENTLY "
            f"{'together with WITH NO DATA' if unique else f'while {each.relation} has no unique index without WHERE'}",
            safer=Safer(sentence="make a unique index of plain columns on it first"),
        )


@on("ALTER TABLE ADD CONSTRAINT", "ALTER TABLE ADD CONSTRAINT USING INDEX")
def _constraint(context: Context, each: Operation) -> Iterator[Found]:
    known, constraint = _partitioned(context, each.relation), each.constraint
    if known is None or constraint is None:
        return
    keys = (ConstraintKind.PRIMARY_KEY, ConstraintKind.UNIQUE)
    by = known.partitioned_by
    if constraint.using_index is not None:
        yield Found(sentence=f"{known.name} is partitioned: a constraint of it is made of no index", safer=PARTS)
    elif constraint.kind in keys and by is not None and not set(by.columns) <= set(constraint.columns):
        missing = ", ".join(quote_identifier(column) for column in by.columns if column not in constraint.columns)
        yield Found(
            sentence=f"{known.name} is partitioned by {missing or 'an expression'}, which every key of it has to have",
            safer=Safer(sentence="put it into the key, or keep values unique in each partition alone"),
        )
    elif constraint.kind is ConstraintKind.FOREIGN_KEY and constraint.not_valid and context.version < 18:
        yield Found(
            sentence=f"{known.name} is partitioned, and PostgreSQL {context.version} has no NOT VALID key there",
            safer=PARTS,
        )
    elif constraint.kind is ConstraintKind.EXCLUDE and context.version < 17:
        yield Found(
            sentence=f"{known.name} is partitioned, and PostgreSQL {context.version} has no exclusion constraint there",
            safer=Safer(sentence="add it to each partition"),
        )


@on("ALTER TABLE SET LOGGED", "ALTER TABLE SET UNLOGGED")
def _logged(context: Context, each: Operation) -> Iterator[Found]:
    if context.version >= 18 and (known := _partitioned(context, each.relation)) is not None:
        yield Found(sentence=f"{known.name} is partitioned, and only tables with rows are logged or not", safer=PARTS)


@on("TRUNCATE")
def _truncated(context: Context, each: Operation) -> Iterator[Found]:
    names = {context.schema.resolve(name) for name in (each.relation, *each.mentioned(Role.ALSO)) if name is not None}
    if "CASCADE" in each.words:
        return
    others = {key.table for name in names for key in context.schema.referencing(name)} - names
    if others:
        yield Found(
            sentence=f"a foreign key of {some(others)} points there, and the server refuses to truncate what is "
            "referenced",
            safer=Safer(sentence="name both tables in one TRUNCATE, or delete in batches"),
        )


@on("DROP TABLE", "DROP VIEW", "DROP MATERIALIZED VIEW")
def _needed(context: Context, each: Operation) -> Iterator[Found]:
    if "CASCADE" in each.words:
        return
    names = {context.schema.resolve(name) for name in (each.relation, *each.mentioned(Role.ALSO)) if name is not None}
    needing = {view.name for name in names for view in context.schema.views_on(name)}
    needing |= {key.table for name in names for key in context.schema.referencing(name)}
    if needing - names:
        yield Found(
            sentence=f"{some(needing - names)} needs it, and the server refuses to drop what is needed",
            safer=Safer(sentence="drop first what needs it: the views, and the foreign keys that point there"),
        )


@on("DROP TYPE", "DROP DOMAIN")
def _used(context: Context, each: Operation) -> Iterator[Found]:
    if each.object is None or "CASCADE" in each.words:
        return
    users = {relation.name for relation in relations_of_type(context.schema, each.object.name)}
    if users:
        yield Found(
            sentence=f"{some(users)} has a column of {each.object}, and the server refuses to drop it",
            safer=Safer(sentence="drop those columns, or give them another type, first"),
        )


@on("ALTER TABLE DROP COLUMN", "ALTER TABLE ALTER COLUMN TYPE")
def _of_partitioning(context: Context, each: Operation) -> Iterator[Found]:
    known = _partitioned(context, each.relation)
    if known is not None and known.partitioned_by is not None and each.column in known.partitioned_by.columns:
        yield Found(
            sentence=f"{known.name} is partitioned by {quote_identifier(each.column or '')}, and the server "
            "refuses to change or drop that",
            safer=Safer(sentence="make a new partitioned table and move the rows: see move-to-new-table"),
        )
    child = context.schema.find(each.relation)
    if child is not None and child.is_partition and "IN BLOCK" not in each.words:
        yield Found(
            sentence=f"{child.name} is a partition, and its columns are those of {some(set(child.parents))}: the "
            "server refuses to change them here",
            safer=Safer(sentence="do it to the partitioned table"),
        )


def _new_value(context: Context) -> Iterator[Found]:
    """A value that a transaction adds to an enum is not to be used in it, unless the type is new too."""
    new = _new_values(context)
    if not new or context.statement.kind.startswith(("ALTER TYPE", "COMMENT", "CREATE FUNCTION", "CREATE PROCEDURE")):
        return
    said = {string_value(one.text) for one in tokens(context.statement.text) if one.kind is TokenKind.STRING}
    for value in sorted(said & new.keys()):
        if any(_may_be_of(context, each, new[value]) for each in context.operations):
            yield Found(
                severity=Severity.WARN if context.history.assumed else None,
                sentence=f"'{value}' is used in the transaction that adds it to {new[value]}: the server refuses that "
                "(unsafe use of a new value)",
                safer=Safer(sentence="add the value in a file or step of its own, committed before it is used"),
            )


def _new_values(context: Context) -> dict[str, Name]:
    """Values that statements before this one in its transaction have added, with their type."""
    before = [each for seen in context.history.before for each in seen.operations]
    usable = context.version >= USABLE_IN_A_NEW_TYPE_SINCE
    made = {each.object for each in before if each.kind == "CREATE TYPE" and usable}
    return {
        each.new_name: each.object
        for each in before
        if each.kind == "ALTER TYPE ADD VALUE" and each.new_name and each.object and each.object not in made
    }


def _may_be_of(context: Context, operation: Operation, enum: Name) -> bool:
    """Whether a column of the type may be meant: what is known of the table says no at times."""
    definitions = (*operation.definitions, *((operation.definition,) if operation.definition is not None else ()))
    if definitions:
        return any((each.type or "").removesuffix("[]").strip('"').endswith(enum.name) for each in definitions)
    known = context.schema.find(operation.relation)
    if known is None or not known.columns:
        return True
    return any(known.name == each.name for each in relations_of_type(context.schema, enum.name))


RULES = (
    Rule(
        name="server-refuses",
        severity=Severity.STOP,
        title="A statement that this server refuses",
        why="Some statements cannot be in a transaction, some are not for partitioned tables, some came with a later "
        "version, and some contradict what stands before them. They fail, and what came before them in a file without "
        "a transaction is done.",
        find=(
            Finder(_in_transaction),
            Finder(_too_new),
            *(_concurrently, _detached, _refreshed, _constraint, _logged, _truncated, _needed, _used),
            *(_of_partitioning, Finder(_new_value)),
        ),
        example=Example(
            given=GIVEN,
            bad="BEGIN;\nVACUUM users;\nCOMMIT;",
            good="VACUUM users;",
        ),
        sources=(f"{DOCUMENTATION}sql-commands.html",),
        squawk=("ban-concurrent-index-creation-in-transaction",),
    ),
)
