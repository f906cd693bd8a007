"""Sends notices beside a run: a thread that finds them, a process that delivers them, and a deadline for each.

The engine's thread hands a snapshot over and goes on: it neither compares nor waits. What is not delivered in time is
given up; what cannot be delivered is said once, and changes nothing.
"""

import json
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable
from importlib.util import find_spec

from zdtui.notify.notice import Notice, sentence_of, title_of
from zdtui.notify.noticing import notices
from zdtui.notify.receivers import Receivers
from zdtui.run.decisions.snapshot import Snapshot

DEADLINE = 20.0
"""Seconds a notice may take to all its receivers together."""
LAST_WORDS = 3.0
"""Seconds that leaving waits for what is still to be sent."""
MOST_WAITING = 512
"""Snapshots; the oldest go first."""
NOT_INSTALLED = "notices are sent by apprise, which is not installed: pip install 'zdtui[notify]'"


class Sender:
    """Finds and sends the notices of one run, until it is closed."""

    def __init__(self, receivers: Receivers, failed: Callable[[str], None], *, deadline: float = DEADLINE) -> None:
        self._receivers = receivers
        self._failed = failed
        """Told once for each receiver that does not take notices."""
        self._deadline = deadline
        self._waiting: deque[Snapshot] = deque(maxlen=MOST_WAITING)
        self._something = threading.Event()
        self._closing = threading.Event()
        self._given_up = threading.Event()
        self._told_of: set[str] = set()
        self._before: Snapshot | None = None
        self._process: subprocess.Popen[str] | None = None
        self._thread = threading.Thread(target=self._work, name="zdtui notices", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def saw(self, snapshot: Snapshot) -> None:
        """A newer snapshot; returns at once and never fails."""
        self._waiting.append(snapshot)
        self._something.set()

    def close(self, seconds: float = LAST_WORDS) -> None:
        """Send what is left, for so long at most; what is still on its way then is given up."""
        self._closing.set()
        self._something.set()
        self._thread.join(seconds)
        self._given_up.set()
        process = self._process
        if process is not None and self._thread.is_alive():
            process.kill()

    def _work(self) -> None:
        while True:
            self._something.wait()
            self._something.clear()
            while self._waiting:
                self._look(self._waiting.popleft())
            if self._closing.is_set():
                return

    def _look(self, after: Snapshot) -> None:
        before, self._before = self._before, after
        if before is None:
            return
        try:
            for each in notices(before, after):
                if self._receivers.wants(each) and not self._given_up.is_set():
                    self._say(send(each, self._receivers, self._deadline, self._began))
        except Exception as error:  # noqa: BLE001 (a run goes on whatever becomes of a notice)
            self._failed(f"a notice could not be sent ({type(error).__name__})")

    def _began(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        if self._given_up.is_set():
            process.kill()

    def _say(self, told: dict[str, str]) -> None:
        for name, why in told.items():
            if why and name not in self._told_of:
                self._told_of.add(name)
                self._failed(f"{name} was not told: {why}")


def send(
    notice: Notice,
    receivers: Receivers,
    deadline: float = DEADLINE,
    began: Callable[["subprocess.Popen[str]"], None] = lambda process: None,
) -> dict[str, str]:
    """Have a process deliver it to every receiver; for each name an empty text, or why it did not arrive."""
    task = {"urls": dict(receivers.urls), "title": title_of(notice), "body": sentence_of(notice)}
    process = subprocess.Popen(
        [sys.executable, "-m", "zdtui.notify.deliver"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    began(process)
    try:
        said, _ = process.communicate(json.dumps(task), timeout=deadline)
        answered: dict[str, str] = json.loads(said)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return dict.fromkeys(receivers.urls, f"nothing came of it within {deadline:g} s")
    except (ValueError, OSError):
        return dict.fromkeys(receivers.urls, "the process that delivers it ended without a word")
    return {name: answered.get(name, "nothing was said of it") for name in receivers.urls}


def why_nothing_is_sent(receivers: Receivers) -> str:
    """Empty where notices can be sent, or none is wanted."""
    return NOT_INSTALLED if receivers.urls and find_spec("apprise") is None else ""
