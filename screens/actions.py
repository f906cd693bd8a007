"""The one registry of actions: bindings, footer, help and palette are all made from it, so that none can disagree.

Lower case looks, upper case acts: every action that reaches the database opens a confirmation first. The one
exception is pausing, which is always allowed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from screens.words import why_untouchable
from zdtui.plan.model import StepId
from zdtui.run.decisions.decide import undoable
from zdtui.run.decisions.hazard_gate import stops
from zdtui.run.decisions.retry import may_have_rejected
from zdtui.run.decisions.snapshot import Snapshot
from zdtui.run.model.console import ConnectionState, ConsoleRole
from zdtui.run.model.events import HoldKind
from zdtui.run.model.state import StepStatus
from zdtui.watch.samples import Backend


class Group(StrEnum):
    """Where an action stands in the help."""

    RUN = "Run"
    BACKENDS = "Other backends"
    LOOK = "Look"
    MOVE = "Move"


@dataclass(frozen=True, slots=True)
class Focus:
    """What an action would act on."""

    snapshot: Snapshot
    pane: str = "plan"
    step: StepId | None = None
    backend: Backend | None = None


Allowed = Callable[[Focus], str | None]
"""None when the action may be used now, else why not."""


@dataclass(frozen=True, slots=True)
class Action:
    """One thing a key does. Keys are named as Textual names them; `shown` is what a person reads on the key."""

    id: str
    key: str
    label: str
    """One to three words for the footer."""
    long: str
    """A sentence for the help and the palette."""
    group: Group
    allowed: Allowed
    shown: str = ""
    footer: int | None = None
    """Place in the footer, the smallest first; None: not in the footer."""
    rebindable: bool = True

    @property
    def cap(self) -> str:
        """What is printed on the key."""
        return self.shown or self.key


def _always(focus: Focus) -> str | None:
    return None


def _conducting(focus: Focus) -> str | None:
    if focus.snapshot.console_role is ConsoleRole.OBSERVER:
        return "this console looks on"
    if focus.snapshot.leaving is not None:
        return "this console is leaving"
    return "the connection is lost" if focus.snapshot.connection_state is ConnectionState.LOST else None


def _idle(focus: Focus) -> str | None:
    busy = focus.snapshot.activity
    return _conducting(focus) or (None if busy is None else f"{busy.step} is under way")


def _can_run(focus: Focus) -> str | None:
    return _idle(focus) or (None if focus.snapshot.next_step is not None else "every step is done")


def _can_arm(focus: Focus) -> str | None:
    armed = focus.snapshot.run.armed
    return _can_run(focus) or (None if armed is None else f"{armed.step} is armed already; p disarms it")


def _can_pause(focus: Focus) -> str | None:
    return "this console looks on" if focus.snapshot.console_role is ConsoleRole.OBSERVER else None


def _can_cancel(focus: Focus) -> str | None:
    return _conducting(focus) or (None if focus.snapshot.activity is not None else "nothing of ours runs")


def _can_roll_back(focus: Focus) -> str | None:
    snapshot = focus.snapshot
    return _conducting(focus) or (None if undoable(snapshot.plan, snapshot.run) else "nothing was done yet")


def _can_clean_up(focus: Focus) -> str | None:
    snapshot = focus.snapshot
    step = snapshot.next_step
    left = step is not None and snapshot.run.step(step).hold is HoldKind.INVALID_INDEX
    return _idle(focus) or (None if left else "no invalid index was left")


def _can_retry(focus: Focus) -> str | None:
    snapshot, step = focus.snapshot, focus.step
    left = step is not None and may_have_rejected(snapshot.plan.step(step), snapshot.run.step(step))
    return _idle(focus) or (None if left else "no row of the selected step was rejected")


def _stopped_by_hazard(focus: Focus) -> str | None:
    snapshot = focus.snapshot
    step = None if snapshot.next_step is None else snapshot.plan.step(snapshot.next_step)
    found = step is not None and stops(snapshot.findings or (), step, snapshot.run.step(step.id))
    return _idle(focus) or (None if found else "no hazard stops the next step")


def _blind(focus: Focus) -> str | None:
    return _conducting(focus) or (
        None if focus.snapshot.unseen_figures else "every figure that has a limit can be seen"
    )


def _on_backend(focus: Focus) -> str | None:
    if focus.pane not in ("locks", "queries", "progress"):
        return "select a backend in the locks or queries pane"
    if focus.backend is None:
        return "no backend is selected"
    if focus.backend.ours:
        return "that backend is our own; X cancels our statement"
    if why := why_untouchable(focus.snapshot, focus.backend):
        return f"nobody here may end it: {why}"
    return _conducting(focus)


def _observing(focus: Focus) -> str | None:
    return None if focus.snapshot.console_role is ConsoleRole.OBSERVER else "this console holds the run"


def _not_whole(focus: Focus) -> str | None:
    return None if focus.snapshot.damage is not None else "the journal is whole"


def _journal(focus: Focus) -> str | None:
    return _conducting(focus) or (None if focus.snapshot.run.opened else "the journal begins with the first step")


TABS = "SQL, Rollback, Verify, Hazards, Notes, Log."

ACTIONS: tuple[Action, ...] = (
    Action(
        "pause",
        "p",
        "PAUSE",
        "Stop at the next safe point. F9 does it while you type.",
        Group.RUN,
        _can_pause,
        footer=1,
        rebindable=False,
    ),
    Action(
        "roll_back",
        "B",
        "roll back",
        "Show the exact SQL that undoes what was done, and ask.",
        Group.RUN,
        _can_roll_back,
        footer=2,
    ),
    Action(
        "help",
        "question_mark",
        "help",
        "Keys, states and symbols.",
        Group.LOOK,
        _always,
        shown="?",
        footer=3,
        rebindable=False,
    ),
    Action("quit", "q", "quit", "Leave; asks when something runs.", Group.RUN, _always, footer=4, rebindable=False),
    Action(
        "run",
        "R",
        "run",
        "Show what the next step runs, and ask; goes on with a held step.",
        Group.RUN,
        _can_run,
        footer=5,
    ),
    Action(
        "arm",
        "A",
        "arm",
        "Confirm the next step now; it starts by itself in a quiet moment, until a time you set. p disarms.",
        Group.RUN,
        _can_arm,
        footer=12,
    ),
    Action("cancel", "X", "cancel", "Cancel our running statement on the server.", Group.RUN, _can_cancel, footer=6),
    Action(
        "clean_up",
        "D",
        "drop invalid index",
        "Remove the invalid index a failed build left.",
        Group.RUN,
        _can_clean_up,
        footer=7,
    ),
    Action(
        "retry",
        "T",
        "try rejected",
        "Try the rows of the selected step again that it could not take, once they were put right.",
        Group.RUN,
        _can_retry,
        footer=7,
    ),
    Action(
        "take_over",
        "t",
        "take over",
        "Become the one that runs steps, once nobody else holds the run.",
        Group.RUN,
        _observing,
        footer=8,
    ),
    Action(
        "cancel_backend",
        "C",
        "cancel backend",
        "Cancel the selected backend's statement.",
        Group.BACKENDS,
        _on_backend,
        footer=9,
    ),
    Action(
        "terminate_backend", "K", "terminate", "Terminate the selected backend.", Group.BACKENDS, _on_backend, footer=10
    ),
    Action("open", "enter", "open", "Open the selected step.", Group.LOOK, _always, shown="Enter", footer=11),
    Action("skip", "S", "skip", "Pass over the next step, with a reason.", Group.RUN, _can_run, footer=12),
    Action("harder", "plus", "harder", "Let a backfill work harder.", Group.RUN, _conducting, shown="+", footer=13),
    Action(
        "gentler",
        "minus",
        "gentler",
        "Let a backfill work more gently.",
        Group.RUN,
        _conducting,
        shown="-",
        footer=14,
    ),
    Action(
        "ceiling_up",
        "right_square_bracket",
        "queue longer",
        "Let a strong lock be queued for longer where no gap comes.",
        Group.RUN,
        _conducting,
        shown="]",
    ),
    Action(
        "ceiling_down",
        "left_square_bracket",
        "queue shorter",
        "Let a strong lock be queued for less long, down to never.",
        Group.RUN,
        _conducting,
        shown="[",
    ),
    Action("note", "n", "note", "Put a remark into the journal.", Group.RUN, _journal, footer=15),
    Action("board", "c", "go / no-go", "The preflight checks, asked again.", Group.LOOK, _always, footer=16),
    Action(
        "hazards",
        "h",
        "hazards",
        "What each statement will lock, rewrite and scan, and the safer way.",
        Group.LOOK,
        _always,
        footer=17,
    ),
    Action(
        "take_on",
        "H",
        "take on hazard",
        "Let the next step run although a hazard stops it, with a reason.",
        Group.RUN,
        _stopped_by_hazard,
        footer=7,
    ),
    Action(
        "go_blind",
        "V",
        "accept blind",
        "Go on for this run without a figure that cannot be seen, typed and with a reason.",
        Group.RUN,
        _blind,
        footer=7,
    ),
    Action(
        "accept_journal",
        "J",
        "take journal on",
        "Go on with the journal as this server holds it although it is not whole, typed and with a reason.",
        Group.RUN,
        _not_whole,
        footer=7,
    ),
    Action("log", "l", "log", "Everything that was sent, and what came of it.", Group.LOOK, _always, footer=17),
    Action("filter", "slash", "filter", "Show only rows that hold a text.", Group.LOOK, _always, shown="/", footer=18),
    Action("zoom", "z", "zoom", "Give the pane the whole screen, and back.", Group.LOOK, _always, footer=19),
    Action("copy", "y", "copy", "Copy the SQL, or the selected row.", Group.LOOK, _always, footer=20),
    Action(
        "freeze",
        "space",
        "freeze",
        "Freeze the panes on the screen; nothing else stops.",
        Group.LOOK,
        _always,
        shown="Space",
        footer=21,
    ),
    Action(
        "palette",
        "ctrl+p",
        "all actions",
        "Every action, and why one cannot be used now.",
        Group.LOOK,
        _always,
        shown="Ctrl+P",
    ),
    Action("tab_next", "right", "next tab", TABS, Group.MOVE, _always, shown="→"),
    Action("tab_previous", "left", "previous tab", TABS, Group.MOVE, _always, shown="←"),
    Action("down", "j", "down", "Next row.", Group.MOVE, _always, shown="j ↓"),
    Action("up", "k", "up", "Row before.", Group.MOVE, _always, shown="k ↑"),
    Action("top", "g", "first", "First row.", Group.MOVE, _always),
    Action("bottom", "G", "last", "Last row.", Group.MOVE, _always),
    Action("page_down", "pagedown", "page down", "A screenful on.", Group.MOVE, _always, shown="PgDn"),
    Action("page_up", "pageup", "page up", "A screenful back.", Group.MOVE, _always, shown="PgUp"),
    Action("pane_next", "tab", "next pane", "Give the keys to the next pane.", Group.MOVE, _always, shown="Tab"),
    Action(
        "pane_previous",
        "shift+tab",
        "pane before",
        "Give the keys to the pane before.",
        Group.MOVE,
        _always,
        shown="Shift+Tab",
    ),
    Action("pane_1", "1", "plan and step", "Plan and step.", Group.MOVE, _always),
    Action("pane_2", "2", "locks", "Who blocks whom.", Group.MOVE, _always),
    Action("pane_3", "3", "queries", "Long-running and idle in transaction.", Group.MOVE, _always),
    Action("pane_4", "4", "replication", "Standbys and slots.", Group.MOVE, _always),
    Action("pane_5", "5", "progress", "How far our work is.", Group.MOVE, _always),
    Action("back", "escape", "back", "Leave zoom, filter or step.", Group.MOVE, _always, shown="Esc"),
)
ALSO = {"down": ("down",), "up": ("up",), "top": ("home",), "bottom": ("end",), "help": ("f1",), "quit": ("ctrl+c",)}
"""Further keys of an action."""
ACTS = frozenset(
    {
        "roll_back",
        "run",
        "arm",
        "cancel",
        "clean_up",
        "cancel_backend",
        "terminate_backend",
        "skip",
        "take_on",
        "retry",
        "go_blind",
        "accept_journal",
    }
)
"""Actions whose keys are not taken for a moment after a resize: the key may have been meant for another screen."""


def action(action_id: str) -> Action:
    """The action of that id; KeyError when there is none."""
    return next(each for each in ACTIONS if each.id == action_id)


def in_doubt(snapshot: Snapshot) -> bool:
    """Whether R settles a doubt instead of running a step."""
    step = snapshot.next_step
    return step is not None and snapshot.run.step(step).status is StepStatus.IN_DOUBT
