"""Sends notices beside a run: a thread that finds them, a process that delivers them, and a deadline for each.

The engine's thread hands a snapshot over and goes on: it neither compares nor waits. What is not delivered in time is
given up; who was not told is said, and nothing else comes of it.
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
BEYOND = 5.0
"""Seconds after a deadline in which a process that delivers ends by itself, should nobody be there to end it."""
GIVING_UP = 2.0
"""Seconds that leaving waits for a delivery that was killed."""
MOST_WAITING = 512
"""Snapshots; the oldest go first."""


class Sender:
    """Finds and sends the notices of one run, until it is closed."""

    def __init__(self, receivers: Receivers, failed: Callable[[str], None], *, deadline: float = DEADLINE) -> None:
        self._receivers = receivers
        self._failed = failed
        """Told for each receiver that does not take a notice; again only once it took one in between."""
        self._deadline = deadline
        self._waiting: deque[Snapshot] = deque(maxlen=MOST_WAITING)
        self._something = threading.Event()
        self._closing = threading.Event()
        self._given_up = threading.Event()
        self._deaf: set[str] = set()
        self._untold: dict[str, None] = {}
        """What happened that nobody was told of because the operator left; a set that keeps its order."""
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
        """Send what is left, for so long at most; what is still on its way then is given up, and that is said."""
        if not self._thread.is_alive():
            return
        self._closing.set()
        self._something.set()
        self._thread.join(seconds)
        self._given_up.set()
        process = self._process
        if process is not None and self._thread.is_alive():
            process.kill()
        self._thread.join(GIVING_UP)
        for sentence in tuple(self._untold):
            self._failed(f"you left before everybody was told: {sentence}")

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
                if self._receivers.wants(each):
                    self._tell(each)
        except Exception as error:  # noqa: BLE001 (a run goes on whatever becomes of a notice)
            self._failed(f"nobody was told: {type(error).__name__} while a notice was sent")

    def _tell(self, notice: Notice) -> None:
        told = {} if self._given_up.is_set() else send(notice, self._receivers, self._deadline, self._began)
        if self._given_up.is_set() and (not told or any(told.values())):
            self._untold[sentence_of(notice)] = None
        else:
            self._say(told)

    def _began(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        if self._given_up.is_set():
            process.kill()

    def _say(self, told: dict[str, str]) -> None:
        deaf = {name for name, why in told.items() if why}
        for name in sorted(deaf - self._deaf):
            self._failed(f"{name} was not told: {told[name]}")
        self._deaf = deaf


def send(
    notice: Notice,
    receivers: Receivers,
    deadline: float = DEADLINE,
    began: Callable[["subprocess.Popen[str]"], None] = lambda process: None,
) -> dict[str, str]:
    """Have a process deliver it to every receiver; for each name an empty text, or why it did not arrive."""
    told = {"title": title_of(notice), "body": sentence_of(notice)}
    task = {"urls": dict(receivers.urls), **told, "seconds": deadline + BEYOND}
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "zdtui.notify.deliver"],
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


def is_installed() -> bool:
    """Whether what delivers notices is there."""
    return find_spec("apprise") is not None
