"""Types, functions, sequences, schemas, extensions and roles that get another name, or go away."""

from collections.abc import Iterator

from zdtui.hazards.context import Context
from zdtui.hazards.hazard import Safer, Severity
from zdtui.hazards.rule import DOCUMENTATION, Example, Found, Rule, on
from zdtui.sql.operation import Operation
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
    old = quote_identifier(each.column) if each.column else str(name)
    yield Found(
        sentence=f"code that says {what} {old} fails the moment this commits: application and schema cannot change at "
        "the same instant",
        safer=Safer(
            sentence="make a second one of the new name beside it, move the code over, drop the old in contract"
        ),
    )


@on("ALTER SCHEMA")
def _schema(context: Context, each: Operation) -> Iterator[Found]:
    if "RENAME" in each.words and context.forward:
        yield Found(
            severity=Severity.STOP,
            sentence=f"every query that looks for something in {each.object} fails the moment this commits",
            safer=Safer(
                sentence="leave the name; or make a schema of the new name with views of what is in the old one"
            ),
        )


@on(*DROPPED)
def _dropped(context: Context, each: Operation) -> Iterator[Found]:
    made = {one.object for one in context.together.operations if one.kind.startswith("CREATE ")}
    if each.object in made or context.is_contract or not context.forward or "CASCADE" in each.words:
        return
    what = DROPPED[each.kind]
    yield Found(
        sentence=f"code that still uses {what} {each.object or ''}".rstrip() + " fails the moment this commits",
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


@on("ALTER EXTENSION", "DROP OWNED", "REASSIGN OWNED")
def _many_at_once(context: Context, each: Operation) -> Iterator[Found]:
    if not context.forward:
        return
    match each.kind:
        case "ALTER EXTENSION":
            sentence = f"the script of {each.object} runs, with locks and rewrites that no text shows"
            how = "read what the new version changes, and try it with `zdtui trace` or on a copy"
        case "DROP OWNED":
            sentence = "everything in this database that the role owns is dropped, and its privileges with it"
            how = "name what has to go, so that it is reviewed and the rollback can bring it back"
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
        why="ALTER EXTENSION, DROP OWNED and REASSIGN OWNED change what is there that night: no text says which tables "
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
