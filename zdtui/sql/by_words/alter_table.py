"""ALTER TABLE and the same actions on views, indexes, sequences and foreign tables, by their words."""

from collections.abc import Callable
from dataclasses import replace

from zdtui.sql.by_words.cursor import Cursor
from zdtui.sql.by_words.definition import column, constraint, is_constraint
from zdtui.sql.kinds import KINDS
from zdtui.sql.operation import Constraint, ConstraintKind, Mention, Operation, Role
from zdtui.sql.text.bounds import bound_of
from zdtui.sql.text.name import Name

Action = Callable[[Cursor, Operation], Operation | None]
COLUMN_ACTIONS = (
    "SET DATA TYPE",
    "TYPE",
    "SET DEFAULT",
    "DROP DEFAULT",
    "SET NOT NULL",
    "DROP NOT NULL",
    "SET EXPRESSION",
    "DROP EXPRESSION",
    "ADD GENERATED",
    "DROP IDENTITY",
    "SET STATISTICS",
    "SET STORAGE",
    "SET COMPRESSION",
    "SET GENERATED",
    "RESTART",
    "OPTIONS",
    "RESET",
    "SET",
)
RENAMED = {
    "SET DATA TYPE": "TYPE",
    "ADD GENERATED": "ADD IDENTITY",
    "SET GENERATED": "SET IDENTITY",
    "RESTART": "SET IDENTITY",
    "RESET": "RESET OPTIONS",
}
PLAIN = (
    "ENABLE ROW LEVEL SECURITY",
    "DISABLE ROW LEVEL SECURITY",
    "FORCE ROW LEVEL SECURITY",
    "NO FORCE ROW LEVEL SECURITY",
    "SET WITHOUT CLUSTER",
    "SET WITHOUT OIDS",
    "SET LOGGED",
    "SET UNLOGGED",
    "NOT OF",
)
"""Actions that say all by their words."""


def alter_relation(at: Cursor, command: str) -> tuple[Operation, ...] | None:
    """An operation for each action; None when one of them is not known."""
    said = frozenset({"TABLE IF EXISTS"}) if at.take("IF EXISTS") else frozenset()
    if at.take("ALL IN TABLESPACE"):
        return (Operation(kind=f"{command} ALL IN TABLESPACE", new_name=at.simple_name()),)
    said |= at.take_all("ONLY")
    relation = at.name()
    if relation is None:
        return None
    found = []
    for first, end in at.source.parts:
        part = Cursor(at.source, max(first, at.place), end)
        operation = _action(part, command, Operation(kind="", relation=relation, words=said))
        if operation is None:
            return None
        found.append(operation)
    return tuple(found)


def _action(at: Cursor, command: str, plain: Operation) -> Operation | None:
    for phrase, reader in READERS.items():
        if at.take(phrase):
            found = reader(at, replace(plain, kind=phrase))
            return replace(found, kind=_kind(command, found.kind)) if found else None
    return None


def _kind(command: str, action: str) -> str:
    kind = f"{command} {action}"
    candidates = (kind, f"ALTER TABLE {action}", f"ALTER FOREIGN TABLE {action}")
    return next((each for each in candidates if each in KINDS), kind)


def _plain(at: Cursor, plain: Operation) -> Operation | None:
    return plain


def _add(at: Cursor, plain: Operation) -> Operation | None:
    return _add_constraint(at, plain) if is_constraint(at) else _add_column(at, plain)


def _add_column(at: Cursor, plain: Operation) -> Operation | None:
    words = plain.words | at.take_all("IF NOT EXISTS")
    found = column(at)
    if found is None:
        return None
    mentions = tuple(Mention(Role.REFERENCED, each.references) for each in found.constraints if each.references)
    return replace(
        plain, kind="ADD COLUMN", column=found.name, definition=found, mentions=mentions, words=words | _cascade(at)
    )


def _add_constraint(at: Cursor, plain: Operation) -> Operation | None:
    found = constraint(at)
    if found is None:
        return None
    if found.using_index is not None:
        index = Mention(Role.INDEX, Name(plain.relation.schema if plain.relation else None, found.using_index))
        return replace(plain, kind="ADD CONSTRAINT USING INDEX", constraint=found, mentions=(index,))
    mentions = (Mention(Role.REFERENCED, found.references),) if found.references else ()
    words = plain.words | ({"NOT VALID"} if found.not_valid else set())
    words |= {"NOT ENFORCED"} if found.not_enforced else set()
    return replace(plain, kind="ADD CONSTRAINT", constraint=found, mentions=mentions, words=words)


