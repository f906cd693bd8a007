"""Which standbys streamed since the run began, and which of them are gone now. Pure: readings go in."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from zdtui.watch.samples import Reading, ReplicationSample, Standby, Unseen
from zdtui.watch.worst_lag import BEHIND

PASSING_BY = re.compile(r"pg_basebackup\Z|pg_receivewal\Z|pg_recvlogical\Z|pg_[0-9]+_sync_[0-9]+")
"""Names of walsenders that end with the work they came for: backups, archiving, the first copy of a subscription."""


@dataclass(frozen=True, slots=True)
class Standbys:
    """What is remembered. Standbys go by name: one that comes back from another address is the same one."""

    expected: tuple[str, ...] = ()
    """Every name that was seen to stream or catch up, as often as it was seen at one moment; sorted."""
    gone: Mapping[str, float] = field(default_factory=dict)
    """Of those, the ones that are not there: since when, by time.monotonic()."""
    taken_at: float | None = None


def looked(before: Standbys, reading: Reading[ReplicationSample], journaled: tuple[str, ...]) -> Standbys:
    """What is known after this reading. `journaled`: the names the journal of the run has."""
    expected = together(before.expected, journaled)
    sample = reading.sample
    if sample is None or reading.taken_at is None or isinstance(sample.standbys, Unseen):
        return Standbys(expected, before.gone, before.taken_at)
    if reading.taken_at == before.taken_at and expected == before.expected:
        return before
    there = sample.standbys
    expected = together(expected, tuple(each.name for each in there if _follows(each)))
    missing = Counter(expected) - Counter(each.name for each in there)
    gone = {name: before.gone.get(name, reading.taken_at) for name in sorted(missing)}
    return Standbys(expected, gone, reading.taken_at)


def together(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    """Every name as often as the one or the other has it."""
    return tuple(sorted((Counter(one) | Counter(other)).elements()))


def _follows(standby: Standby) -> bool:
    return not standby.hidden and standby.state in BEHIND and PASSING_BY.match(standby.name) is None
