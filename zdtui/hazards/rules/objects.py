"""Types, functions, sequences, schemas, extensions and roles that get another name, or go away."""

from collections.abc import Iterator

from zdtui.hazards.context import Context
from zdtui.hazards.hazard import Safer, Severity
from zdtui.hazards.rule import DOCUMENTATION, Example, Found, Rule, on
from zdtui.hazards.transaction import Taker, takers_of_column, takers_of_object
from zdtui.sql.operation import Operation
from zdtui.sql.text.name import Name
from zdtui.sql.text.quote import quote_identifier

GIVEN = (
    "CREATE TYPE mood AS ENUM ('sad'); CREATE SEQUENCE numbers; CREATE TABLE users (id bigint PRIMARY KEY, mood mood);"
    " CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'"
)
RENAMED_BY_WORD = {
    f"ALTER {what}": what.lower() for what in ("FUNCTION", "PROCEDURE", "ROUTINE", "AGGREGATE", "OPERATOR", "ROLE")
}
RENAMED = {
    **{
        f"ALTER {what} {how}": what.lower()
        for what in ("TYPE", "DOMAIN", "SEQUENCE")
        for how in ("RENAME", "SET SCHEMA")
    },
    "ALTER TYPE RENAME ATTRIBUTE": "attribute",
    "ALTER PUBLICATION RENAME": "publication",
}
DROPPED = {
    **{f"DROP {what}": what.lower() for what in ("TYPE", "DOMAIN", "FUNCTION", "PROCEDURE", "ROUTINE", "AGGREGATE")},
    **{f"DROP {what}": what.lower() for what in ("OPERATOR", "EXTENSION", "ROLE", "SERVER", "EVENT TRIGGER")},
}
STREAMS = {"DROP PUBLICATION": "publication", "DROP SUBSCRIPTION": "subscription"}


@on(*RENAMED, *RENAMED_BY_WORD)
def _renamed(context: Context, each: Operation) -> Iterator[Found]:
    what = RENAMED.get(each.kind) or (RENAMED_BY_WORD[each.kind] if each.words & {"RENAME", "SET SCHEMA"} else None)
    name = each.relation or each.object
    if what is None or name is None or not context.forward or context.fresh(each.relation):
        return
    if each.column is None and _is_new(context, each, name):
        return
    old = quote_identifier(each.column) if each.column else str(name)
    taken = next(_takers(context, each, name), None)
    becomes = "fails the moment this commits: application and schema cannot change at the same instant"
    yield Found(
        sentence=f"code that says {what} {old} {becomes if taken is None else _of_another(taken)}",
        safer=Safer(
            sentence="make a second one of the new name beside it, move the code over, drop the old in contract"
        ),
    )


def _what(operation: Operation) -> str:
    return operation.kind.split(" ")[1]


def _takers(context: Context, operation: Operation, name: Name) -> Iterator[Taker]:
    """What gets the name that is freed, in this statement or after it."""
    history = context.history
    later = (each for each in history.whole.operations[history.done :] if each is not operation)
    if operation.column is not None:
        return takers_of_column(later, name, operation.column)
    return takers_of_object(later, _what(operation), name)


def _taken_together(context: Context, operation: Operation, name: Name) -> Taker | None:
    """What gets it in the same transaction, so that nobody finds nothing of that name."""
    together = context.together.operations
    return next((each for each in _takers(context, operation, name) if each.operation in together), None)


def _of_another(taken: Taker) -> str:
    what = "another, new one of that name" if taken.was is None else f"what was {quote_identifier(taken.was)}"
    return f"gets {what} from the moment that commits, and does not fail"


def _is_new(context: Context, operation: Operation, name: Name) -> bool:
    """Whether the text itself made it before, so that no code uses it yet."""
    before = context.history.whole.operations[: context.history.done]
    made = (each.operation for each in takers_of_object(before, _what(operation), name) if each.was is None)
    return any(not each.words & {"OR REPLACE", "IF NOT EXISTS"} for each in made)


