"""The parts of the engine that can die, what it means when one does, and the sentence and report that tell of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from zdtui.errors import ZdtuiError
from zdtui.owned_tasks import Fault
from zdtui.run.model.fault_report import Circumstances, place_of, report_text, root_of, write_report

MOST_REPORTS = 10
"""Files that one process writes: a fault that comes again and again is told once."""
LAST_EVENTS = 40


class Part(StrEnum):
    """What a task is for."""

    ENGINE = "engine"
    COMMANDS = "commands"
    CONNECTING = "connecting"
    HEARTBEAT = "heartbeat"
    ARMING = "arming"
    LEAVING = "leaving"
    PERFORMER = "performer"
    CLEAN_UP = "clean-up"
    RETRY = "retry"
    LOCK_WATCH = "lock watch"
    THROTTLE = "throttle"
    WORKER = "worker"
    JOURNAL_WRITER = "journal writer"
    WATCHER = "watcher"
    DETAILS = "details"
    REHEARSAL = "rehearsal"
    PUBLISHER = "publisher"
    LOADING = "loading"


MEANS: dict[str, str] = {
    Part.ENGINE: "the console has let go of the run",
    Part.COMMANDS: "the last command was perhaps not carried out to its end: look before you give it again",
    Part.CONNECTING: "it is tried again",
    Part.HEARTBEAT: "a lost connection may have been noticed late",
    Part.ARMING: "a step that is armed may not have started in a quiet moment",
    Part.LEAVING: "the console lets go of the run at once",
    Part.PERFORMER: "the session was closed, and what the server holds was looked up",
    Part.CLEAN_UP: "whether the index is gone was not seen",
    Part.RETRY: "the session was closed, and the checkpoint says which rows were tried",
    Part.LOCK_WATCH: "who waits behind us was not seen, so the step stops at its next safe point",
    Part.THROTTLE: "nobody asked whether to slow down, so the step stops at its next safe point",
    Part.WORKER: "the step stops at its next safe point",
    Part.JOURNAL_WRITER: "what is not written yet is kept and written now",
    Part.WATCHER: "the panes do not see until it works again",
    Part.DETAILS: "what is open on the screen is not brought up to date until it works again",
    Part.REHEARSAL: "nothing was proved of the step; the run itself goes on",
    Part.PUBLISHER: "the screen stood still for a moment",
    Part.LOADING: "zdtui's own files cannot be read, so confirm no step here: leave with q and start the console again",
}
"""What it means for the run that the part ended, in words that follow a semicolon."""


@dataclass
class Faults:
    """Makes the sentence and the report of each fault. Never raises: it is what is left when something else did."""

    events: Callable[[], Sequence[tuple[datetime, str]]] = tuple
    """When and of what kind the newest events are."""
    server_version: Callable[[], int] = lambda: 0
    reports: int = 0
    _known: dict[tuple[str, str, str], str] | None = None

    def found(self, fault: Fault) -> str:
        """One sentence: what failed, what that means, and where the report is."""
        error, part = root_of(fault.error), fault.part
        what = str(error) if isinstance(error, ZdtuiError) else type(error).__name__
        place = place_of(error)
        where = f" at {place}" if place and not isinstance(error, ZdtuiError) else ""
        means = MEANS.get(part, "")
        told = f"the console's {part} failed ({what}{where})" + (f"; {means}" if means else "")
        return f"{told}; {self._report(fault, place)}"

    def _report(self, fault: Fault, place: str) -> str:
        known = self._known = {} if self._known is None else self._known
        key = (fault.part, type(root_of(fault.error)).__name__, place)
        if key not in known:
            known[key] = self._written(fault)
        return known[key]

    def _written(self, fault: Fault) -> str:
        if self.reports >= MOST_REPORTS:
            return f"{MOST_REPORTS} reports were written, this is one more fault"
        self.reports += 1
        now = datetime.now(UTC)
        try:
            about = Circumstances(fault.part, now, self.server_version(), tuple(self.events())[-LAST_EVENTS:])
            path = write_report(report_text(fault.error, about), now, self.reports)
        except Exception as error:  # noqa: BLE001 (a report that cannot be made must not hide the fault)
            return f"no report could be written ({type(error).__name__})"
        return f"report: {_short(path)}"


def _short(path: Path) -> str:
    """With ~ for the person's own folder."""
    try:
        return f"~/{path.relative_to(Path.home())}"
    except (ValueError, RuntimeError):
        return str(path)
