"""What a console is in a run: whether it may command, and whether it hears the server."""

from enum import StrEnum

LONGEST_NAME = 63
"""Letters the server keeps of a session's name."""


class ConsoleRole(StrEnum):
    """Which part this console plays."""

    CONDUCTOR = "conductor"
    """Holds the run's lock: its commands reach the server."""
    OBSERVER = "observer"
    """Looks on; somebody else holds the run."""


class ConnectionState(StrEnum):
    """The conductor's own connection."""

    CONNECTED = "connected"
    LOST = "lost"


def session_name(plan_name: str) -> str:
    """What the working session of a console with this plan is called; other consoles know by it whose run it is."""
    return f"zdtui {plan_name}"[:LONGEST_NAME]
