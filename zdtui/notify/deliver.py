"""The process that delivers: `python -m zdtui.notify.deliver` reads addresses and texts, and says which arrived.

One JSON object comes on standard input, so that no address stands in a list of processes: `urls` by name, `title`,
`body` and `seconds`. One goes out: for each name whether it was taken, or why it cannot be used. It may hang or die as
it likes: who started it waits no longer than those seconds, and should that one be gone, the kernel ends it by then.
"""

import contextlib
import json
import logging
import signal
import sys
from typing import Any

REFUSED = "it did not take the notice, or did not answer"
UNKNOWN = "its address is none that apprise knows"


def deliver(task: dict[str, Any]) -> dict[str, str]:
    """Send it to each; for each name an empty text, or why it did not arrive."""
    import apprise

    logging.getLogger("apprise").addHandler(logging.NullHandler())
    told = {}
    for name, url in task["urls"].items():
        one = apprise.Apprise()
        if not one.add(url):
            told[name] = UNKNOWN
            continue
        arrived = one.notify(title=task["title"], body=task["body"], body_format=apprise.NotifyFormat.TEXT)
        told[name] = "" if arrived else REFUSED
    return told


def main() -> None:
    """Read, send, answer."""
    answers = sys.stdout
    task = json.load(sys.stdin)
    signal.setitimer(signal.ITIMER_REAL, task["seconds"])
    with contextlib.redirect_stdout(sys.stderr):
        told = deliver(task)
    json.dump(told, answers)


if __name__ == "__main__":
    main()
