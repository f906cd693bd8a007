"""Which server this is, as far as a person needs it to know that it is the right one."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ServerIdentity:
    """What the header says about the target, and what a confirmation names."""

    host: str
    """Host name, address, or socket directory."""
    port: int
    database: str
    role: str
    version: str
    """As the server writes it: '18.4'."""
    version_number: int
    """server_version_num: 180004."""
    system_identifier: str
    """Empty where the role may not see it."""
    in_recovery: bool
    timeline: int | None = None
    """Counted up by each promotion; None where the role may not see it, and on a standby."""

    @property
    def address(self) -> str:
        """'db1:5432', or 'socket:5432' for a Unix socket."""
        return f"{'socket' if self.host.startswith(('/', '@')) else self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class BackendKey:
    """A backend that cannot be mistaken for another that got its pid later (pid + backend_start)."""

    pid: int
    backend_start: datetime
