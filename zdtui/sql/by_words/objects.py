"""CREATE, ALTER and DROP of any object, by their words: which object, and the table it is on."""

from dataclasses import replace

from zdtui.sql.by_words.alter_table import alter_relation, parameters
from zdtui.sql.by_words.create import create_index, create_table, create_view
from zdtui.sql.by_words.cursor import Cursor
from zdtui.sql.by_words.definition import column
from zdtui.sql.by_words.function import create_function
from zdtui.sql.by_words.on_table import ON_A_TABLE, alter_on_a_table, create_on_a_table
from zdtui.sql.kinds import KINDS
from zdtui.sql.operation import Constraint, ConstraintKind, Mention, Operation, Role
from zdtui.sql.text.name import Name
from zdtui.sql.text.pieces import AFTER_DEFINITION, NOTHING
from zdtui.sql.text.quote import string_value
from zdtui.sql.text.tokens import TokenKind
from zdtui.sql.text.words import Words

DECORATIONS = (
    *("OR REPLACE", "TEMPORARY", "TEMP", "GLOBAL", "LOCAL", "UNLOGGED", "UNIQUE", "RECURSIVE", "TRUSTED"),
    *("PROCEDURAL", "CONSTRAINT", "DEFAULT"),
)
SAID_BY_NOTHING = frozenset({"GLOBAL", "LOCAL", "RECURSIVE", "TRUSTED", "PROCEDURAL", "DEFAULT"})
RELATIONS = ("TABLE", "FOREIGN TABLE", "INDEX", "VIEW", "MATERIALIZED VIEW", "SEQUENCE")
OBJECTS = tuple(
    sorted(
        {kind.removeprefix("DROP ") for kind in KINDS if kind.startswith("DROP ") and "CONCURRENTLY" not in kind},
        key=len,
        reverse=True,
    )
)
"""Every kind of object, the longer names first."""
OTHER_NAMES = {"USER MAPPING": "USER MAPPING", "USER": "ROLE", "GROUP": "ROLE"}
ACTIONS_OF = {
    "TYPE": (
        *("ADD VALUE", "RENAME VALUE", "ADD ATTRIBUTE", "DROP ATTRIBUTE", "ALTER ATTRIBUTE", "RENAME ATTRIBUTE"),
        *("OWNER TO", "RENAME TO", "SET SCHEMA", "SET"),
    ),
    "DOMAIN": (
        *("SET DEFAULT", "DROP DEFAULT", "SET NOT NULL", "DROP NOT NULL", "DROP CONSTRAINT", "RENAME CONSTRAINT"),
        *("VALIDATE CONSTRAINT", "OWNER TO", "RENAME TO", "SET SCHEMA", "ADD"),
    ),
    "PUBLICATION": ("OWNER TO", "RENAME TO", "ADD", "SET", "DROP"),
}
"""What can be done to objects with a kind for each action."""
ACTION_NAMES = {
    ("TYPE", "SET"): "SET PROPERTIES",
    ("DOMAIN", "ADD"): "ADD CONSTRAINT",
    ("TYPE", "RENAME TO"): "RENAME",
    ("DOMAIN", "RENAME TO"): "RENAME",
    ("PUBLICATION", "RENAME TO"): "RENAME",
}
ANY_ACTION = ("RENAME TO", "OWNER TO", "SET SCHEMA", "DEPENDS ON EXTENSION", "NO DEPENDS ON EXTENSION")


def create(at: Cursor) -> tuple[Operation, ...] | None:
    """After CREATE."""
    said = frozenset("TEMPORARY" if word == "TEMP" else word for word in at.take_all(*DECORATIONS)) - SAID_BY_NOTHING
    what = _what(at)
    match what:
        case None:
            return None
        case "TABLE":
            return create_table(at, said)
        case "FOREIGN TABLE":
            found = create_table(at, said)
            return found and tuple(_foreign(each) for each in found)
        case "INDEX":
            return create_index(at, said)
        case "VIEW" | "MATERIALIZED VIEW":
            return create_view(at, said, f"CREATE {what}")
        case _:
            return _created(at, what, said)


def _foreign(plain: Operation) -> Operation:
    words = plain.words | ({"PARTITION OF"} if plain.kind == "CREATE TABLE PARTITION OF" else NOTHING)
    return replace(plain, kind="CREATE FOREIGN TABLE", words=words)


def _created(at: Cursor, what: str, said: frozenset[str]) -> tuple[Operation, ...] | None:
    kind = f"CREATE {what}"
    if kind not in KINDS:
        return None
    said |= at.take_all("IF NOT EXISTS")
    if what in ON_A_TABLE:
        return create_on_a_table(at, Operation(kind=kind, words=said))
    name = None if at.says("FOR") or at.says("ON") or at.says("FROM") else at.name()
    plain = Operation(kind=kind, object=name, words=said)
    match what:
        case "FUNCTION" | "PROCEDURE":
            return (create_function(at, plain),)
        case "SEQUENCE":
            return (_sequence(at, replace(plain, relation=name, object=None)),)
        case "STATISTICS":
            tables = Cursor(at.source, at.end if (word := at.source.find("FROM", at.place)) is None else word + 1)
            return (replace(plain, relation=tables.name()),)
        case "PUBLICATION":
            return (_published(at, plain),)
        case "SUBSCRIPTION":
            return (replace(plain, words=said | _without_slot(at)),)
        case "SCHEMA":
            return (replace(plain, object=name if name and name.name != "authorization" else None),)
        case "DOMAIN":
            return (_domain(at, plain),)
        case _:
            return (plain,)


