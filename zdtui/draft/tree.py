"""A statement with something in it changed, by the server's own grammar: read, changed, written again. Pure."""

from collections.abc import Callable

from postgast import PgQueryError, deparse, find_nodes, parse
from postgast import pg_query_pb2 as pg

from zdtui.draft.drafted import Asked, DraftError


def changed(asked: Asked, change: Callable[[pg.Node], object]) -> str:
    """The statement's text after `change` was made to its tree. DraftError when the grammar cannot read it."""
    tree = parsed(asked.statement.text)
    change(tree.stmts[0].stmt)
    return str(deparse(tree))


def read(asked: Asked) -> pg.Node:
    """The statement's tree. DraftError when the grammar cannot read it."""
    return parsed(asked.statement.text).stmts[0].stmt


def parsed(text: str) -> pg.ParseResult:
    """The tree of a text. DraftError when the grammar cannot read it."""
    try:
        return parse(text)
    except PgQueryError as error:
        raise DraftError(f"`{' '.join(text.split())[:100]}` cannot be read: {error}") from None


def alone(asked: Asked) -> Callable[[pg.Node], pg.AlterTableCmd]:
    """Of an ALTER TABLE of several actions, leaves the one that is asked for, and returns it."""
    place = next(place for place, each in enumerate(asked.statement.operations) if each is asked.operation)

    def leave(node: pg.Node) -> pg.AlterTableCmd:
        commands = node.alter_table_stmt.cmds
        if place >= len(commands):
            raise DraftError(f"`{asked.shown}` does several things in one statement: give each of them by itself")
        kept = pg.Node()
        kept.CopyFrom(commands[place])
        del commands[:]
        commands.append(kept)
        return commands[0].alter_table_cmd

    return leave


def constraint_in(command: pg.AlterTableCmd) -> pg.Constraint:
    """The constraint that ADD CONSTRAINT makes."""
    node: pg.Node = getattr(command, "def")
    return node.constraint


def is_cast_of(expression: str, column: str) -> bool:
    """Whether the expression is nothing but the column, cast to a type."""
    value = parsed(f"SELECT {expression}").stmts[0].stmt.select_stmt.target_list[0].res_target.val
    while value.HasField("type_cast"):
        value = value.type_cast.arg
    return bool(value.HasField("column_ref") and value.column_ref.fields[-1].string.sval == column)


def qualified(expression: str, row: str) -> str:
    """The expression with each column taken from the row: 'a + 1' as 'new.a + 1'. DraftError when it cannot be read."""
    tree = parsed(f"SELECT {expression}")
    for node in find_nodes(tree, pg.ColumnRef):
        column = node.fields[-1].string.sval
        del node.fields[:]
        node.fields.add().string.sval = row
        node.fields.add().string.sval = column
    return str(deparse(tree)).removeprefix("SELECT ")


def columns_in(expression: str) -> tuple[str, ...]:
    """The columns that an expression mentions, each once. DraftError when it cannot be read."""
    mentioned = find_nodes(parsed(f"SELECT {expression}"), pg.ColumnRef)
    return tuple(dict.fromkeys(node.fields[-1].string.sval for node in mentioned))
