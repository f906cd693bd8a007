"""Whether an UPDATE makes its own WHERE untrue, so that a row it changed is never found by it again. Pure.

Only what is certain counts: one of the conditions joined by AND says that an assigned column IS NULL, or that it
IS DISTINCT FROM the very expression it is given.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from postgast import pg_query_pb2 as pg

from zdtui.sql.grammar.parse import trees_of
from zdtui.sql.text.pieces import Source
from zdtui.sql.text.quote import identifier_parts
from zdtui.sql.volatility import Volatility, volatility

PLACE = re.compile(r"^\s*(name_)?location: -?\d+\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Falsified:
    """How the WHERE tells a row that is done from one that is not."""

    column: str
    """As assigned."""
    expression: str
    by_null: bool
    """The column IS NULL before; afterwards it is not, unless the expression gives null."""
    types: tuple[str, ...] = ()
    """Of the columns that are assigned, in their order, as SQL writes them; empty where they were not looked up."""


def falsified(assignments: Sequence[tuple[str, str]], where: str | None) -> Falsified | None:
    """How a done row is told; None when the WHERE may still be true of it. Never raises."""
    conditions = [] if where is None else list(_conditions(where))
    for column, expression in assignments:
        name = identifier_parts(column)[-1]
        if (name, "") in conditions:
            return Falsified(column, expression, by_null=True)
        if volatility(expression) is Volatility.IMMUTABLE and (name, _written(expression)) in conditions:
            return Falsified(column, expression, by_null=False)
    return None


def _conditions(where: str) -> Iterator[tuple[str, str]]:
    """The column and the other side of each IS DISTINCT FROM, an empty one for IS NULL."""
    trees = trees_of(Source(f"SELECT 1 WHERE ({where}\n)"))
    waiting = [trees[0].select_stmt.where_clause] if len(trees) == 1 else []
    while waiting:
        node = waiting.pop()
        if node.HasField("bool_expr") and node.bool_expr.boolop == pg.BoolExprType.AND_EXPR:
            waiting.extend(node.bool_expr.args)
        elif node.HasField("null_test") and node.null_test.nulltesttype == pg.NullTestType.IS_NULL:
            yield (_column(node.null_test.arg), "")
        elif node.HasField("a_expr") and node.a_expr.kind == pg.A_Expr_Kind.AEXPR_DISTINCT:
            yield (_column(node.a_expr.lexpr), _without_places(node.a_expr.rexpr))


def _written(expression: str) -> str:
    trees = trees_of(Source(f"SELECT ({expression}\n)"))
    targets = list(trees[0].select_stmt.target_list) if len(trees) == 1 else []
    return _without_places(targets[0].res_target.val) if len(targets) == 1 else "not one expression"


def _without_places(node: pg.Node) -> str:
    return PLACE.sub("", str(node))


def _column(node: pg.Node) -> str:
    """The bare name of a column; nothing for anything else."""
    fields = list(node.column_ref.fields) if node.HasField("column_ref") else []
    return fields[-1].string.sval if fields and fields[-1].HasField("string") else ""
