"""What guards and throttle see: each figure, or why it cannot be seen. Pure: readings and the clock come in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

from zdtui.amounts import age
from zdtui.run.model.state import Blindness
from zdtui.watch.samples import Reading, ReplicationSample, Samples, Unseen

FRESH = 5.0
"""Seconds for which a figure counts: the panes take one every second."""
BLIND_AFTER = 10.0
"""Seconds a figure may be missing that may come back by itself, before a person is asked."""
BRIEF = 3.0
"""Seconds a figure may be missing before a person is shown that it is."""
REPLICATION_LAG = "replication_lag"
S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Sight:
    """What figures are judged by, besides themselves."""

    now: float
    """time.monotonic()."""
    since: float = 0.0
    """When this console could first look, or could again after its sessions were lost."""
    gone: Mapping[str, float] = field(default_factory=dict)
    """Standbys that streamed since the run began and are not there: since when."""
    accepted: tuple[Blindness, ...] = ()
    """What the operator took on for this run."""

    def is_accepted(self, figure: str, unseen: Unseen) -> bool:
        """Whether the operator accepted not to see it, for this reason."""
        return any(each.figure == figure and each.about == unseen.about == () for each in self.accepted)

    def is_brief(self, unseen: Unseen) -> bool:
        """Whether it is too soon to trouble a person with it: the panes need a moment, at the start and afterwards."""
        return unseen.passing and not unseen.about and self.now - max(unseen.since or 0.0, self.since) < BRIEF

    def lasts(self, unseen: Unseen) -> bool:
        """Whether there is nothing to wait for: it will not pass by itself, or had the time to."""
        return not unseen.passing or self.now - max(unseen.since or 0.0, self.since) >= BLIND_AFTER


def fresh(reading: Reading[S], sight: Sight) -> S | Unseen:
    """The newest sample, if it is new enough."""
    seconds = reading.age(sight.now)
    if reading.sample is not None and seconds is not None and seconds <= FRESH:
        return reading.sample
    why = "no figure yet" if seconds is None else f"no fresh figure for {age(seconds)}"
    said = f": {reading.error}" if reading.error else ""
    return Unseen(f"{why}{said}", since=reading.taken_at, passing=True)


def replication(samples: Samples, sight: Sight) -> ReplicationSample | Unseen:
    """The standbys as they are, unless one that streamed is missing: nobody knows then how far it is behind."""
    sample = fresh(samples.replication, sight)
    return missing(sight) or sample if not isinstance(sample, Unseen) else sample


def replication_lag(samples: Samples, sight: Sight) -> timedelta | Unseen | None:
    """The worst lag; None when there is no standby, and none is missing."""
    sample = replication(samples, sight)
    if isinstance(sample, Unseen):
        return sample
    return sample.standbys if isinstance(sample.standbys, Unseen) else sample.worst_lag


def missing(sight: Sight) -> Unseen | None:
    """The standbys that streamed and are gone, but for those the operator let go."""
    let_go = {name for each in sight.accepted for name in each.about}
    gone = {name: at for name, at in sight.gone.items() if name not in let_go}
    if not gone:
        return None
    names = tuple(gone)
    verb = "is" if len(names) == 1 else "are"
    return Unseen(f"{named(names)} streamed and {verb} gone", since=min(gone.values()), passing=True, about=names)


def named(names: Iterable[str], most: int = 3) -> str:
    """'standby-a, standby-b and 2 more'."""
    all_names = list(names)
    more = f" and {len(all_names) - most} more" if len(all_names) > most else ""
    return ", ".join(all_names[:most]) + more
