"""Names in the grammar's tree."""

from collections.abc import Iterable

from postgast import pg_query_pb2 as pg

from zdtui.sql.text.name import Name


def name_of(relation: pg.RangeVar) -> Name:
    """Of a relation; the database's name, which can only be the one we are in, is left out."""
    return Name(relation.schemaname or None, relation.relname)


def name_of_parts(nodes: Iterable[pg.Node]) -> Name:
    """Of a list of strings: a type, a function, the object of a DROP."""
    parts = strings(nodes) or ("",)
    return Name(parts[-2] if len(parts) > 1 else None, parts[-1])


def strings(nodes: Iterable[pg.Node]) -> tuple[str, ...]:
    """The texts of a list of strings."""
    return tuple(node.string.sval for node in nodes if node.HasField("string"))


def name_of_node(node: pg.Node) -> Name | None:
    """Of whatever form the tree gives an object's name."""
    match node.WhichOneof("node"):
        case "string":
            return Name(None, node.string.sval)
        case "list":
            return name_of_parts(node.list.items)
        case "type_name":
            return name_of_parts(node.type_name.names)
        case "object_with_args":
            return name_of_parts(node.object_with_args.objname)
        case "range_var":
            return name_of(node.range_var)
        case _:
            return None


def options(nodes: Iterable[pg.Node]) -> tuple[str, ...]:
    """The names of options as they are set or reset: ('fillfactor', 'toast.autovacuum_enabled')."""
    return tuple(
        ".".join(part for part in (node.def_elem.defnamespace, node.def_elem.defname) if part) for node in nodes
    )


def is_on(nodes: Iterable[pg.Node], option: str) -> bool:
    """Whether a boolean option of a list in parentheses is switched on: `(FULL)`, `(ANALYZE true)`."""
    for node in nodes:
        if node.def_elem.defname == option:
            return not node.def_elem.HasField("arg") or _value(node.def_elem.arg) not in ("false", "off", "0")
    return False


def _value(node: pg.Node) -> str:
    match node.WhichOneof("node"):
        case "string":
            return str(node.string.sval).lower()
        case "integer":
            return str(node.integer.ival)
        case "boolean":
            return "true" if node.boolean.boolval else "false"
        case _:
            return ""


def when(**said: bool) -> frozenset[str]:
    """The words whose condition holds: when(IF_EXISTS=True) → {'IF EXISTS'}."""
    return frozenset(word.replace("_", " ") for word, is_said in said.items() if is_said)


def is_cascade(behavior: pg.DropBehavior) -> bool:
    """Whether CASCADE is said."""
    return bool(behavior == pg.DROP_CASCADE)
