"""A run's events, read with the chain that proves them, and written at its end.

Writing asks the server three things in the statement that writes: that the backend given holds the run's lock, that
the run's head is where we saw it, and that the newest event is there as we saw it. All or nothing is written.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb

from zdtui.errors import JournalError
from zdtui.postgres.journal import LOCK_KEY, journal_sql
from zdtui.postgres.sessions.encoding import whole
from zdtui.postgres.sessions.identity import BackendKey
from zdtui.run.journal.chain import GENESIS, Chain, Head, Link, Row, following, link, verify
from zdtui.run.journal.damage import Damage
from zdtui.run.journal.unwritten import Unwritten
from zdtui.run.model.events import Event, Recorded, event_adapter

Connection = psycopg.AsyncConnection[Any]


@dataclass(frozen=True, slots=True)
class Held:
    """What the server holds of a run, at one moment."""

    events: tuple[Recorded, ...]
    chain: Chain
    head: Head | None


@dataclass(frozen=True, slots=True)
class Position:
    """The end of a run's events, as far as we know."""

    sequence: int = 0
    digest: bytes = GENESIS
    begun: bool = False
    """The run has a head there."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a chain that begins is about. `replaces`: the head that is put aside with what it says."""

    plan_name: str
    opened: datetime
    replaces: Head | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """Events with their places, ready to be written."""

    recorded: tuple[Recorded, ...]
    links: tuple[Link, ...]
    end: Position


async def chained(connection: Connection) -> bool:
    """Whether the journal is of layout 3 or later."""
    row = await (await connection.execute(journal_sql("current"))).fetchone()
    return bool(row and row[0])


async def read(connection: Connection, run: UUID) -> Held:
    """Everything the server holds of the run, in one statement; nothing where the journal is not there any more.

    Raises JournalError on an event we cannot read.
    """
    sql = journal_sql("events" if await chained(connection) else "events_before_3")
    try:
        rows = await (await connection.execute(sql, {"run": run})).fetchall()
    except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
        return Held((), verify((), None), None)
    head = None if rows[0][1] is None else Head(run, rows[0][0], rows[0][1], rows[0][2], rows[0][3], rows[0][4])
    found = [Row(run, *each[5:]) for each in rows if each[5] is not None]
    chain = verify(found, head)
    events, unreadable = _events(found, chain.damage, 0 if head is None else head.covered)
    if chain.damage is not None and unreadable:
        chain = replace(chain, damage=replace(chain.damage, unreadable=unreadable))
    return Held(events, chain, head)


async def stands(connection: Connection, run: UUID) -> tuple[int, Position]:
    """How many events the run has, and its end by its head; for a journal of layout 3."""
    row = await (await connection.execute(journal_sql("stands"), {"run": run})).fetchone()
    assert row is not None
    return row[0], Position() if row[1] is None else Position(row[1], row[2], begun=True)


def end_of(held: Held) -> Position:
    """Where the next event goes."""
    if held.head is not None:
        return Position(held.head.sequence, held.head.digest, begun=True)
    return Position(held.events[-1].sequence if held.events else 0, held.chain.digest)


def stretch(run: UUID, at: Position, unwritten: Sequence[Unwritten]) -> Stretch:
    """The events in their places after `at`."""
    recorded, links, digest, sequence = [], [], at.digest, at.sequence
    for each in unwritten:
        sequence += 1
        recorded.append(each.recorded(run, sequence))
        links.append(link(_row(run, sequence, each)))
        digest = following(digest, links[-1].content)
    return Stretch(tuple(recorded), tuple(links), Position(sequence, digest, begun=True))


async def write(
    connection: Connection, holder: BackendKey, at: Position, new: Stretch, beginning: Beginning | None = None
) -> tuple[bool, int]:
    """Write the events after `at`, in whatever transaction is open: whether `holder` holds the run, and how many."""
    row = _parameters(holder, at, new)
    if beginning is not None:
        row |= _of_beginning(at, beginning)
    sql = journal_sql("write_events" if beginning is None else "begin_chain")
    found = await (await connection.execute(sql, row)).fetchone()
    assert found is not None
    return bool(found[0]), int(found[1])


def _parameters(holder: BackendKey, at: Position, new: Stretch) -> dict[str, Any]:
    digests, digest = [], at.digest
    for each in new.links:
        digest = following(digest, each.content)
        digests.append(digest)
    recorded = new.recorded
    return {
        "key": LOCK_KEY,
        "pid": holder.pid,
        "backend_start": holder.backend_start,
        "run": recorded[0].run,
        "before": at.sequence,
        "digest_before": at.digest,
        "sequence": new.end.sequence,
        "digest": new.end.digest,
        "sequences": [each.sequence for each in recorded],
        "ats": [each.at for each in recorded],
        "operators": [each.operator for each in recorded],
        "kinds": [each.event.kind for each in recorded],
        "steps": [_step(each.event) for each in recorded],
        "payloads": [Jsonb(payload(each.event)) for each in recorded],
        "digests": digests,
    }


def _of_beginning(at: Position, beginning: Beginning) -> dict[str, Any]:
    replaces = beginning.replaces
    return {
        "plan_name": beginning.plan_name,
        "opened": beginning.opened,
        "covered": at.sequence,
        "covered_digest": at.digest,
        "head_sequence": None if replaces is None else replaces.sequence,
        "head_digest": None if replaces is None else replaces.digest,
    }


def payload(event: Event) -> dict[str, Any]:
    """The event as the journal keeps it."""
    cleaned = _storable(event.model_dump(mode="json"))
    assert isinstance(cleaned, dict)
    return cleaned


def _storable(value: Any) -> Any:
    """PostgreSQL's jsonb refuses U+0000 and half characters, which a server message or a note might carry."""
    match value:
        case str():
            return whole(value.replace("\x00", "\N{SYMBOL FOR NULL}"))
        case dict():
            return {name: _storable(each) for name, each in value.items()}
        case list() | tuple():
            return [_storable(each) for each in value]
        case _:
            return value


def _step(event: Event) -> str | None:
    step = getattr(event, "step", None)
    return None if step is None else str(step)


def _row(run: UUID, sequence: int, each: Unwritten) -> Row:
    event = each.event
    return Row(run, sequence, each.at, each.operator, event.kind, _step(event), payload(event))


def _events(rows: Sequence[Row], damage: Damage | None, covered: int) -> tuple[tuple[Recorded, ...], tuple[int, ...]]:
    """What can be read, and the numbers of what cannot, where somebody changed it or an operator has taken it on."""
    wrong = {each.sequence for each in (*damage.changed, *damage.unknown_to_head)} if damage is not None else set()
    events: list[Recorded] = []
    unreadable: list[int] = []
    for row in rows:
        try:
            event = event_adapter.validate_python(row.payload)
        except ValueError as error:
            if row.sequence > covered and row.sequence not in wrong:
                raise JournalError(
                    f"event {row.sequence} of run {row.run} in the journal is not one this version of zdtui knows; "
                    "use the version that wrote it, or a later one"
                ) from error
            unreadable.append(row.sequence)
            continue
        events.append(Recorded(run=row.run, sequence=row.sequence, at=row.at, operator=row.operator, event=event))
    return tuple(events), tuple(unreadable)
