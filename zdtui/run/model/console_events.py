"""What happens to the console, its connection and the journal itself. Part of `zdtui.run.model.events`."""

from typing import Literal

from pydantic import Field

from zdtui.run.model.event_reach import ChangesNothing, ChangesRun


class ConsoleJoined(ChangesRun):
    """A console took hold of the run: the first one, or another after a crash, a quit or a hang-up."""

    kind: Literal["console joined"] = "console joined"
    pid: int
    client: str
    system_identifier: str = Field(default="", description="empty: not known to the role, or not told")
    timeline: int | None = None


class ConnectionLost(ChangesRun):
    """The conductor's session broke. Journaled when the server is back."""

    kind: Literal["connection lost"] = "connection lost"
    message: str


class ConnectionRestored(ChangesRun):
    """The conductor has a session and the lock again."""

    kind: Literal["connection restored"] = "connection restored"
    pid: int
    system_identifier: str = ""
    timeline: int | None = None


class ServerChanged(ChangesRun):
    """The run goes on on another server, or on another timeline of it: a failover, a restore, an upgrade."""

    kind: Literal["server changed"] = "server changed"
    what: str
    system_identifier: str = ""
    timeline: int | None = None


class EventsDropped(ChangesNothing):
    """What happened here and was not written in time, and is not true any more: another console moved on."""

    kind: Literal["events dropped"] = "events dropped"
    events: tuple[str, ...]


class JournalAccepted(ChangesRun):
    """An operator took a journal on that is not whole: what the server held then is the truth from then on."""

    kind: Literal["journal accepted"] = "journal accepted"
    found: str
    reason: str
    plan_name: str
    steps: tuple[str, ...] = ()


class ConsoleLeft(ChangesRun):
    """The console let go of the run: quit, signal or hang-up."""

    kind: Literal["console left"] = "console left"
    why: str
    at_work: str = Field(default="", description="what the server still works on, on which backend")
