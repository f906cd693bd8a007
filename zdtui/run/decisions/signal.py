"""The rule for cancelling or terminating somebody else's backend. Pure; `decide` asks it."""

from zdtui.run.decisions.console_rules import only_conductor
from zdtui.run.decisions.decision import Decision, HeldBack, Refused
from zdtui.run.decisions.typed_word import is_confirmed
from zdtui.run.decisions.view import RunView
from zdtui.run.model import commands as c
from zdtui.run.model import effects as f
from zdtui.watch.samples import Backend

SPARED = {
    "walsender": "it is a walsender: a standby or a backup hangs on it",
    "autovacuum worker": "it is autovacuum: it gives way by itself, unless it prevents wraparound",
    "autovacuum launcher": "it is the autovacuum launcher",
    "parallel worker": "it is a parallel worker: signal the backend that leads it",
}
"""By backend_type: why these are never signalled."""
HIDDEN = "this role may not see what that session is, so nothing is sent to it (grant pg_monitor)"
"""It may be a parallel worker or a walsender; and without its start nobody knows that it is still the one shown."""


def signal_backend(now: RunView, command: c.SignalBackend) -> Decision:
    """Signal the backend that was shown, if it is one that may be signalled. Raises Refused."""
    only_conductor(now)
    current = next((each for each in now.backends_in_sight() if each.key == command.backend), None)
    for backend in (command.shown, current):
        if backend is not None:
            _may_be_signalled(now, backend)
    pid = command.backend.pid
    if any(each.key.pid == pid and each.key != command.backend for each in now.backends_in_sight()):
        raise HeldBack(f"it is gone: pid {pid} belongs to another backend now")
    if not is_confirmed(now, command):
        raise HeldBack(f"type {pid} to {command.action} it: this is production")
    return Decision(effects=(f.Signal(command.action, command.backend, command.who),))


def _may_be_signalled(now: RunView, backend: Backend) -> None:
    if backend.ours:
        raise Refused("that backend is our own; X cancels our statement")
    if why := now.why_untouchable(backend):
        raise Refused(f"nobody here may end it: {why}")
    if backend.hidden:
        raise Refused(HIDDEN)
    if backend.leader_pid is not None:
        raise Refused(f"it is a parallel worker of {backend.leader_pid}: select that one, its workers end with it")
    if backend.backend_type in SPARED:
        raise Refused(SPARED[backend.backend_type])
    if backend.backend_type not in ("", "client backend"):
        raise Refused(f"it is a server process ({backend.backend_type})")
