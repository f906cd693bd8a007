"""Who keeps a backend from going on. One cheap question about one pid, asked while a statement is with the server."""

from dataclasses import dataclass

from zdtui.amounts import age
from zdtui.postgres.ask import Connection, ask
from zdtui.postgres.queries import query


@dataclass(frozen=True, slots=True)
class Blocker:
    """A session another one waits for."""

    pid: int
    """0 for a prepared transaction."""
    application: str
    state: str
    transaction_seconds: float | None

    def __str__(self) -> str:
        if self.pid == 0:
            return "a prepared transaction"
        since = "" if self.transaction_seconds is None else f" {age(self.transaction_seconds)}"
        return " ".join(f"{self.pid} {self.application} {self.state}{since}".split())


async def waiting_for(connection: Connection, pid: int) -> tuple[Blocker, ...] | None:
    """The sessions `pid` waits for, the oldest transaction first; None when it does not wait for a lock."""
    rows = await ask(connection, query("waiting"), [pid])
    return tuple(Blocker(row[0], row[1] or "", row[2] or "", row[3]) for row in rows) or None
