"""The ways in which a step is carried out, whatever its kind. Pure.

A closed union: whoever asks it (recovery, screens) names every case. A new kind of step takes one of these ways, or
brings its own, and then the type checker names each place that has to know.
"""

from datetime import timedelta
from typing import NamedTuple

from zdtui.steps.batches import BatchTuning
from zdtui.steps.statements import Sql


class Statements(NamedTuple):
    """The author's statements, by one session. A crash leaves nothing of a transaction, or a statement in doubt."""

    text: Sql


class Batches(NamedTuple):
    """In batches, which a throttle slows down. A checkpoint says what is done; a pause waits for the end of a batch."""

    table: str
    """The one whose rows are gone through."""
    tuning: BatchTuning
    only_reads: bool = False


class AtOnce(NamedTuple):
    """One thing that leaves nothing behind when it is cut off, such as a query."""

    query: str | None = None
    """What it asks the server, if anything."""


class ByHand(NamedTuple):
    """A person does it; nothing is sent."""


class Soak(NamedTuple):
    """A time that passes, counted from the journal: it goes on by itself after a crash."""

    duration: timedelta


Execution = Statements | Batches | AtOnce | ByHand | Soak
