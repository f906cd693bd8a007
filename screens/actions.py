"""The one registry of actions: bindings, footer, help and palette are all made from it, so that none can disagree.

Lower case looks, upper case acts: every action that reaches the database opens a confirmation first. The one
exception is pausing, which is always allowed.
"""

from dataclasses import dataclass
from enum import StrEnum

from screens import would_send
from screens.panes import LIVE
from screens.would_send import Focus, Sends, why_not_offered


class Group(StrEnum):
    """Where an action stands in the help."""

    RUN = "Run"
    BACKENDS = "Other backends"
    LOOK = "Look"
    MOVE = "Move"


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
    sends: Sends | None = None
    """What it would send to the engine; None: it only looks."""
    shown: str = ""
    footer: int | None = None
    """Place in the footer, the smallest first; None: not in the footer."""
    rebindable: bool = True

    @property
    def cap(self) -> str:
        """What is printed on the key."""
        return self.shown or self.key

    def why_not(self, focus: Focus) -> str | None:
        """Why it cannot be used now, in the words of `decide`; None when it can."""
        return None if self.sends is None else why_not_offered(focus, self.sends)


TABS = "SQL, Rollback, Verify, Hazards, Notes, Log."

ACTIONS: tuple[Action, ...] = (
    Action(
        "pause",
        "p",
        "PAUSE",
        "Stop at the next safe point. F9 does it while you type.",
        Group.RUN,
        would_send.pause,
        footer=1,
        rebindable=False,
    ),
    Action(
        "roll_back",
        "B",
        "roll back",
        "Show the exact SQL that undoes what was done, and ask.",
        Group.RUN,
        would_send.roll_back,
        footer=2,
    ),
    Action(
        "help",
        "question_mark",
        "help",
        "Keys, states and symbols.",
        Group.LOOK,
        shown="?",
        footer=3,
        rebindable=False,
    ),
    Action("quit", "q", "quit", "Leave; asks when something runs.", Group.RUN, footer=4, rebindable=False),
    Action(
        "run",
        "R",
        "run",
        "Show what the next step runs, and ask; goes on with a held step.",
        Group.RUN,
        would_send.run,
        footer=5,
    ),
    Action(
        "arm",
        "A",
        "arm",
        "Confirm the next step now; it starts by itself in a quiet moment, until a time you set. p disarms.",
        Group.RUN,
        would_send.arm,
        footer=12,
    ),
    Action(
        "cancel", "X", "cancel", "Cancel our running statement on the server.", Group.RUN, would_send.cancel, footer=6
    ),
    Action(
        "clean_up",
        "D",
        "drop invalid index",
        "Remove the invalid index a failed build left.",
        Group.RUN,
        would_send.clean_up,
        footer=7,
    ),
    Action(
        "retry",
        "T",
        "try rejected",
        "Try the rows of the selected step again that it could not take, once they were put right.",
        Group.RUN,
        would_send.retry,
        footer=7,
    ),
    Action(
        "take_over",
        "t",
        "take over",
        "Become the one that runs steps, once nobody else holds the run.",
        Group.RUN,
        would_send.take_over,
        footer=8,
    ),
    Action(
        "cancel_backend",
        "C",
        "cancel backend",
        "Cancel the selected backend's statement.",
        Group.BACKENDS,
        would_send.signal("cancel"),
        footer=9,
    ),
    Action(
        "terminate_backend",
        "K",
        "terminate",
        "Terminate the selected backend.",
        Group.BACKENDS,
        would_send.signal("terminate"),
        footer=10,
    ),
    Action(
        "open",
        "enter",
        "open",
        "Open the selected step; in a live pane, all that is known of the selected row.",
        Group.LOOK,
        shown="Enter",
        footer=11,
    ),
    Action("skip", "S", "skip", "Pass over the next step, with a reason.", Group.RUN, would_send.skip, footer=12),
    Action(
        "harder", "plus", "harder", "Let a backfill work harder.", Group.RUN, would_send.turn(1), shown="+", footer=13
    ),
    Action(
        "gentler",
        "minus",
        "gentler",
        "Let a backfill work more gently.",
        Group.RUN,
        would_send.turn(-1),
        shown="-",
        footer=14,
    ),
    Action(
        "ceiling_up",
        "right_square_bracket",
        "queue longer",
        "Let a strong lock be queued for longer where no gap comes.",
        Group.RUN,
        would_send.turn_ceiling(1),
        shown="]",
    ),
    Action(
        "ceiling_down",
        "left_square_bracket",
        "queue shorter",
        "Let a strong lock be queued for less long, down to never.",
        Group.RUN,
        would_send.turn_ceiling(-1),
        shown="[",
    ),
    Action("note", "n", "note", "Put a remark into the journal.", Group.RUN, would_send.note, footer=15),
    Action("board", "c", "go / no-go", "The preflight checks, asked again.", Group.LOOK, footer=16),
    Action(
        "hazards",
        "h",
        "hazards",
        "What each statement will lock, rewrite and scan, and the safer way.",
        Group.LOOK,
        footer=17,
    ),
    Action(
        "take_on",
        "H",
        "acknowledge hazard",
        "Let the next step run although a hazard stops it, with a reason.",
        Group.RUN,
        would_send.take_on,
        footer=7,
    ),
    Action(
        "go_blind",
        "V",
        "accept blind",
        "Go on for this run without a figure that cannot be seen, typed and with a reason.",
        Group.RUN,
        would_send.go_blind,
        footer=7,
    ),
    Action(
        "accept_journal",
        "J",
        "take journal on",
        "Go on with the journal as this server holds it although it is not whole, typed and with a reason.",
        Group.RUN,
        would_send.accept_journal,
        footer=7,
    ),
    Action(
        "edit",
        "e",
        "edit plan",
        "Open the plan in your editor; it is read again if nothing was begun of what changed.",
        Group.RUN,
        would_send.edit,
        footer=17,
    ),
    Action(
        "rehearse",
        "r",
        "rehearse",
        "Rehearse the next step on a scratch server made for it: forward, back, forward; or see how far that is.",
        Group.LOOK,
        footer=17,
    ),
    Action("log", "l", "log", "Everything that was sent, and what came of it.", Group.LOOK, footer=17),
    Action("filter", "slash", "filter", "Show only rows that hold a text.", Group.LOOK, shown="/", footer=18),
    Action("sort_next", "greater_than_sign", "sort", "Sort the list by the next figure.", Group.LOOK, shown=">"),
    Action("sort_previous", "less_than_sign", "sort back", "Sort it by the figure before.", Group.LOOK, shown="<"),
    Action("older", "o", "older than", "Leave out what is younger: 1 s, 5 s, up to an hour, then all.", Group.LOOK),
    Action("database", "d", "database", "List one database's sessions, then the next's, then all.", Group.LOOK),
    Action(
        "zoom",
        "z",
        "zoom",
        "Give the pane the whole screen, with its last hour drawn; and back.",
        Group.LOOK,
        footer=19,
    ),
    Action("copy", "y", "copy", "Copy the SQL, or the selected row.", Group.LOOK, footer=20),
    Action(
        "freeze",
        "space",
        "freeze",
        "Freeze the panes on the screen; nothing else stops.",
        Group.LOOK,
        shown="Space",
        footer=21,
    ),
    Action(
        "palette",
        "ctrl+p",
        "all actions",
        "Every action, and why one cannot be used now.",
        Group.LOOK,
        shown="Ctrl+P",
    ),
    Action("tab_next", "right", "next tab", TABS, Group.MOVE, shown="→"),
    Action("tab_previous", "left", "previous tab", TABS, Group.MOVE, shown="←"),
    Action("down", "j", "down", "Next row.", Group.MOVE, shown="j ↓"),
    Action("up", "k", "up", "Row before.", Group.MOVE, shown="k ↑"),
    Action("top", "g", "first", "First row.", Group.MOVE),
    Action("bottom", "G", "last", "Last row.", Group.MOVE),
    Action("page_down", "pagedown", "page down", "A screenful on.", Group.MOVE, shown="PgDn"),
    Action("page_up", "pageup", "page up", "A screenful back.", Group.MOVE, shown="PgUp"),
    Action("pane_next", "tab", "next pane", "Give the keys to the next pane.", Group.MOVE, shown="Tab"),
    Action(
        "pane_previous",
        "shift+tab",
        "pane before",
        "Give the keys to the pane before.",
        Group.MOVE,
        shown="Shift+Tab",
    ),
    Action("pane_1", "1", "plan and step", "Plan and step.", Group.MOVE),
    *(Action(pane.action, str(pane.number), pane.shown.name.lower(), pane.shown.says, Group.MOVE) for pane in LIVE),
    Action("back", "escape", "back", "Leave zoom, filter or step.", Group.MOVE, shown="Esc"),
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