def _drop_column(at: Cursor, plain: Operation) -> Operation | None:
    words = plain.words | at.take_all("IF EXISTS")
    name = at.simple_name()
    return replace(plain, kind="DROP COLUMN", column=name, words=words | _cascade(at)) if name else None


def _drop_constraint(at: Cursor, plain: Operation) -> Operation | None:
    words = plain.words | at.take_all("IF EXISTS")
    return _named_constraint(at, replace(plain, words=words))


def _named_constraint(at: Cursor, plain: Operation) -> Operation | None:
    name = at.simple_name()
    words = plain.words | _cascade(at) | at.take_all("DEFERRABLE", "NOT DEFERRABLE", "ENFORCED", "NOT ENFORCED")
    named = Constraint(kind=ConstraintKind.CHECK, name=name)
    return replace(plain, constraint=named, words=words) if name else None


def _alter_column(at: Cursor, plain: Operation) -> Operation | None:
    name = at.token.text if at.token and at.token.text.isdigit() else None
    at.place += name is not None
    name = name or at.simple_name()
    said = at.take(*COLUMN_ACTIONS)
    if name is None or said is None:
        return None
    action = RENAMED.get(said, said)
    if said == "SET":
        action = "SET OPTIONS" if at.token and at.token.text == "(" else "SET IDENTITY"
    plain = replace(plain, kind=f"ALTER COLUMN {action}", column=name)
    match action:
        case "TYPE":
            return _type(at, plain)
        case "SET DEFAULT":
            return replace(plain, expression=at.rest())
        case "SET EXPRESSION":
            return replace(plain, expression=at.source.in_next_parentheses(at.place))
        case "SET OPTIONS" | "RESET OPTIONS" | "OPTIONS":
            return replace(plain, parameters=parameters(at))
        case _:
            return replace(plain, words=plain.words | at.take_all("IF EXISTS"))


def _type(at: Cursor, plain: Operation) -> Operation:
    using = at.source.find("USING", at.place, at.end)
    defined = column(Cursor(at.source, at.place - 1, at.end if using is None else using))
    expression = None if using is None else at.source.cut(using + 1, at.end)
    collated = replace(defined, name=plain.column or "") if defined and defined.collation else None
    return replace(
        plain,
        type=defined.type if defined else None,
        definition=collated,
        expression=expression,
        words=plain.words | _cascade(at),
    )


def _trigger(at: Cursor, plain: Operation) -> Operation | None:
    if (all_or_user := at.take("ALL", "USER")) is not None:
        return replace(plain, words=plain.words | {all_or_user})
    name = at.name()
    return replace(plain, object=name) if name else None


def _index(at: Cursor, plain: Operation) -> Operation | None:
    name = at.simple_name()
    schema = plain.relation.schema if plain.relation else None
    return replace(plain, mentions=(Mention(Role.INDEX, Name(schema, name)),)) if name else None


def _replica_identity(at: Cursor, plain: Operation) -> Operation | None:
    said = at.take("USING INDEX", "DEFAULT", "FULL", "NOTHING")
    if said is None:
        return None
    plain = replace(plain, words=plain.words | {said})
    return _index(at, plain) if said == "USING INDEX" else plain


def _parent(at: Cursor, plain: Operation) -> Operation | None:
    name = at.name()
    return replace(plain, mentions=(Mention(Role.PARENT, name),)) if name else None


def _split(at: Cursor, plain: Operation) -> Operation:
    """SPLIT PARTITION name INTO (PARTITION ...), from PostgreSQL 19 on."""
    name = at.name()
    return replace(plain, mentions=() if name is None else (Mention(Role.PARTITION, name),))


def _merge(at: Cursor, plain: Operation) -> Operation:
    """MERGE PARTITIONS (name, name) INTO name, from PostgreSQL 19 on."""
    if at.token is None or at.token.text != "(":
        return plain
    names = [name for part in at.elements() if (name := part.name()) is not None]
    at.skip()
    return replace(plain, mentions=tuple(Mention(Role.PARTITION, name) for name in names))


