"""What a console is in a run: whether it may command, and whether it hears the server."""

from enum import StrEnum


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
