"""What a rehearsal saw of a plan, bound to texts, a server version and sizes. It holds no row and no secret."""

import re
from datetime import datetime
from enum import StrEnum
from typing import Final, Literal

from pydantic import Field

from zdtui.plan.model import Frozen, StepId
from zdtui.sql.lock_modes import LockMode

LAYOUT: Final = 1
"""Goes up with every change of the shape. A file of a greater one is refused in words, lesser ones are read."""


class Way(StrEnum):
    """In which direction a step is gone."""

    FORWARD = "forward"
    BACK = "back"


class Outcome(StrEnum):
    """What came of rehearsing a step."""

    DONE = "done"
    """Forward, its `verify` true, and where there is a rollback back and forward again."""
    FAILED = "failed"
    """A statement or a `verify` failed on one of its ways."""
    PASSED_OVER = "passed over"
    """It was not run there."""


class RollbackVerdict(StrEnum):
    """What the rollback brought back."""

    EXACT = "exact"
    EXACT_BUT = "exact but"
    """The same but for what is named: the order of columns, the position of a sequence, a hole of a dropped column."""
    DIFFERS = "differs"
    FAILED = "failed"
    NOT_COMPARED = "not compared"
    NO_ROLLBACK = "no rollback"
    """The plan has none for this step: nothing to undo, or it cannot be undone."""


class HeldLock(Frozen):
    """A lock that the step held on a relation that was there before it."""

    relation: str = Field(description="'public.users', quoted where SQL wants it")
    mode: LockMode
    seconds: float | None = Field(default=None, description="how long it was held; null: that was not seen")


class RelationSize(Frozen):
    """How large a relation that the step touches was before it."""

    relation: str = Field(description="'public.users', quoted where SQL wants it")
    bytes: int = Field(description="the relation with its partitions and TOAST, without its indexes")
    rows: int | None = Field(default=None, description="by the planner's estimate; null: never analysed")


class Leg(Frozen):
    """A step gone once in one direction."""

    way: Way
    seconds: float
    tries: int = Field(default=1, description="for its locks: 1 when the first one got them")
    locks: tuple[HeldLock, ...] | None = Field(default=None, description="null: they were not seen")
    rewrites: tuple[str, ...] = Field(default=(), description="relations that were written anew")
    scans: tuple[str, ...] | None = Field(default=None, description="relations that were read whole; null: not seen")
    rows: int | None = Field(default=None, description="rows that were changed, where that is counted")
    wal_bytes: int | None = Field(default=None, description="of the whole server meanwhile; null: not to be had")
    temporary_bytes: int | None = Field(default=None, description="of the database's temporary files meanwhile")
    size_change: int | None = Field(default=None, description="bytes by which the database grew; negative: shrank")
    worst_stall: float | None = Field(
        default=None, description="seconds of the application's slowest answer meanwhile; null: there was no load"
    )
    lag: float | None = Field(default=None, description="seconds of the worst replay lag; null: no standby")
    notices: int = Field(default=0, description="messages of the server (NOTICE, WARNING)")
    verified: bool | None = Field(default=None, description="whether `verify` was true; null: nothing to ask")
    error: str = Field(
        default="", description="why it failed: SQLSTATE and its name. Never the message: that may hold data"
    )


class Place(Frozen):
    """Where and when something was rehearsed."""

    rehearsed_at: datetime = Field(description="UTC, when it began")
    target: str = Field(description="what the operator calls it: 'staging', 'scratch'. No address and no user")
    scratch: bool = Field(default=False, description="a server made for this, with the target's schema")
    server_version: str = Field(description="'16.4'")

    @property
    def server_major(self) -> int:
        """16 of '16.4'; 0 of what begins with no number."""
        found = re.match("[0-9]+", self.server_version)
        return int(found[0]) if found else 0

    @property
    def said(self) -> str:
        """'staging', 'a scratch server'."""
        return "a scratch server" if self.scratch else self.target


class StepEvidence(Frozen):
    """What the rehearsal saw of one step."""

    step: StepId
    digest: str = Field(description="of the step's confirmed texts, both ways; for another text this proves nothing")
    outcome: Outcome
    why: str = Field(default="", description="one sentence, where the outcome is not `done`")
    rollback: RollbackVerdict = RollbackVerdict.NOT_COMPARED
    differences: tuple[str, ...] = Field(
        default=(), description="what the rollback left different, object by object; or what 'exact but' names"
    )
    legs: tuple[Leg, ...] = Field(default=(), description="in the order they were gone: forward, back, forward")
    sizes: tuple[RelationSize, ...] = Field(default=(), description="before its first leg")
    catalog: dict[str, str] = Field(
        default={}, description="a hash of each part of the catalog before its first leg: 'columns', 'indexes'"
    )

    place: Place | None = Field(
        default=None,
        description="where and when, of a step that was rehearsed by itself afterwards; null: as the whole",
    )

    def legs_of(self, way: Way) -> tuple[Leg, ...]:
        """Those that went that way."""
        return tuple(leg for leg in self.legs if leg.way is way)

    def seconds(self, way: Way = Way.FORWARD) -> float | None:
        """How long it took that way; of several times the longest. None: it was never gone."""
        return max((leg.seconds for leg in self.legs_of(way)), default=None)


class WholeEvidence(Frozen):
    """The whole plan forward, all the way back, and forward again."""

    legs: tuple[Leg, ...] = ()
    outcome: Outcome
    why: str = ""
    rollback: RollbackVerdict = RollbackVerdict.NOT_COMPARED
    differences: tuple[str, ...] = ()


class Evidence(Frozen):
    """A plan's rehearsal. Safe to commit beside the plan."""

    layout: Literal[1] = LAYOUT
    zdtui: str = Field(description="the version that wrote it")
    plan_name: str
    plan_digest: str = Field(description="of the whole plan; each step has its own, which is what counts")
    rehearsed_at: datetime = Field(description="UTC, when it began")
    target: str = Field(description="what the operator calls it: 'staging', 'scratch'. No address and no user")
    scratch: bool = Field(default=False, description="a server made for this, with the target's schema")
    made_up_rows: int | None = Field(default=None, description="rows made up for each table of a scratch server")
    server_version: str = Field(description="'16.4'")
    load: str = Field(default="", description="what worked beside it, in words; empty: nothing")
    notes: tuple[str, ...] = Field(default=(), description="what else is to be known, a sentence each")
    steps: tuple[StepEvidence, ...] = ()
    whole: WholeEvidence | None = Field(default=None, description="null: the whole plan was not gone")

    def place_of(self, seen: StepEvidence | None = None) -> Place:
        """Where and when that step was rehearsed, or the whole."""
        if seen is not None and seen.place is not None:
            return seen.place
        return Place(
            rehearsed_at=self.rehearsed_at,
            target=self.target,
            scratch=self.scratch,
            server_version=self.server_version,
        )

    def of(self, step: StepId) -> StepEvidence | None:
        """What was seen of that step; None: nothing."""
        return next((each for each in self.steps if each.step == step), None)