def _domain(at: Cursor, plain: Operation) -> Operation:
    """Its type and its constraints are written as those of a column."""
    at.take("AS")
    found = column(Cursor(at.source, at.place - 1, at.end))
    return plain if found is None else replace(plain, type=found.type, constraints=found.constraints)


def _sequence(at: Cursor, plain: Operation) -> Operation:
    owned = at.source.find("OWNED", at.place, at.end)
    if owned is None:
        return plain
    owner = Cursor(at.source, owned + 1)
    owner.take("BY")
    parts = owner.name_parts()
    if len(parts) < 2:
        return plain
    table = Name(parts[-3] if len(parts) > 2 else None, parts[-2])
    return replace(plain, column=parts[-1], mentions=(Mention(Role.OWNED_BY, table),))


def _published(at: Cursor, plain: Operation) -> Operation:
    at.take("FOR")
    if at.take("ALL TABLES"):
        return replace(plain, words=plain.words | {"FOR ALL TABLES"})
    words = plain.words
    tables: tuple[Mention, ...] = ()
    if at.take("TABLES IN SCHEMA"):
        words |= {"TABLES IN SCHEMA"}
    elif at.take("TABLE"):
        tables = tuple(Mention(Role.PUBLISHED, name, only) for name, only in at.names_and_only())
    words |= {"TABLES IN SCHEMA"} if at.has("TABLES IN SCHEMA") else NOTHING
    return replace(plain, mentions=tables, words=words)


def alter(at: Cursor) -> tuple[Operation, ...] | None:
    """After ALTER."""
    at.take("PROCEDURAL")
    if (kind := at.take("DEFAULT PRIVILEGES", "SYSTEM")) is not None:
        return (Operation(kind=f"ALTER {kind}"),)
    if at.take("LARGE OBJECT"):
        return (Operation(kind="ALTER LARGE OBJECT", new_name=_after(at, "OWNER TO"), words=frozenset({"OWNER TO"})),)
    what = _what(at)
    if what in RELATIONS:
        return alter_relation(at, f"ALTER {what}") or _altered_otherwise(at, what)
    if what in ON_A_TABLE:
        return alter_on_a_table(at, what)
    if what in ACTIONS_OF:
        return _altered(at, what)
    if what is None or f"ALTER {what}" not in KINDS:
        return None
    name = None if at.says("FOR") else at.name()
    said = [phrase for phrase in ANY_ACTION if at.has(phrase)]
    new_name = _after(at, said[0]) if said else None
    words = _said(said)
    if what == "DATABASE":
        words |= at.take_all("SET TABLESPACE")
    elif what == "SUBSCRIPTION":
        words |= _asked_of_publisher(at)
    return (Operation(kind=f"ALTER {what}", object=name, new_name=new_name, words=words),)


def _without_slot(at: Cursor) -> frozenset[str]:
    """CREATE SUBSCRIPTION that makes no replication slot."""
    said = Words(at.source.tokens)
    return frozenset({"WITHOUT SLOT"}) if said.says_no("CREATE_SLOT") or said.says_no("CONNECT") else NOTHING


def _asked_of_publisher(at: Cursor) -> frozenset[str]:
    """What ALTER SUBSCRIPTION has to do on the other server."""
    said = Words(at.source.tokens)
    refreshes = any(at.has(f"{verb} PUBLICATION") for verb in ("SET", "ADD", "DROP", "REFRESH"))
    found = {word for word in ("FAILOVER", "TWO_PHASE") if said.has(word)}
    return frozenset(found | ({"REFRESH"} if refreshes and not said.says_no("REFRESH") else set()))


def _said(phrases: list[str]) -> frozenset[str]:
    return frozenset("RENAME" if phrase == "RENAME TO" else phrase for phrase in phrases[:1])


def _after(at: Cursor, phrase: str) -> str | None:
    place = at.place
    while at.token is not None and not at.take(phrase):
        at.skip()
    found, at.place = at.simple_name(), place
    return found


def _altered_otherwise(at: Cursor, what: str) -> tuple[Operation, ...] | None:
    """What a sequence and an index have beside the actions of a table."""
    at.place = _after_object(at)
    words = frozenset({"TABLE IF EXISTS"}) if at.take("IF EXISTS") else NOTHING
    relation = at.name()
    if relation is None:
        return None
    if what == "SEQUENCE":
        return (_sequence(at, Operation(kind="ALTER SEQUENCE OPTIONS", relation=relation, words=words)),)
    if f"ALTER {what} DEPENDS ON EXTENSION" in KINDS and at.has("DEPENDS ON EXTENSION"):
        return (Operation(kind=f"ALTER {what} DEPENDS ON EXTENSION", relation=relation),)
    return None


