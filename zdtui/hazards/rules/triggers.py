"""Triggers and rules of a table that others write at that moment."""

from collections.abc import Iterator

from zdtui.hazards.context import Context
from zdtui.hazards.hazard import Safer, Severity
from zdtui.hazards.rule import DOCUMENTATION, Example, Found, Rule, in_use
from zdtui.sql.operation import Operation
from zdtui.sql.schema.bound import bound_to
from zdtui.sql.text.quote import quote_identifier

GIVEN = (
    "CREATE TABLE users (id bigint PRIMARY KEY, name text); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS"
    " 'BEGIN RETURN NEW; END'; CREATE TRIGGER touch BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION f()"
)


@in_use("CREATE TRIGGER")
def _made(context: Context, each: Operation) -> Iterator[Found]:
    if context.forward:
        rows = "each row" if "FOR EACH ROW" in each.words else "each statement"
        yield Found(
            sentence=f"it waits for all who write {each.relation}, and they wait behind it; then {rows} "
            "that is written "
            "runs the trigger, and fails where that fails",
            safer=Safer(
                sentence="make it in a step of its own, with a function that was tried on the application's writes"
            ),
        )


@in_use("DROP TRIGGER")
def _dropped(context: Context, each: Operation) -> Iterator[Found]:
    if context.forward and not context.is_contract:
        yield Found(
            severity=Severity.WARN,
            sentence=f"it queues for ACCESS EXCLUSIVE on {each.relation}, and everybody queues behind it; rows written "
            "from then on miss what the trigger did",
            safer=Safer(sentence="drop it in contract, once nothing depends on it"),
        )


@in_use("CREATE RULE")
def _rule(context: Context, each: Operation) -> Iterator[Found]:
    if context.forward:
        yield Found(
            sentence=f"statements on {each.relation} become other statements from the moment this commits, and "
            "RETURNING, COPY and row counts may no longer be what the application expects",
            safer=Safer(sentence="make a trigger, or a view that is written to"),
        )


@in_use("ALTER TABLE RENAME COLUMN")
def _left_behind(context: Context, each: Operation) -> Iterator[Found]:
    """A name that goes from one column to another: what is bound to the one goes on with that one."""
    if each.relation is None or each.column is None or not context.forward or not _is_taken(context, each):
        return
    bound = bound_to(context.schema, each.relation, each.column)
    if bound:
        old, new = quote_identifier(each.column), quote_identifier(each.new_name or "")
        yield Found(
            sentence=f"{', '.join(bound)} {'follows' if len(bound) == 1 else 'follow'} the column by its number and "
            f"not by its name: from the swap on that means {new}, and not the column that is called {old} then",
            safer=Safer(sentence="make each of them again in the same transaction, after the names are swapped"),
        )


def _is_taken(context: Context, operation: Operation) -> bool:
    """Whether another column of the table gets the name, in this text."""
    same = (each for each in context.history.whole.operations if each.relation == operation.relation)
    return any(
        (each.kind == "ALTER TABLE RENAME COLUMN" and each.new_name == operation.column)
        or (each.kind == "ALTER TABLE ADD COLUMN" and each.column == operation.column)
        for each in same
    )


RULES = (
    Rule(
        name="follows-by-number",
        severity=Severity.WARN,
        title="What follows a renamed column, and not its name",
        why="Views, policies, the column list of an UPDATE OF trigger and that of a publication keep the column's "
        "number. When two columns swap names they go on with the old one, and nothing fails: it is wrong in silence.",
        find=_left_behind,
        example=Example(
            given=f"{GIVEN}; ALTER TABLE users ADD COLUMN name_new text;"
            " CREATE TRIGGER named BEFORE UPDATE OF name ON users FOR EACH ROW EXECUTE FUNCTION f()",
            bad="BEGIN;\nALTER TABLE users RENAME COLUMN name TO name_old;\n"
            "ALTER TABLE users RENAME COLUMN name_new TO name;\nCOMMIT;",
            good="BEGIN;\nDROP TRIGGER named ON users;\nALTER TABLE users RENAME COLUMN name TO name_old;\n"
            "ALTER TABLE users RENAME COLUMN name_new TO name;\n"
            "CREATE TRIGGER named BEFORE UPDATE OF name ON users FOR EACH ROW EXECUTE FUNCTION f();\nCOMMIT;",
        ),
        sources=(f"{DOCUMENTATION}catalog-pg-trigger.html",),
    ),
    Rule(
        name="trigger-change",
        severity=Severity.NOTE,
        title="A trigger comes or goes on a table in use",
        why="CREATE TRIGGER takes SHARE ROW EXCLUSIVE and waits for every writer; DROP TRIGGER takes ACCESS EXCLUSIVE. "
        "From then on every write does more, or misses what the trigger did.",
        find=(_made, _dropped),
        example=Example(
            given=GIVEN,
            bad="DROP TRIGGER touch ON users;",
            good="ALTER TRIGGER touch ON users RENAME TO touched;",
        ),
        sources=(f"{DOCUMENTATION}sql-createtrigger.html",),
        squawk=("ban-drop-trigger",),
    ),
    Rule(
        name="rewrite-rule",
        severity=Severity.WARN,
        title="A rule that rewrites statements on a table in use",
        why="A rule changes the statement and not the rows: volatile functions run twice, and what the statement gives "
        "back changes.",
        find=_rule,
        example=Example(
            given=GIVEN,
            bad="CREATE RULE quiet AS ON DELETE TO users DO INSTEAD NOTHING;",
            good="CREATE TABLE quiet (id bigint PRIMARY KEY);",
        ),
        sources=(f"{DOCUMENTATION}rules-triggers.html",),
    ),
)
