"""Whether a run goes on where it was, as far as that can be known. Pure."""

from dataclasses import dataclass

from zdtui.postgres.sessions.identity import ServerIdentity
from zdtui.run.model.state import RunState


@dataclass(frozen=True, slots=True)
class ServerChange:
    """The server is not the one that the journal was written on last."""

    what: str
    """In words."""
    other_system: bool
    """Another system identifier: not a failover, but another server (or the same one after an upgrade)."""


def server_change(run: RunState, now: ServerIdentity) -> ServerChange | None:
    """What changed since the journal last said where it was; None when nothing is known to have."""
    before = run.system_identifier
    if before and now.system_identifier and before != now.system_identifier:
        return ServerChange(
            f"this is another server than the one the run was on last (system identifier {now.system_identifier}, "
            f"it was {before}): a restored or upgraded one, or the wrong one",
            other_system=True,
        )
    if run.timeline is not None and now.timeline is not None and run.timeline != now.timeline:
        return ServerChange(
            f"the server is on timeline {now.timeline}, it was on {run.timeline}: a standby was promoted, or a backup "
            "restored",
            other_system=False,
        )
    return None


def not_known(now: ServerIdentity) -> str | None:
    """What cannot be compared, because this role may not see it."""
    lacking = [
        word for word, seen in (("system identifier", now.system_identifier), ("timeline", now.timeline)) if not seen
    ]
    return f"the server's {' and '.join(lacking)} cannot be read by this role" if lacking else None
