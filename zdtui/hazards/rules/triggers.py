"""Triggers and rules of a table that others write at that moment."""

from collections.abc import Iterator

from zdtui.hazards.context import Context
from zdtui.hazards.hazard import Safer, Severity
from zdtui.hazards.rule import DOCUMENTATION, Example, Found, Rule, in_use
from zdtui.sql.operation import Operation

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


RULES = (
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
