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
from zdtui.postgres.encoding import whole
from zdtui.postgres.journal import LOCK_KEY, journal_sql
from zdtui.postgres.sessions.identity import BackendKey
from zdtui.run.journal.chain import GENESIS, Chain, Head, Link, Row, extended, following, link, verify
from zdtui.run.journal.damage import Damage
from zdtui.run.journal.unwritten import Unwritten
from zdtui.run.model.events import Event, Recorded, event_adapter

Connection = psycopg.AsyncConnection[Any]

GONE = (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName)
"""What the server says of a journal that is not there any more."""


@dataclass(frozen=True, slots=True)
class Held:
    """What the server holds of a run, at one moment."""

    events: tuple[Recorded, ...]
    chain: Chain
    head: Head | None
    seal: bytes | None = None
    """Digest over all of it as it is stored, made by the server; None: it made none."""
    same: int = 0
    """So many of its events, from the first, are those of the reading it was compared with: they did not change."""


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


async def read(connection: Connection, run: UUID, known: Held | None = None) -> Held:
    """Everything the server holds of the run, in one statement; nothing where the journal is not there any more.

    `known`: what it held before. Where the server finds all of that unchanged, only what came after it is sent.
    Raises JournalError on an event we cannot read.
    """
    if known is not None and (held := await _read_on(connection, run, known)) is not None:
        return held
    sql = journal_sql("events" if await chained(connection) else "events_before_3")
    try:
        answer = await _ask(connection, sql, run, seen=0)
    except GONE:
        return Held((), verify((), None), None)
    chain = verify(answer.rows, answer.head)
    events, unreadable = _events(answer.rows, chain.damage, 0 if answer.head is None else answer.head.covered)
    if chain.damage is not None and unreadable:
        chain = replace(chain, damage=replace(chain.damage, unreadable=unreadable))
    return Held(events, chain, answer.head, answer.whole)


async def _read_on(connection: Connection, run: UUID, known: Held) -> Held | None:
    """What it holds where it begins with all that is known and nothing is wrong with the rest; None: not so."""
    if known.head is None or known.seal is None:
        return None
    try:
        answer = await _ask(connection, journal_sql("events"), run, seen=known.head.sequence)
    except GONE:
        return None
    if answer.head is None or answer.seen_as != known.seal:
        return None
    chain = extended(known.chain, known.head, answer.rows, answer.head)
    if chain is None:
        return None
    events, _ = _events(answer.rows, None, answer.head.covered)
    return Held((*known.events, *events), chain, answer.head, answer.whole, same=len(known.events))


@dataclass(frozen=True, slots=True)
class _Answer:
    """The rows of events.sql."""

    head: Head | None
    seen_as: bytes | None
    whole: bytes | None
    rows: list[Row]


async def _ask(connection: Connection, sql: bytes, run: UUID, seen: int) -> _Answer:
    found = await (await connection.execute(sql, {"run": run, "seen": seen})).fetchall()
    first = found[0]
    head = None if first[1] is None else Head(run, *first[:5])
    return _Answer(head, first[5], first[6], [Row(run, *each[7:]) for each in found if each[7] is not None])


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
