"""Whether the WHERE of an UPDATE tells a row that was changed from one that was not. Pure; never raises.

A row that still matches, and would not any more after the UPDATE, is certainly one that was not changed: that can be
looked for at the end. It is certain where the WHERE reads an assigned column whose new value is the same whenever the
row is changed again; of what `falsified` knows it is certain, too.
"""

from collections.abc import Collection, Iterator, Sequence

from google.protobuf.message import Message
from postgast import pg_query_pb2 as pg

from zdtui.sql.grammar.falsified import falsified
from zdtui.sql.grammar.parse import trees_of
from zdtui.sql.text.pieces import Source
from zdtui.sql.text.quote import identifier_parts
from zdtui.sql.volatility import Volatility, volatility

MOST_PARTS = 2
"""Of a reference to a column: 'x', or 't.x'. Any other is not the table's own name as a batch's statement has it."""


def tells(assignments: Sequence[tuple[str, str]], where: str | None, changed: Collection[str]) -> bool:
    """Whether a row that is done can be told. `changed`: every column the UPDATE changes, generated ones too."""
    if where is None:
        return False
    read = _columns(where)
    if read is None or any(len(parts) > MOST_PARTS and parts[-1] in changed for parts in read):
        return False
    if falsified(assignments, where) is not None:
        return True
    names = {parts[-1] for parts in read} & set(changed)
    given = {identifier_parts(column)[-1]: expression for column, expression in assignments}
    return bool(names) and all(name in given and _same_again(given[name], changed) for name in names)


def _same_again(expression: str, changed: Collection[str]) -> bool:
    """Whether it gives a row the same value however often the row is changed."""
    read = _columns(expression)
    known = read is not None and not any(parts[-1] in changed for parts in read)
    return known and volatility(expression) is Volatility.IMMUTABLE


def _columns(expression: str) -> list[tuple[str, ...]] | None:
    """Every reference to a column, by its parts; None where the grammar does not read the expression."""
    trees = trees_of(Source(f"SELECT ({expression}\n)"))
    return list(_references(trees[0])) if len(trees) == 1 else None


def _references(tree: Message) -> Iterator[tuple[str, ...]]:
    waiting: list[Message] = [tree]
    while waiting:
        message = waiting.pop()
        if isinstance(message, pg.ColumnRef):
            yield tuple(field.string.sval for field in message.fields if field.HasField("string")) or ("*",)
            continue
        for descriptor, value in message.ListFields():
            if descriptor.type == descriptor.TYPE_MESSAGE:
                waiting.extend([value] if isinstance(value, Message) else value)
