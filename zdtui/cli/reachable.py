"""The database that was named, once it has answered; a password is asked for where only that is missing."""

import getpass
from typing import TYPE_CHECKING

from zdtui.cli.on_signal import unwound_by_signals
from zdtui.drawable import Drawable

if TYPE_CHECKING:
    from zdtui.postgres.sessions.connect import Target


def reachable(dsn: str) -> "Target":
    """The target, with a password asked for without echo if the server wants one that nothing else supplied.

    Raises TargetError when the server cannot be reached or does not accept the password.
    """
    from zdtui.postgres.sessions.connect import PasswordNeeded, Target, probe

    target = Target(conninfo=dsn)
    answer = probe(target)
    if isinstance(answer, PasswordNeeded):
        with unwound_by_signals():  # else the terminal would be left without its echo
            password = getpass.getpass(Drawable(answer.prompt))
        target = Target(conninfo=dsn, password=password)
        probe(target)
    return target
