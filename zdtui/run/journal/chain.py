"""The chain of digests over a run's events: what is missing or was changed can be told. Pure.

Each event's digest is over the digest before it and the event itself. `zdtui.head` holds the number and the digest of
the newest one and is moved in the statement that writes it, so that from then on numbers have no gaps. Events from
before there was a chain, or before an operator took the journal on as it is, are covered by one digest together.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import UUID

from zdtui.run.journal.damage import Damage

GENESIS = bytes(32)
"""The digest before a run's first event."""


@dataclass(frozen=True, slots=True)
class Row:
    """One event as the table holds it."""

    run: UUID
    sequence: int
    at: datetime
    operator: str
    kind: str
    step: str | None
    payload: Any
    """As JSON reads it."""
    digest: bytes | None = None
    """None in a journal from before there were digests, and for a row that no console wrote."""


@dataclass(frozen=True, slots=True)
class Link:
    """What a console keeps of an event it has seen in the journal."""

    sequence: int
    kind: str
    step: str | None
    content: bytes
    """Digest of the event alone."""


@dataclass(frozen=True, slots=True)
class Head:
    """The run's row of `zdtui.head`."""

    run: UUID
    plan_name: str
    sequence: int = 0
    digest: bytes = GENESIS
    covered: int = 0
    """Events up to this one are covered by `covered_digest` together, gaps and all."""
    covered_digest: bytes = GENESIS


@dataclass(frozen=True, slots=True)
class Chain:
    """What the server holds of a run, and what is wrong with it."""

    links: tuple[Link, ...]
    digest: bytes
    """Over all that is there, as one who takes it on as it is would begin again from."""
    damage: Damage | None = None


def content(row: Row) -> bytes:
    """The digest of an event by itself; the same for what is written and for what is read again."""
    told = [
        str(row.run),
        row.sequence,
        row.at.astimezone(UTC).isoformat(timespec="microseconds"),
        row.operator,
        row.kind,
        row.step,
        _canonical(row.payload),
    ]
    return sha256(json.dumps(told, sort_keys=True, separators=(",", ":")).encode()).digest()


def following(digest: bytes, content_of_event: bytes) -> bytes:
    """The chain's digest after one more event."""
    return sha256(digest + content_of_event).digest()


def link(row: Row) -> Link:
    """What is kept of it."""
    return Link(row.sequence, row.kind, row.step, content(row))


def verify(rows: Sequence[Row], head: Head | None) -> Chain:
    """Whether the events are those that were written. `rows` are in order of their numbers."""
    links = tuple(link(row) for row in rows)
    digest = _over(links)
    if head is None:
        chained = tuple(each for each, row in zip(links, rows, strict=True) if row.digest is not None)
        return Chain(links, digest, Damage(unknown_to_head=chained, headless=True) if chained else None)
    stored = {row.sequence: row.digest for row in rows}
    found = _follow([each for each in links if each.sequence > head.covered], stored, head)
    damage = Damage(
        missing=found.missing,
        changed=found.changed,
        unknown_to_head=found.strange,
        old_changed=_over(each for each in links if each.sequence <= head.covered) != head.covered_digest,
        head_changed=found.whole and found.digest != head.digest,
        between=_neighbours(links, found.missing),
    )
    return Chain(links, digest, damage if damage else None)


def extended(known: Chain, before: Head, rows: Sequence[Row], head: Head) -> Chain | None:
    """What `verify` says of a whole journal that begins with `known`, whose head was `before`, and goes on with `rows`.

    None where that is not all there is to say: then everything has to be looked at.
    """
    if known.damage is not None or (head.covered, head.covered_digest) != (before.covered, before.covered_digest):
        return None
    links = tuple(link(row) for row in rows)
    stored = {row.sequence: row.digest for row in rows}
    found = _follow(links, stored, replace(head, covered=before.sequence, covered_digest=before.digest))
    if not found.whole or found.digest != head.digest:
        return None
    return Chain((*known.links, *links), _over(links, known.digest))


def _over(links: Iterable[Link], digest: bytes = GENESIS) -> bytes:
    for each in links:
        digest = following(digest, each.content)
    return digest


@dataclass(frozen=True, slots=True)
class _Followed:
    digest: bytes
    missing: tuple[int, ...]
    changed: tuple[Link, ...]
    strange: tuple[Link, ...]

    @property
    def whole(self) -> bool:
        return not (self.missing or self.changed or self.strange)


def _follow(links: Sequence[Link], stored: Mapping[int, bytes | None], head: Head) -> _Followed:
    """After a gap the chain goes on from the digest that is stored: one row that is gone does not accuse the others."""
    digest, last = head.covered_digest, head.covered
    missing: list[int] = []
    changed: list[Link] = []
    strange: list[Link] = []
    for each in links:
        own = stored[each.sequence]
        gap = range(last + 1, each.sequence)
        if each.sequence > head.sequence or own is None:
            strange.append(each)
            own = own or following(digest, each.content)
        elif not gap and following(digest, each.content) != own:
            changed.append(each)
        missing += gap
        digest, last = own, each.sequence
    missing += range(last + 1, head.sequence + 1)
    return _Followed(digest, tuple(missing), tuple(changed), tuple(strange))


def _neighbours(links: Sequence[Link], missing: Sequence[int]) -> tuple[str, ...]:
    """The steps of the events before and after each gap: what is gone is most likely of them."""
    steps: list[str] = []
    gone = set(missing)
    edges = [number for number in missing if number - 1 not in gone or number + 1 not in gone]
    for number in edges:
        before = next((each.step for each in reversed(links) if each.sequence < number and each.step), None)
        after = next((each.step for each in links if each.sequence > number and each.step), None)
        steps += [step for step in (before, after) if step is not None and step not in steps]
    return tuple(steps)


def compare(seen: Iterable[Link], links: Iterable[Link]) -> Damage | None:
    """What a console has seen in this journal and the server does not hold, or holds otherwise; None: it holds all."""
    there = {each.sequence: each.content for each in links}
    lost = tuple(each for each in seen if each.sequence not in there)
    changed = tuple(each for each in seen if there.get(each.sequence, each.content) != each.content)
    return Damage(lost=lost, changed=changed) if lost or changed else None


def _canonical(value: Any) -> Any:
    """One form for a value however JSON and jsonb write it: 1e3 is 1000 and 1000.0."""
    match value:
        case bool() | None | str():
            return value
        case int() | float():
            return f"{Decimal(repr(value)).normalize():E}"
        case dict():
            return {str(name): _canonical(each) for name, each in value.items()}
        case _:
            return [_canonical(each) for each in value]