def _partition(at: Cursor, plain: Operation) -> Operation | None:
    name = at.name()
    how = at.take("CONCURRENTLY", "FINALIZE", "DEFAULT")
    if name is None:
        return None
    kind = f"{plain.kind} {how}" if how in ("CONCURRENTLY", "FINALIZE") else plain.kind
    words = plain.words | ({how} if how in ("CONCURRENTLY", "DEFAULT") else set())
    bound = bound_of(at.source, at.place) if at.says("FOR VALUES") else None
    return replace(plain, kind=kind, mentions=(Mention(Role.PARTITION, name),), expression=bound, words=words)


def _of_type(at: Cursor, plain: Operation) -> Operation | None:
    name = at.name()
    return replace(plain, object=name) if name else None


def _new_name(at: Cursor, plain: Operation) -> Operation | None:
    if at.word in ("CURRENT_USER", "SESSION_USER", "CURRENT_ROLE"):
        return plain
    return replace(plain, kind=NEW_NAMES.get(plain.kind, plain.kind), new_name=at.simple_name())


NEW_NAMES = {"RENAME TO": "RENAME"}


def _rename_constraint(at: Cursor, plain: Operation) -> Operation | None:
    found = _named_constraint(at, plain)
    at.take("TO")
    return replace(found, new_name=at.simple_name()) if found else None


def _rename_column(at: Cursor, plain: Operation) -> Operation | None:
    name = at.simple_name()
    at.take("TO")
    return replace(plain, kind="RENAME COLUMN", column=name, new_name=at.simple_name()) if name else None


def _parameters(at: Cursor, plain: Operation) -> Operation | None:
    if at.token is None or at.token.text != "(":
        return None
    kind = plain.kind if plain.kind == "OPTIONS" else f"{plain.kind} PARAMETERS"
    return replace(plain, kind=kind, parameters=parameters(at))


def parameters(at: Cursor) -> tuple[str, ...]:
    """The names of the options in the parentheses here."""
    found = []
    for part in at.elements() if at.token and at.token.text == "(" else ():
        part.take("ADD", "SET", "DROP")
        if name := part.name():
            found.append(name.name if name.schema is None else f"{name.schema}.{name.name}")
    return tuple(found)


def _cascade(at: Cursor) -> frozenset[str]:
    return frozenset({"CASCADE"}) if at.has("CASCADE") else frozenset()


_PLAIN: dict[str, Action] = dict.fromkeys(PLAIN, _plain)
READERS: dict[str, Action] = (
    _PLAIN
    | {
        "ADD COLUMN": _add_column,
        "ADD": _add,
        "DROP CONSTRAINT": _drop_constraint,
        "DROP COLUMN": _drop_column,
        "DROP": _drop_column,
        "VALIDATE CONSTRAINT": _named_constraint,
        "ALTER CONSTRAINT": _named_constraint,
        "ALTER COLUMN": _alter_column,
        "ALTER": _alter_column,
        "CLUSTER ON": _index,
        "REPLICA IDENTITY": _replica_identity,
        "NO INHERIT": _parent,
        "INHERIT": _parent,
        "ATTACH PARTITION": _partition,
        "DETACH PARTITION": _partition,
        "SPLIT PARTITION": _split,
        "MERGE PARTITIONS": _merge,
        "OF": _of_type,
        "OWNER TO": _new_name,
        "SET TABLESPACE": _new_name,
        "SET ACCESS METHOD": _new_name,
        "SET SCHEMA": _new_name,
        "RENAME TO": _new_name,
        "RENAME CONSTRAINT": _rename_constraint,
        "RENAME COLUMN": _rename_column,
        "RENAME": _rename_column,
        "SET": _parameters,
        "RESET": _parameters,
        "OPTIONS": _parameters,
    }
    | {
        f"{verb} {what}": _trigger
        for verb in ("ENABLE", "DISABLE", "ENABLE REPLICA", "ENABLE ALWAYS")
        for what in ("TRIGGER", "RULE")
    }
)
"""By the words an action begins with, the longer before the shorter."""
