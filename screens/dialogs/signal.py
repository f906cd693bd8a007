"""Cancelling or terminating somebody else's backend: the one that was shown when this opened, and no other."""

import time
from collections.abc import Callable, Iterator
from typing import Literal

from screens.dialogs.facts.backend import client
from screens.dialogs.facts.target import on_fact, who
from screens.dialogs.frame.base import Dialog
from screens.dialogs.frame.now import Now
from screens.dialogs.frame.sheet import Fact, Page, Rank, Sheet, last_question
from screens.look import Look
from screens.words import figure
from screens.would_send import refusal
from zdtui import amounts
from zdtui.counted import counted
from zdtui.run.decisions.snapshot import Snapshot
from zdtui.run.decisions.typed_word import typed_word
from zdtui.run.engine.surface import EngineSurface
from zdtui.run.model.commands import Command, SignalBackend
from zdtui.watch.details import BackendDetails
from zdtui.watch.samples import Backend, LockNode, nodes_of

Action = Literal["cancel", "terminate"]
MEANS = {
    "cancel": "its statement ends with an error; its transaction stays open and fails until it is rolled back",
    "terminate": "its connection ends and its transaction is rolled back; the application sees a lost connection",
}
WRITTEN = (
    "its transaction has an id: it has changed or locked rows, and what it changed is undone if it is ended; how many"
    " rows, no other session can see"
)
NOTHING_WRITTEN = "nothing in this transaction: it has no transaction id"
IDLE_CANCEL = "it is running nothing, so cancelling does nothing: only terminating ends its transaction"


def signal_sheet(snapshot: Snapshot, shown: Backend, action: Action, now: Now) -> Sheet:
    """The whole dialog: the backend as it was shown, and as it is now if it is in sight."""
    current = newest(snapshot, shown)
    backend = current or shown
    command = command_of(backend, action)
    return Sheet(
        title=f"{action.capitalize()} backend {who(backend)}",
        asks=(last_question(typed_word(snapshot, command), f"{action} {backend.key.pid}"),),
        pages=(Page("query", backend.query or "(no query to be seen)"),),
        facts=tuple(_facts(snapshot, backend, action, gone=current is None)),
        production=snapshot.is_production,
        withdrawn=refusal(snapshot, command),
        leave="leave it alone",
    )


def command_of(shown: Backend, action: Action, confirmed_by: str | None = None) -> SignalBackend:
    """The command, for the backend that was shown and under the name it was shown by.

    Without `confirmed_by` as if it had been confirmed: to ask what else is in the way.
    """
    typed = str(shown.key.pid) if confirmed_by is None else confirmed_by
    return SignalBackend(action, shown.key, who(shown), shown, typed)


def newest(snapshot: Snapshot, shown: Backend) -> Backend | None:
    """The same backend (pid and backend_start) in the newest samples; None when no pane shows it any more."""
    opened = None if snapshot.looked is None else snapshot.looked.details
    known = [opened.backend] if isinstance(opened, BackendDetails) else []
    return next((each for each in (*known, *snapshot.backends_in_sight()) if each.key == shown.key), None)


def _facts(snapshot: Snapshot, backend: Backend, action: Action, gone: bool) -> Iterator[Fact]:
    yield on_fact(snapshot)
    if gone:
        yield Fact(
            "careful",
            "no pane shows it any more: it has ended, or what it does is no longer long",
            Look.LOUD,
            Rank.DECIDES,
        )
    yield Fact("who", f"pid {backend.key.pid}, {_names(backend)}", Look.STRONG, Rank.DECIDES)
    yield Fact("since", f"backend started {backend.key.backend_start:%Y-%m-%d %H:%M:%S} UTC; {_ages(backend)}")
    locks = [_lock(node) for node in _nodes_of(snapshot, backend)]
    if locks:
        yield Fact("locks", "; ".join(locks))
    if backend.transaction_age is not None and not backend.hidden:
        yield Fact("written", WRITTEN if backend.has_written else NOTHING_WRITTEN, rank=Rank.DECIDES)
    idle = action == "cancel" and (backend.state or "").startswith("idle")
    yield Fact("means", IDLE_CANCEL if idle else MEANS[action], Look.STRONG if idle else Look.PLAIN, Rank.DECIDES)
    if backend.hidden:
        yield Fact("careful", "this role may not see what it does (grant pg_monitor)", Look.WARN)


def _names(backend: Backend) -> str:
    application = backend.application or "(no application name)"
    where = f" from {client(backend)}" if backend.client_address is not None else ""
    leads = f"; leads {counted(backend.workers, 'parallel worker')}, which end with it" if backend.workers else ""
    user = f"user {backend.user or '(hidden)'}{where}, database {backend.database or '(none)'}"
    return f"application {application}, {user}{leads}"


def _ages(backend: Backend) -> str:
    state = f"{backend.state or 'state hidden'} for {figure(backend.state_age, amounts.age, none='unknown')}"
    if backend.transaction_age is not None:
        return f"{state}, transaction {amounts.age(backend.transaction_age)}"
    return f"{state}, {'transaction hidden' if backend.hidden else 'no transaction'}"


def _nodes_of(snapshot: Snapshot, backend: Backend) -> list[LockNode]:
    sample = snapshot.samples.locks.sample
    nodes = [*_in_our_way(snapshot), *(nodes_of(sample.roots) if sample is not None else ())]
    return [node for node in nodes if node.backend.key == backend.key]


def _in_our_way(snapshot: Snapshot) -> tuple[LockNode, ...]:
    """Those whom the step under way waits for outside the queue, so that they block nobody."""
    locking = snapshot.activity.locking if snapshot.activity is not None else None
    return () if locking is None else locking.holders


def _lock(node: LockNode) -> str:
    if node.waiting is not None:
        return f"waits {amounts.age(node.waiting)} for {node.mode} on {node.relation}"
    behind = sum(1 for _ in nodes_of(node.children))
    return f"holds {node.mode} on {node.relation}, {behind} waiting behind it"


class ConfirmSignal(Dialog):
    """Asks before a backend is signalled."""

    def __init__(
        self, engine: EngineSurface, backend: Backend, action: Action, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(engine, clock)
        self._backend = backend
        self._action: Action = action

    def sheet(self, snapshot: Snapshot, now: Now) -> Sheet:
        """See `signal_sheet`."""
        return signal_sheet(snapshot, self._backend, self._action, now)

    def command(self, given: tuple[str, ...]) -> Command | None:
        """SignalBackend, for the backend captured when this opened."""
        return command_of(self._backend, self._action, given[-1])
