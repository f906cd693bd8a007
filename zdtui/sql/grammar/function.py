"""CREATE FUNCTION and PROCEDURE: a body in SQL is looked through when it is made, others only when they run."""

from postgast import pg_query_pb2 as pg

from zdtui.sql.grammar.names import name_of_parts, strings, when
from zdtui.sql.grammar.parse import trees_of
from zdtui.sql.grammar.reading import read_all
from zdtui.sql.operation import Mention, Operation
from zdtui.sql.text.pieces import Source

QUERIES = frozenset({"select_stmt", "insert_stmt", "update_stmt", "delete_stmt", "merge_stmt"})


def create_function(tree: pg.CreateFunctionStmt, source: Source) -> tuple[Operation, ...]:
    """The body as it will be stored, and the relations whose locks looking through it takes."""
    said = {node.def_elem.defname: node.def_elem.arg for node in tree.options}
    bodies = strings(said["as"].list.items) if "as" in said else ()
    is_sql = "language" in said and said["language"].string.sval.lower() == "sql"
    mentions: tuple[Mention, ...] = ()
    if tree.HasField("sql_body"):
        mentions = tuple(read_all(tree.sql_body).mentions)
    elif is_sql and bodies:
        queries = (each for each in trees_of(Source(bodies[0])) if each.WhichOneof("node") in QUERIES)
        mentions = tuple(read_all(*queries).mentions)
    return (
        Operation(
            kind="CREATE PROCEDURE" if tree.is_procedure else "CREATE FUNCTION",
            object=name_of_parts(tree.funcname),
            expression=bodies[0] if bodies else None,
            mentions=mentions,
            words=when(OR_REPLACE=tree.replace) | _volatility(said),
        ),
    )


def _volatility(said: "dict[str, pg.Node]") -> frozenset[str]:
    return frozenset({said["volatility"].string.sval.upper()} if "volatility" in said else ())
