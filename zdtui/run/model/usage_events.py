"""What an `unused` step has seen. Part of `zdtui.run.model.events`, whose rules hold."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from zdtui.plan.model import Frozen, StepId
from zdtui.run.model.event_reach import ChangesStep


class UsageCounted(ChangesStep):
    """The counters at the beginning of the time, so that another console can tell what was called since: no texts."""

    kind: Literal["usage counted"] = "usage counted"
    step: StepId
    subject: str = Field(description="'public.users.name'")
    at: datetime = Field(description="by the server's clock")
    server_started: datetime
    counted_since: datetime | None = Field(description="the last reset of the counters; null: not known")
    dropped: int | None = Field(description="how often the server had dropped counters; null: not known")
    calls: tuple[tuple[int, int | None, bool | None, int], ...] = Field(
        description="of statements that used it then, and of the most called: role, query id, sent by itself, calls"
    )


class UseSeen(Frozen):
    """A statement that uses it, without its constants."""

    role: str
    calls: int
    why: str
    text: str


class UsageFound(ChangesStep):
    """Who used it in that time, and what depends on it: the first of each, and how many there were."""

    kind: Literal["usage found"] = "usage found"
    step: StepId
    subject: str
    verdict: str = Field(description="in use, not known or unused")
    since: datetime | None
    heading: str = Field(description="the whole in one sentence")
    statements: tuple[UseSeen, ...] = ()
    statement_count: int = 0
    unread: tuple[UseSeen, ...] = ()
    unread_count: int = 0
    in_the_way: tuple[str, ...] = Field(default=(), description="what depends on it and has to be looked after")
    goes_with_it: tuple[str, ...] = ()
    not_seen: tuple[str, ...] = Field(default=(), description="why calls may be missing")
    notes: tuple[str, ...] = ()
