"""What is wrong with a journal, in words a person can act on. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Protocol

MOST_NAMED = 6
"""Kinds of events named one by one."""


def both(one: "Damage | None", other: "Damage | None") -> "Damage | None":
    """Both at once; None when nothing is wrong."""
    if one is None or other is None:
        return one or other
    changed = {each.sequence: each for each in (*one.changed, *other.changed)}
    return replace(
        other,
        lost=(*one.lost, *other.lost),
        changed=tuple(changed[number] for number in sorted(changed)),
        server=one.server or other.server,
    )


class KnownEvent(Protocol):
    """What a console has kept of an event."""

    @property
    def sequence(self) -> int:
        """Its number."""
        ...

    @property
    def kind(self) -> str:
        """'step succeeded'."""
        ...

    @property
    def step(self) -> str | None:
        """The step it is about."""
        ...


@dataclass(frozen=True, slots=True)
class Damage:
    """The journal is not what was written. False when nothing is wrong."""

    lost: tuple[KnownEvent, ...] = ()
    """Events this console has seen in the journal, and this server does not hold."""
    missing: tuple[int, ...] = ()
    """Numbers of events that were written and are not there; nothing is left that says what they were."""
    changed: tuple[KnownEvent, ...] = ()
    """Events that are not as they were written."""
    unknown_to_head: tuple[KnownEvent, ...] = ()
    """Events that no console of this layout wrote."""
    unreadable: tuple[int, ...] = ()
    """Those of them that say nothing any more."""
    old_changed: bool = False
    """Among the events that one digest covers together, one is missing or was changed."""
    head_changed: bool = False
    headless: bool = False
    """The row of zdtui.head is gone."""
    between: tuple[str, ...] = ()
    """The steps next to the gaps of `missing`."""
    server: str = ""
    """What else is known: 'the server is on timeline 2 now, it was on 1'."""

    def __bool__(self) -> bool:
        return bool(
            self.lost
            or self.missing
            or self.changed
            or self.unknown_to_head
            or self.old_changed
            or self.head_changed
            or self.headless
        )

    @property
    def steps(self) -> tuple[str, ...]:
        """The steps that it concerns, as far as that can be told."""
        named = [each.step for each in (*self.lost, *self.changed, *self.unknown_to_head) if each.step is not None]
        return tuple(dict.fromkeys((*named, *self.between)))

    @property
    def sentence(self) -> str:
        """Which events, and of which steps."""
        parts = [*self._parts()]
        concerned = f"; it concerns {', '.join(self.steps)}" if self.steps else ""
        server = f"; {self.server}" if self.server else ""
        return f"the journal is not whole: {'; '.join(parts)}{concerned}{server}"

    @property
    def until_taken_on(self) -> str:
        """The same, and what follows."""
        return f"{self.sentence}; this console only looks on until an operator acknowledges it (J)"

    @property
    def digest(self) -> str:
        """Of what a person was shown."""
        return sha256(self.sentence.encode()).hexdigest()

    def _parts(self) -> list[str]:
        gone = self._without_those_lost()
        nothing_says = f"missing, and nothing says what {'it was' if len(gone) == 1 else 'they were'}"
        told = (
            (self.lost, _what(self.lost, "lost on this server")),
            (gone, f"{_numbers(gone)} {_be(gone)} {nothing_says}"),
            (self.changed, _what(self.changed, "not as written")),
            (self.unknown_to_head, _what(self.unknown_to_head, "not from a console of this layout")),
            (self.unreadable, f"{_numbers(self.unreadable)} is not one this version of zdtui knows"),
            (self.old_changed, "one of the events from before there was a chain is missing or was changed"),
            (self.head_changed, "the row of zdtui.head is not as written"),
            (self.headless, "the row of zdtui.head is gone"),
        )
        return [words for found, words in told if found]

    def _without_those_lost(self) -> list[int]:
        known = {each.sequence for each in self.lost}
        return [number for number in self.missing if number not in known]


def _what(events: Sequence[KnownEvent], words: str) -> str:
    """'events 9 to 16 are lost on this server (step started of sync)'."""
    return f"{_numbers([each.sequence for each in events])} {_be(events)} {words} ({_kinds(events)})"


def _be(what: Sequence[object]) -> str:
    return "is" if len(what) == 1 else "are"


def _kinds(events: Sequence[KnownEvent]) -> str:
    """'step started and step succeeded of sync, note'."""
    named = list(dict.fromkeys(f"{each.kind} of {each.step}" if each.step else each.kind for each in events))
    more = f" and {len(named) - MOST_NAMED} more" if len(named) > MOST_NAMED else ""
    return ", ".join(named[:MOST_NAMED]) + more


def _numbers(numbers: Sequence[int]) -> str:
    """'event 7', 'events 3, 9 to 16'."""
    spans: list[list[int]] = []
    for number in sorted(numbers):
        if spans and spans[-1][1] == number - 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    texts = [f"{first}" if first == last else f"{first} to {last}" for first, last in spans]
    shown = texts if len(texts) <= MOST_NAMED else [*texts[:MOST_NAMED], f"{len(texts) - MOST_NAMED} more"]
    return f"event{'s' if len(numbers) > 1 else ''} {', '.join(shown)}"
