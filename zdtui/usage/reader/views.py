"""What the query of a view uses: each of its columns apart, and every row of it."""

from dataclasses import dataclass

from zdtui.sql.grammar.parse import trees_of
from zdtui.sql.text.pieces import Source as Written
from zdtui.usage.reader.query import select_apart
from zdtui.usage.reader.scope import Found, Scope
from zdtui.usage.reader.statement import NOT_TAKEN, READERS, Reading, reading_of
from zdtui.usage.reader.walk import Walk
from zdtui.usage.reader.watched import Watched


@dataclass(frozen=True, slots=True)
class ViewReading:
    """What was found in a view's query."""

    of_rows: Reading
    """In its FROM, WHERE, GROUP BY ...: whoever reads any column of the view has that done."""
    of_columns: tuple[Reading, ...] = ()
    """By its columns in order."""


def read_view(text: str, watched: Watched) -> ViewReading:
    """What a view of this query uses."""
    trees = trees_of(Written(text))
    if len(trees) != 1 or not trees[0].HasField("select_stmt"):
        return ViewReading(Reading(unread=(NOT_TAKEN,)))
    found = Found()
    columns = select_apart(Walk(watched, found, READERS), trees[0].select_stmt, Scope())
    return ViewReading(reading_of(found), tuple(map(reading_of, columns)))
