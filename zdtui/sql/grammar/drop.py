"""DROP of anything that is in a schema or on a table."""

from collections.abc import Sequence

from postgast import pg_query_pb2 as pg

from zdtui.sql.grammar.names import is_cascade, strings, when
from zdtui.sql.grammar.objects import OBJECTS, ON_A_TABLE, RELATIONS, name_of_object
from zdtui.sql.operation import Mention, Operation, Role
from zdtui.sql.text.name import Name
from zdtui.sql.text.pieces import Source


def drop(tree: pg.DropStmt, source: Source) -> tuple[Operation, ...]:
    """The first object is what is dropped; further relations are mentioned with it."""
    kind = f"DROP {OBJECTS[tree.remove_type]}{' CONCURRENTLY' if tree.concurrent else ''}"
    words = when(IF_EXISTS=tree.missing_ok, CASCADE=is_cascade(tree.behavior), CONCURRENTLY=tree.concurrent)
    if tree.remove_type in ON_A_TABLE:
        table, name = on_a_table(strings(tree.objects[0].list.items))
        return (Operation(kind=kind, relation=table, object=name, words=words),)
    names = [name for node in tree.objects if (name := name_of_object(tree.remove_type, node)) is not None]
    if tree.remove_type not in RELATIONS:
        return tuple(Operation(kind=kind, object=name, words=words) for name in names) or (
            Operation(kind=kind, words=words),
        )
    return (Operation(kind=kind, relation=names[0], mentions=also(names[1:]), words=words),)


def also(names: Sequence[Name], only: Sequence[bool] = ()) -> tuple[Mention, ...]:
    """The second and further objects of a list, and which of them have ONLY before them."""
    return tuple(Mention(Role.ALSO, name, one) for name, one in zip(names, only or [False] * len(names), strict=True))


def on_a_table(parts: tuple[str, ...]) -> tuple[Name | None, Name | None]:
    """The table and the object of a name in parts: ('s', 't', 'trigger')."""
    if len(parts) < 2:
        return None, Name(None, parts[0]) if parts else None
    return Name(parts[-3] if len(parts) > 2 else None, parts[-2]), Name(None, parts[-1])