def _after_object(at: Cursor) -> int:
    start = Cursor(at.source, 1)
    _what(start)
    return start.place


def _altered(at: Cursor, what: str) -> tuple[Operation, ...] | None:
    name = at.name()
    said = at.take(*ACTIONS_OF[what])
    if name is None or said is None:
        return None
    action = ACTION_NAMES.get((what, said), said)
    if what == "PUBLICATION":
        return (_altered_publication(at, name, action),)
    plain = Operation(kind=f"ALTER {what} {action}", object=name, words=at.take_all("IF NOT EXISTS", "IF EXISTS"))
    if "ATTRIBUTE" in action:
        return _attributes(at, name, action, plain.words)
    if "CONSTRAINT" in action:
        at.take("CONSTRAINT")
        named = Constraint(kind=ConstraintKind.CHECK, name=at.simple_name())
        not_valid = {"NOT VALID"} if at.has("NOT VALID") else NOTHING
        new_name = at.simple_name() if at.take("TO") else None
        return (replace(plain, constraint=named, new_name=new_name, words=plain.words | not_valid),)
    if action in ("RENAME", "OWNER TO", "SET SCHEMA"):
        return (replace(plain, new_name=at.simple_name()),)
    if action in ("ADD VALUE", "RENAME VALUE"):
        return (_value(at, plain),)
    return (plain,)


def _value(at: Cursor, plain: Operation) -> Operation:
    """The value that comes; of RENAME VALUE also the one that goes."""
    said = [string_value(token.text) for token in at.source.tokens[at.place :] if token.kind is TokenKind.STRING]
    if plain.kind.endswith("RENAME VALUE"):
        return replace(plain, column=said[0] if said else None, new_name=said[1] if len(said) > 1 else None)
    return replace(plain, new_name=said[0] if said else None)


def _attributes(at: Cursor, relation: Name, action: str, words: frozenset[str]) -> tuple[Operation, ...] | None:
    """An operation for each attribute of a composite type; the first action's words are already read."""
    found = []
    for first, end in at.source.parts:
        part = Cursor(at.source, max(first, at.place), end)
        if first:
            action = part.take(*ACTIONS_OF["TYPE"]) or ""
            words = part.take_all("IF EXISTS")
        if "ATTRIBUTE" not in action:
            return None
        cascade = {"CASCADE"} if part.has("CASCADE") else NOTHING
        plain = Operation(kind=f"ALTER TYPE {action}", relation=relation, words=words | cascade)
        found.append(_attribute(part, action, plain))
    return tuple(found)


def _attribute(at: Cursor, action: str, plain: Operation) -> Operation:
    if action == "ADD ATTRIBUTE":
        found = column(at)
        return replace(plain, column=found.name if found else None, definition=found)
    plain = replace(plain, column=at.simple_name())
    if action == "ALTER ATTRIBUTE":
        at.take("SET DATA TYPE", "TYPE")
        return replace(plain, type=at.source.cut(at.place, at.source.end_of(at.place, AFTER_DEFINITION)))
    return replace(plain, new_name=at.simple_name() if at.take("TO") else None)


def _altered_publication(at: Cursor, name: Name, action: str) -> Operation:
    plain = Operation(kind=f"ALTER PUBLICATION {action}", object=name)
    if action in ("RENAME", "OWNER TO"):
        return replace(plain, new_name=at.simple_name())
    if at.token is not None and at.token.text == "(":
        return replace(plain, kind="ALTER PUBLICATION SET OPTIONS", parameters=parameters(at))
    return _published(at, plain)


def drop(at: Cursor) -> tuple[Operation, ...] | None:
    """After DROP."""
    at.take("PROCEDURAL")
    what = _what(at)
    if what is None:
        return None
    words = at.take_all("CONCURRENTLY", "IF EXISTS")
    kind = f"DROP {what}{' CONCURRENTLY' if 'CONCURRENTLY' in words else ''}"
    if at.has("CASCADE"):
        words |= {"CASCADE"}
    if what in ON_A_TABLE:
        name = at.simple_name()
        at.take("ON")
        return (Operation(kind=kind, relation=at.name(), object=Name(None, name or ""), words=words),)
    if what in ("CAST", "TRANSFORM", "USER MAPPING", "OWNED", "OPERATOR"):
        return (Operation(kind=kind, words=words),)
    names = at.names()
    if what in RELATIONS and names:
        also = tuple(Mention(Role.ALSO, name) for name in names[1:])
        return (Operation(kind=kind, relation=names[0], mentions=also, words=words),)
    return tuple(Operation(kind=kind, object=name, words=words) for name in names) or None


def _what(at: Cursor) -> str | None:
    """Past the kind of object; CREATE and DROP USER are said of a role."""
    found = at.take(*OBJECTS, *OTHER_NAMES)
    return OTHER_NAMES.get(found, found) if found else None
