"""What a view is given: a snapshot, the moment, the room there is, and what the operator is looking at."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from screens.listing import Listing
from zdtui.plan.model import StepId
from zdtui.run.decisions.snapshot import Snapshot
from zdtui.watch.samples import Reading

STALE_AFTER = 3.0
DIM_AFTER = 10.0


class Tab(StrEnum):
    """The tabs of the step in the middle."""

    SQL = "SQL"
    ROLLBACK = "Rollback"
    VERIFY = "Verify"
    HAZARDS = "Hazards"
    NOTES = "Notes"
    LOG = "Log"


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything a view may depend on."""

    snapshot: Snapshot
    now: float
    """time.monotonic()."""
    wall: datetime
    width: int
    step: StepId | None = None
    """The selected step."""
    tab: Tab = Tab.SQL
    frozen_for: float | None = None
    ascii_only: bool = False
    zone: ZoneInfo | None = None
    """The operator's own, told beside UTC."""
    listing: Listing = field(default_factory=Listing)
    """How the list that is drawn is sorted, and what is left out of it."""
    middle_tells: bool = False
    """What matters now stands in the middle, at full width: a pane at the side has the summary of it."""
    beside: bool = False
    """The other panes stand beside this one: what one of them tells is not told again."""
    message: str = ""
    """What the last key came to, for a few seconds."""

    def stale(self, reading: Reading[object]) -> float | None:
        """Seconds since the last sample when that is too long ago; None while it is fresh."""
        age = reading.age(self.now)
        return None if age is None or age < STALE_AFTER else age
