"""Hears who asks for a pause: a session that holds a shared lock of one key, which changes nothing in the database."""

from dataclasses import dataclass, field

from zdtui.drawable import one_line
from zdtui.postgres.ask import Connection, ask_by_name
from zdtui.postgres.journal import PAUSE_KEY
from zdtui.postgres.queries import query
from zdtui.run.decisions.decision import PauseAsked
from zdtui.run.engine.state import EngineState


@dataclass
class PauseAskers:
    """Each session is heard once: after a person has gone on, it has to ask by a new one."""

    state: EngineState
    _heard: set[tuple[int, object]] = field(default_factory=set)

    async def listen(self, connection: Connection) -> None:
        """Look who asks now, and have it decided. Raises psycopg.Error."""
        if not self.state.is_conductor or self.state.recorder.state.opened is None:
            return
        rows = await ask_by_name(connection, query("pause_askers"), [PAUSE_KEY])
        ours = self.state.own_pids
        asking = {(row["pid"], row["backend_start"]): row for row in rows if row["pid"] not in ours}
        for key, row in asking.items():
            if key not in self._heard:
                who = one_line(row["application"] or "somebody")
                self.state.submit(PauseAsked(f"{who} (role {one_line(row['role'] or '?')})"))
        self._heard = set(asking)
