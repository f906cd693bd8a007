"""Looking after a statement that makes, drops or rebuilds an index, or detaches a partition: is what is there meant?

PostgreSQL says that a statement succeeded where IF NOT EXISTS did nothing, where REINDEX passed over an invalid index,
and says nothing of what a failed one left. So the catalog is asked, each time.
"""

from dataclasses import dataclass
from typing import assert_never

from zdtui.postgres.ask import Connection
from zdtui.postgres.indexes import (
    IndexFound,
    PartitionState,
    find_made_index,
    find_partition_state,
    leftovers,
)
from zdtui.run.model import events as e
from zdtui.run.model.left_invalid import half_detached, said_of
from zdtui.run.model.outcome import Done, Doubtful, Failed, Held, LinkLost, Outcome, told_of
from zdtui.sql.statement import Statement, StatementClass
from zdtui.sql.text.index_text import is_the_same


@dataclass(frozen=True, slots=True)
class Before:
    """What was there before the statement."""

    invalid: frozenset[str] = frozenset()
    index: IndexFound | None = None
    """What had the name already, where IF NOT EXISTS is said."""


class NotAsMeantError(Exception):
    """Carries out of a transaction what was found to be wrong in it, so that it is rolled back."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(type(outcome).__name__)
        self.outcome = outcome


def is_looked_after(statement: Statement) -> bool:
    """Whether what it leaves is looked up."""
    return statement.statement_class is StatementClass.CONCURRENTLY or may_do_nothing(statement)


async def look_before(connection: Connection, statement: Statement) -> Before:
    """What `look_after` compares with. Raises psycopg.Error."""
    if not is_looked_after(statement):
        return Before()
    index = await find_made_index(connection, statement) if may_do_nothing(statement) else None
    nameless = statement.index_name is None and statement.kind.startswith("CREATE")
    return Before(frozenset(await leftovers(connection, statement)) if nameless else frozenset(), index)


async def look_after(connection: Connection, statement: Statement, index: int, before: Before) -> Outcome | None:
    """What is wrong after the server said that it is done; None: nothing is. Raises psycopg.Error."""
    if not is_looked_after(statement):
        return None
    left = await leftovers(connection, statement, before.invalid) if not statement.kind.startswith("DROP") else ()
    if left:
        return held_by(left, f"{statement.kind} ended without an error")
    if before.index is None:
        return None
    return _instead(statement, index, before.index)


async def as_meant(connection: Connection, statement: Statement, index: int, before: Before) -> None:
    """The same inside a transaction. Raises NotAsMeantError, and psycopg.Error."""
    outcome = await look_after(connection, statement, index, before)
    if outcome is not None:
        raise NotAsMeantError(outcome)


async def left_behind(connection: Connection, statement: Statement, outcome: Outcome, before: Before) -> Outcome:
    """What a CONCURRENTLY statement that did not end well left: named, and in the way until it is removed."""
    if isinstance(outcome, LinkLost) or statement.statement_class is not StatementClass.CONCURRENTLY:
        return outcome
    left = await leftovers(connection, statement, before.invalid)
    if left and statement.kind.startswith("DROP"):
        return _still_there(outcome, f"{left[0]} is still there, invalid: the same statement goes on with removing it")
    if left:
        return held_by(left, told_of(outcome))
    if await find_partition_state(connection, statement) is PartitionState.HALF_DETACHED:
        return _still_there(outcome, half_detached(statement))
    return outcome


def held_by(left: tuple[str, ...], why: str) -> Held:
    """Held until every one of these is removed."""
    return Held(e.HoldKind.INVALID_INDEX, said_of(left, why), left)


def may_do_nothing(statement: Statement) -> bool:
    """Whether it is a CREATE INDEX that says IF NOT EXISTS."""
    if not statement.kind.startswith("CREATE INDEX"):
        return False
    return any("IF NOT EXISTS" in each.words for each in statement.operations)


def _instead(statement: Statement, index: int, there: IndexFound) -> Outcome | None:
    """The statement did nothing, because something has that name: the same index, another one, or no index at all."""
    what = there.definition if there.is_index else f"{there.written}, which is no index"
    did_nothing = f"{statement.kind} IF NOT EXISTS did nothing, because that name is taken by {what}"
    same = is_the_same(statement.text, there.definition or "") if there.of_the_table else False
    if same is None:
        return Doubtful(index, f"{did_nothing}; whether that is the index the plan means, a person has to say")
    return None if same else Failed(f"{did_nothing}; drop or rename it, then R tries again")


def _still_there(outcome: Outcome, told: str) -> Outcome:
    match outcome:
        case Held(why=why, detail=detail):
            return Held(why, f"{detail}; {told}")
        case Failed(message=message, sqlstate=sqlstate, applied=applied):
            return Failed(f"{message}; {told}", sqlstate, applied)
        case Done() | Doubtful() | LinkLost():
            return outcome
        case _ as never:
            assert_never(never)
