"""All that is known of the row a person has opened: who, from where, doing what, holding what, in whose way.

Only to be read; C and K ask their own question over it. It is asked anew each second while it is open.
"""

import time
from collections.abc import Callable
from typing import assert_never

from screens.clipboard import copy
from screens.dialogs.facts.backend import backend_facts, lock_facts, query_text
from screens.dialogs.frame.base import Dialog
from screens.dialogs.frame.now import Now, as_of
from screens.dialogs.frame.sheet import Answer, Fact, Page, Rank, Sheet
from screens.dialogs.signal import Action, ConfirmSignal, command_of
from screens.look import Look
from screens.text import pad
from screens.would_send import refusal
from zdtui import amounts
from zdtui.run.decisions.snapshot import Snapshot
from zdtui.run.engine.surface import EngineSurface
from zdtui.run.model.commands import Command, LookAt
from zdtui.watch.details import (
    BackendDetails,
    Details,
    Figures,
    Gone,
    Looked,
    OfBackend,
    OfPrepared,
    OfSlot,
    PreparedDetails,
    SlotDetails,
    Subject,
)

SIGNALS: dict[str, Action] = {"C": "cancel", "K": "terminate"}
NAME_WIDTH = 22


def details_sheet(snapshot: Snapshot, subject: Subject, before: Details | None, now: Now, copied: str = "") -> Sheet:
    """The whole dialog. `before`: what was known before the subject was gone."""
    looked = snapshot.looked if snapshot.looked is not None and snapshot.looked.subject == subject else Looked(subject)
    known = before if isinstance(looked.details, Gone) or looked.details is None else looked.details
    told = () if known is None else _facts(snapshot, known)
    backend = known if isinstance(known, BackendDetails) and not isinstance(looked.details, Gone) else None
    can = backend is not None and why_not(snapshot, backend) is None
    return Sheet(
        title=_title(subject, known),
        asks=(),
        pages=() if known is None else _pages(known),
        facts=(*_how_fresh(looked, now), *told, *((Fact("copied", copied),) if copied else ())),
        leave="close",
        keys=(
            *((Answer("C", "cancel"), Answer("K", "end the session")) if can else ()),
            *((Answer("y", "copy"),) if known is not None else ()),
        ),
    )


def _title(subject: Subject, known: Details | None) -> str:
    match subject:
        case OfBackend(pid=pid):
            backend = known.backend if isinstance(known, BackendDetails) else None
            return f"{pid}" if backend is None else f"{pid} {backend.application or backend.backend_type}"
        case OfPrepared(gid=gid):
            return f"prepared transaction {gid}"
        case OfSlot(name=name):
            return f"replication slot {name}"
        case _ as never:
            assert_never(never)


def _how_fresh(looked: Looked, now: Now) -> tuple[Fact, ...]:
    """What to know before the rest is believed: that it is over, that it is old, that it is still asked for."""
    old = as_of(now.monotonic - looked.taken_at) if looked.details is not None else ""
    if isinstance(looked.details, Gone):
        return (
            Fact(
                "gone", f"it is not there any more; what follows is how it was last seen{old}", Look.LOUD, Rank.DECIDES
            ),
        )
    if looked.error:
        return (Fact("careful", f"cannot look: {looked.error}{old}", Look.LOUD, Rank.DECIDES),)
    return () if looked.details is not None else (Fact("", "asking the server ...", Look.QUIET),)


def _facts(snapshot: Snapshot, known: Details) -> tuple[Fact, ...]:
    match known:
        case BackendDetails():
            return (*backend_facts(snapshot, known), *_keys(snapshot, known))
        case PreparedDetails():
            return _prepared(known)
        case SlotDetails(active_pid=pid):
            return (Fact("used by", f"backend {pid}" if pid is not None else "nobody: it retains WAL all the same"),)
        case Gone():
            return ()
        case _ as never:
            assert_never(never)


def _prepared(known: PreparedDetails) -> tuple[Fact, ...]:
    return (
        Fact("who", f"{known.owner}@{known.database}, transaction {known.xid}", Look.STRONG),
        Fact(
            "since", f"prepared {known.prepared:%Y-%m-%d %H:%M:%S} UTC, {amounts.age(known.age)} ago; no session has it"
        ),
        *lock_facts(known.locks, len(known.locks)),
        Fact("to end", f"COMMIT PREPARED or ROLLBACK PREPARED '{known.gid}' in that database; C and K cannot"),
    )


def _keys(snapshot: Snapshot, known: BackendDetails) -> tuple[Fact, ...]:
    """What C and K would do to it, or why they do nothing."""
    idle = (known.backend.state or "").startswith("idle")
    if why := why_not(snapshot, known):
        return (Fact("C, K", f"do nothing here: {why}", Look.QUIET),)
    first = "C cancels nothing here (idle)" if idle else "C cancels its statement"
    return (Fact("keys", f"{first}; K ends its session; both ask first"),)


def why_not(snapshot: Snapshot, known: BackendDetails) -> str | None:
    """Why C and K would be refused now, which is for the same reason; None when they open their question."""
    return refusal(snapshot, command_of(known.backend, SIGNALS["K"]))


def _pages(known: Details) -> tuple[Page, ...]:
    match known:
        case BackendDetails(figures=figures):
            asked = Page("query" if known.backend.state == "active" else "last query", query_text(known))
            return (*(_page(each) for each in figures), asked)
        case SlotDetails(figures=each):
            return (_page(each),)
        case PreparedDetails() | Gone():
            return ()
        case _ as never:
            assert_never(never)


def _page(figures: Figures) -> Page:
    return Page(figures.view, "\n".join(f"{pad(name, NAME_WIDTH)} {value}" for name, value in figures.values))


class DetailsDialog(Dialog):
    """Shows one row's details while they are asked for."""

    def __init__(self, engine: EngineSurface, subject: Subject, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(engine, clock)
        self._subject = subject
        self._known: Details | None = None
        self._copied = ""

    def on_mount(self) -> None:
        """Have it looked at."""
        self.engine.submit(LookAt(self._subject))

    def on_unmount(self) -> None:
        """Nobody looks any more."""
        self.engine.submit(LookAt(None))

    def sheet(self, snapshot: Snapshot, now: Now) -> Sheet:
        """See `details_sheet`."""
        looked = snapshot.looked
        if looked is not None and looked.subject == self._subject and not isinstance(looked.details, Gone | None):
            self._known = looked.details
        return details_sheet(snapshot, self._subject, self._known, now, self._copied)

    def command(self, given: tuple[str, ...]) -> Command | None:
        """Nothing: there is no question here."""
        return None

    def act(self, key: str) -> None:
        """y copies; C and K open their question, where they may."""
        known = self._known
        if key == "y":
            self._copied = copy(self.app, self._text())
        elif isinstance(known, BackendDetails):
            self.app.push_screen(ConfirmSignal(self.engine, known.backend, SIGNALS[key]), self._answered_with)

    def _answered_with(self, command: Command | None) -> None:
        if command is not None:
            self.engine.submit(command)

    def _text(self) -> str:
        """Everything that is shown, as plain lines."""
        sheet = self.sheet(self.engine.snapshot, self.now())
        facts = [f"{pad(fact.label, 10)} {fact.text}" for fact in sheet.facts if fact.label != "copied"]
        return "\n".join([sheet.title, *facts, *(f"-- {page.name}\n{page.text}" for page in sheet.pages)])
