"""Where IF NOT EXISTS did nothing: is what was there already what the statement would have made?

The server says that it did nothing in a notice, which people read over. For tables and columns the catalog is asked:
what is certainly not what is written fails the step, and whatever was there is said with the step's success. Indexes
are judged in `zdtui.run.execute.leftovers`.
"""

from collections.abc import Iterator, Sequence

from zdtui.postgres.relation_shape import ColumnShape, RelationShape, find_shape
from zdtui.run.execute.leftovers import NotAsMeantError
from zdtui.run.execute.work import Work
from zdtui.run.model.outcome import Failed
from zdtui.sql.operation import UNKNOWN, Column, ConstraintKind, Operation
from zdtui.sql.schema.types import ALIASES, type_of
from zdtui.sql.statement import Statement

SKIPPED = frozenset({"42P06", "42P07", "42701", "42710"})
"""What a notice is about that says so: duplicate_schema, duplicate_table, duplicate_column, duplicate_object."""
MAKES_COLUMNS = ("CREATE TABLE", "CREATE TABLE PARTITION OF", "CREATE FOREIGN TABLE", "ALTER TABLE ADD COLUMN")
NAMED_ALIKE = (
    "text",
    "uuid",
    "date",
    "json",
    "jsonb",
    "bytea",
    "xml",
    "inet",
    "cidr",
    "oid",
    "numeric",
    "interval",
    "bit",
)
COMPARED = frozenset(type_of(each, {}).base for each in (*NAMED_ALIKE, *ALIASES))
"""Types that are told apart by their names. What a person made may be written in many ways."""
MAY_DO_ANYTHING = (UNKNOWN, "DO", "CALL", "SELECT")
MOST_SHOWN = 12
"""Columns that are named of a table which was there."""


async def look_at_what_was_there(work: Work, statement: Statement, index: int, step: Sequence[Statement]) -> None:
    """Remember what is to be said of a statement that did nothing, wholly or in part.

    Raises NotAsMeantError where that is certainly something else, and psycopg.Error. `step`: all its statements.
    """
    told = work.skipped.get(index, ())
    said = []
    for each in _made(statement):
        assert each.relation is not None
        altered = _is_altered(each, statement, step)
        if altered and not told:
            continue
        shape = await find_shape(work.connection, each.relation.written)
        if shape is None:
            continue
        differs = differences(each, shape)
        if differs and not altered:
            raise NotAsMeantError(Failed(_failed(each, shape, differs)))
        if told:
            said.append(_there(each, shape))
    if told:
        work.remarks[index] = "; ".join([f"{statement.kind} IF NOT EXISTS did nothing: {', '.join(told)}", *said])


def says_so(statement: Statement) -> bool:
    """Whether it makes a table or a column only if there is none."""
    return any(_made(statement))


def differences(made: Operation, there: RelationShape) -> list[str]:
    """What is certainly not as the statement would have made it. Pure."""
    if not there.is_table:
        return [f"it is a {there.kind}"]
    columns = {each.name: each for each in there.columns}
    return [
        difference
        for written in _columns(made)
        for difference in _differs(written, columns.get(written.name), _is_key(made, written))
    ]


def _differs(written: Column, there: ColumnShape | None, is_key: bool) -> Iterator[str]:
    if there is None:
        yield f"there is no column {written.name}"
        return
    if written.type is not None and _is_another_type(written.type, there.type):
        yield f"{written.name} is {there.type} and not {written.type}"
    if (written.not_null or is_key) and not there.not_null:
        yield f"{written.name} may be NULL"
    comes_by_itself = written.identity or written.generated is not None or written.default is not None
    if comes_by_itself and (written.default or "").upper() != "NULL" and not there.has_default:
        yield f"{written.name} has no default"


def _is_another_type(written: str, there: str) -> bool:
    one, other = type_of(written, {}), type_of(there, {})
    return one.base in COMPARED and other.base in COMPARED and one != other


def _made(statement: Statement) -> Iterator[Operation]:
    for each in statement.operations:
        if each.kind in MAKES_COLUMNS and "IF NOT EXISTS" in each.words and each.relation is not None:
            yield each


def _columns(made: Operation) -> tuple[Column, ...]:
    return made.definitions if made.definition is None else (made.definition,)


def _is_key(made: Operation, column: Column) -> bool:
    return any(each.kind is ConstraintKind.PRIMARY_KEY and column.name in each.columns for each in made.constraints)


def _is_altered(made: Operation, statement: Statement, step: Sequence[Statement]) -> bool:
    """Whether something else of the step may have changed what it made: then it differs, and is meant."""
    name = made.relation.name if made.relation is not None else ""
    others = (each for other in step if other is not statement for each in other.operations)
    return any(
        each.kind in MAY_DO_ANYTHING
        or (each.relation is not None and each.relation.name == name and "IF NOT EXISTS" not in each.words)
        for each in others
    )


def _failed(made: Operation, there: RelationShape, differs: list[str]) -> str:
    what = f"column {made.column} of {there.written}" if made.column else there.written
    return (
        f"{made.kind} IF NOT EXISTS did nothing, because {what} is there already, and is not what is written: "
        f"{', '.join(differs)}; change it or the plan, then R tries again"
    )


def _there(made: Operation, there: RelationShape) -> str:
    shown = [each for each in there.columns if made.column in (None, each.name)]
    more = f" and {len(shown) - MOST_SHOWN} more" if len(shown) > MOST_SHOWN else ""
    return f"there is the {there.kind} {there.written} ({', '.join(str(each) for each in shown[:MOST_SHOWN])}{more})"