@on("ALTER SCHEMA")
def _schema(context: Context, each: Operation) -> Iterator[Found]:
    if "RENAME" not in each.words or not context.forward or each.object is None or _is_new(context, each, each.object):
        return
    taken = next(_takers(context, each, each.object), None)
    becomes = "fails the moment this commits" if taken is None else _of_another(taken)
    yield Found(
        severity=Severity.STOP,
        sentence=f"every query that looks for something in schema {each.object} {becomes}",
        safer=Safer(sentence="leave the name; or make a schema of the new name with views of what is in the old one"),
    )


@on(*DROPPED)
def _dropped(context: Context, each: Operation) -> Iterator[Found]:
    if context.is_contract or not context.forward or "CASCADE" in each.words:
        return
    name, what = each.object, DROPPED[each.kind]
    taken = None if name is None else _taken_together(context, each, name)
    if name is not None and (_is_new(context, each, name) or (taken is not None and taken.was is None)):
        return
    becomes = "fails the moment this commits" if taken is None else _of_another(taken)
    yield Found(
        sentence=f"code that still uses {what if name is None else f'{what} {name}'} {becomes}",
        safer=Safer(sentence="drop it in contract, after the release that does not use it has run for the soak time"),
    )


@on(*STREAMS)
def _stream(context: Context, each: Operation) -> Iterator[Found]:
    if context.forward and not context.is_contract:
        yield Found(
            sentence=f"{STREAMS[each.kind]} {each.object} sends and receives nothing from now on, and what was written "
            "meanwhile is missing until the tables are copied anew",
            safer=Safer(sentence="drop it in contract, once nobody needs its rows"),
        )


@on("ALTER EXTENSION", "REASSIGN OWNED")
def _many_at_once(context: Context, each: Operation) -> Iterator[Found]:
    if not context.forward:
        return
    match each.kind:
        case "ALTER EXTENSION":
            sentence = f"the script of {each.object} runs, with locks and rewrites that no text shows"
            how = "read what the new version changes, and try it with `zdtui trace` or on a copy"
        case _:
            sentence = "everything in this database that the role owns gets another owner, each under ACCESS EXCLUSIVE"
            how = "change the owner table by table, each in a step of its own"
    yield Found(sentence=sentence, safer=Safer(sentence=how))


RULES = (
    Rule(
        name="object-rename",
        severity=Severity.WARN,
        title="A type, function, sequence or schema is renamed or moved in one step",
        why="Code that runs says the old name, and so do bodies of functions, casts and connection settings. Only what "
        "the catalog itself points to (columns of the type, views) follows.",
        find=(_renamed, _schema),
        example=Example(
            given=GIVEN,
            bad="ALTER TYPE mood RENAME TO feeling;",
            good="CREATE TYPE feeling AS ENUM ('sad');",
        ),
        sources=(f"{DOCUMENTATION}sql-altertype.html",),
    ),
    Rule(
        name="object-dropped",
        severity=Severity.WARN,
        title="A type, function, extension or role is dropped outside of contract",
        why="PostgreSQL refuses the drop only where the catalog itself knows of a use: the text of a query or of a "
        "function's body does not count.",
        find=(_dropped, _stream),
        example=Example(
            given=GIVEN,
            bad="DROP FUNCTION f();",
            good="CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 2';",
        ),
        sources=(f"{DOCUMENTATION}ddl-depend.html",),
        squawk=("ban-drop-function", "ban-drop-type", "ban-drop-extension", "ban-drop-domain"),
    ),
    Rule(
        name="many-objects-at-once",
        severity=Severity.WARN,
        title="A command that changes whatever there is",
        why="ALTER EXTENSION and REASSIGN OWNED change what is there that night: no text says which tables "
        "they lock, and no rollback can name them.",
        find=_many_at_once,
        example=Example(
            given=GIVEN,
            bad="REASSIGN OWNED BY CURRENT_USER TO CURRENT_USER;",
            good="ALTER SEQUENCE numbers OWNER TO CURRENT_USER;",
        ),
        sources=(f"{DOCUMENTATION}sql-reassign-owned.html", f"{DOCUMENTATION}sql-alterextension.html"),
    ),
)
