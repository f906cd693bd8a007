"""What each action does: move what is looked at, or open the dialog whose answer is a command for the engine."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from screens import would_send
from screens.console import Console
from screens.listing import Listing
from screens.panes import LIVE, ORDER, PLAN, STEP, live_pane, number_of, sorting
from screens.scene import Tab
from screens.views.opened import subject_of
from zdtui.amounts import limit
from zdtui.plan.model import StepId
from zdtui.run.decisions.confirm_text import shown
from zdtui.run.decisions.decide import hazards_that_stop, undoable, wants_fresh_board
from zdtui.run.decisions.reading import is_to_be_read
from zdtui.run.model import commands as c

if TYPE_CHECKING:  # opened when it is asked for: a dialog is no part of the first paint
    from screens.dialogs.frame.base import Dialog


class Acting:
    """Carries out the actions of one console."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._by_id: dict[str, Callable[[], None]] = {
            "pause": self.pause,
            "roll_back": self._roll_back,
            "help": self._help,
            "quit": self.quit,
            "run": self._run,
            "arm": self._arm,
            "cancel": self._cancel,
            "clean_up": self._clean_up,
            "retry": self._retry,
            "take_over": self._take_over,
            "cancel_backend": lambda: self._signal("cancel"),
            "terminate_backend": lambda: self._signal("terminate"),
            "open": self._open,
            "skip": self._skip,
            "harder": lambda: self._turn(1),
            "gentler": lambda: self._turn(-1),
            "ceiling_up": lambda: self._turn_ceiling(1),
            "ceiling_down": lambda: self._turn_ceiling(-1),
            "note": self._note,
            "board": self._board,
            "hazards": self._hazards,
            "take_on": self._take_on,
            "go_blind": self._go_blind,
            "rehearse": self._rehearse,
            "accept_journal": self._accept_journal,
            "log": self._log,
            "edit": self._edit,
            "filter": self._filter,
            **self._lists(),
            "zoom": self._zoom,
            "copy": self._copy,
            "freeze": self._freeze,
            "palette": self._palette,
            "tab_next": lambda: self._tab(1),
            "tab_previous": lambda: self._tab(-1),
            "down": lambda: self._move(1),
            "up": lambda: self._move(-1),
            "top": lambda: self._move(-100_000),
            "bottom": lambda: self._move(100_000),
            "page_down": lambda: self._move(self._page()),
            "page_up": lambda: self._move(-self._page()),
            "pane_next": lambda: self._step_pane(1),
            "pane_previous": lambda: self._step_pane(-1),
            "pane_1": lambda: self.go_to(PLAN),
            **{pane.action: partial(self.go_to, pane.id) for pane in LIVE},
            "back": self._back,
        }

    def _lists(self) -> dict[str, Callable[[], None]]:
        """How a list is sorted, and what it leaves out."""
        return {
            "sort_next": lambda: self._list_anew(lambda listing: listing.sorted_by_next(1)),
            "sort_previous": lambda: self._list_anew(lambda listing: listing.sorted_by_next(-1)),
            "older": lambda: self._list_anew(lambda listing: listing.older()),
            "database": lambda: self._list_anew(self._next_database),
        }

    def perform(self, action_id: str) -> None:
        """Carry out the action; KeyError for one that is not in the registry."""
        self._by_id[action_id]()

    # -- what reaches the engine ------------------------------------------------------------------------------

    def pause(self) -> None:
        """Ask for a pause, without a question."""
        self._console.engine.submit(c.Pause())
        self._console.say("pause asked for")

    def quit(self) -> None:
        """Leave at once when nothing depends on us, else ask."""
        snapshot = self._console.engine.snapshot
        if snapshot.activity is None and snapshot.run.current is None:
            self._console.app.exit(0)
            return
        from screens.dialogs import QuitDialog

        self._ask(QuitDialog(self._console.engine))

    def _ask(self, dialog: Dialog) -> None:
        """Open a dialog; its answer, if there is one, goes to the engine."""

        def answered(command: c.Command | None) -> None:
            if command is not None:
                if isinstance(command, c.RunStep | c.RollBack):
                    self._console.follow_again()
                self._console.engine.submit(command)
            self._console.draw()

        self._console.app.push_screen(dialog, answered)

    def _run(self) -> None:
        from screens.dialogs import ConfirmRun, SettleDoubtDialog

        console = self._console
        step = console.engine.snapshot.next_step
        if step is None:
            return
        if would_send.in_doubt(console.engine.snapshot):
            self._ask(SettleDoubtDialog(console.engine, step))
            return
        self._look_afresh(step)
        self._ask(ConfirmRun(console.engine, step))

    def _arm(self) -> None:
        from screens.dialogs import ConfirmArm

        console = self._console
        step = console.engine.snapshot.next_step
        if step is not None:
            self._look_afresh(step)
            self._ask(ConfirmArm(console.engine, step))

    def _look_afresh(self, step: StepId) -> None:
        """Have the preflight board asked again where the question that is opened depends on it."""
        if wants_fresh_board(self._console.engine.snapshot, step):
            self._console.engine.submit(c.RefreshBoard())

    def _roll_back(self) -> None:
        from screens.dialogs import ConfirmRollBack

        console = self._console
        if console.engine.snapshot.activity is not None:
            console.engine.submit(c.Pause())
        snapshot = console.engine.snapshot
        steps = tuple(step.id for step in undoable(snapshot.plan, snapshot.run))
        self._ask(ConfirmRollBack(console.engine, steps))

    def _cancel(self) -> None:
        from screens.dialogs import ConfirmCancelStatement

        self._ask(ConfirmCancelStatement(self._console.engine))

    def _clean_up(self) -> None:
        from screens.dialogs import ConfirmCleanUp

        step = self._console.engine.snapshot.next_step
        if step is not None:
            self._ask(ConfirmCleanUp(self._console.engine, step))

    def _retry(self) -> None:
        from screens.dialogs import ConfirmRetry

        step = self._console.selected_step
        if step is not None:
            self._ask(ConfirmRetry(self._console.engine, step))

    def _take_over(self) -> None:
        from screens.dialogs import ConfirmTakeOver

        self._ask(ConfirmTakeOver(self._console.engine))

    def _signal(self, action: str) -> None:
        from screens.dialogs import ConfirmSignal

        backend = self._console.selected_backend()
        if backend is not None:
            self._ask(ConfirmSignal(self._console.engine, backend, "cancel" if action == "cancel" else "terminate"))

    def _skip(self) -> None:
        from screens.dialogs import SkipDialog

        step = self._console.engine.snapshot.next_step
        if step is not None:
            self._ask(SkipDialog(self._console.engine, StepId(step)))

    def _take_on(self) -> None:
        from screens.dialogs.take_on import TakeOnDialog

        snapshot = self._console.engine.snapshot
        if snapshot.next_step is None:
            return
        found = hazards_that_stop(snapshot, snapshot.plan.step(snapshot.next_step))
        if found:
            self._ask(TakeOnDialog(self._console.engine, StepId(snapshot.next_step), found[0]))

    def _accept_journal(self) -> None:
        from screens.dialogs import AcceptJournalDialog

        damage = self._console.engine.snapshot.damage
        if damage is not None:
            self._ask(AcceptJournalDialog(self._console.engine, damage))

    def _go_blind(self) -> None:
        from screens.dialogs import BlindDialog

        blind = self._console.engine.snapshot.unseen_figures
        if blind:
            self._ask(BlindDialog(self._console.engine, blind[0]))

    def _rehearse(self) -> None:
        """Ask, and once it has begun show how it goes on; one that goes on is shown at once."""
        from screens.dialogs.rehearse import RehearseDialog

        step = would_send.next_or_last(self._console.engine.snapshot)

        def answered(command: c.Command | None) -> None:
            if command is not None:
                self._console.engine.submit(command)
                self._console.app.push_screen(RehearseDialog(self._console.engine, step.id))

        self._console.app.push_screen(RehearseDialog(self._console.engine, step.id), answered)

    def _note(self) -> None:
        from screens.dialogs import NoteDialog

        self._ask(NoteDialog(self._console.engine))

    def _board(self) -> None:
        from screens.dialogs import BoardScreen

        self._console.engine.submit(c.RefreshBoard())
        self._ask(BoardScreen(self._console.engine))

    def _edit(self) -> None:
        from screens.terminal.editing import edited, lent_by

        console = self._console
        outside = bool(getattr(console.app, "files_outside", False))
        found = edited(console.engine.snapshot.plan, files_outside=outside, lend=lent_by(console.app))
        if isinstance(found, str):
            console.say(found)
            return
        console.say("the plan was read again")
        console.engine.submit(c.ChangePlan(found))

    def _turn(self, by: int) -> None:
        command = would_send.turn(by)(self._console.focus_now())
        self._console.engine.submit(command)
        self._console.say(f"how hard: {command.level}")

    def _turn_ceiling(self, by: int) -> None:
        command = would_send.turn_ceiling(by)(self._console.focus_now())
        self._console.engine.submit(command)
        self._console.say(f"in the queue for a strong lock: at most {limit(command.ceiling)}")

    # -- what is looked at ------------------------------------------------------------------------------------

    def _help(self) -> None:
        from screens.help import HelpScreen

        self._console.app.push_screen(HelpScreen(self._console.actions, self._console.focus_now()))

    def _palette(self) -> None:
        from screens.palette import Palette

        def chosen(action_id: str | None) -> None:
            if action_id is not None:
                self._console.action_do(action_id)

        self._console.app.push_screen(Palette(self._console.actions, self._console.focus_now()), chosen)

    def _log(self) -> None:
        from screens.log import LogScreen

        self._console.app.push_screen(LogScreen(self._console.scene))

    def _hazards(self) -> None:
        from screens.hazards import HazardsScreen

        self._console.app.push_screen(HazardsScreen(self._console.scene))

    def _open(self) -> None:
        """The step that is selected; of a live pane's row, all that is known of it."""
        console = self._console
        if console.pane == PLAN and self._reads():
            return
        if console.pane == PLAN:
            self.go_to(STEP)
        elif live_pane(console.pane) is not None:
            subject = subject_of(console.engine.snapshot, console.lines(console.pane).selected)
            if isinstance(subject, str):
                console.say(subject)
                return
            from screens.dialogs.details import DetailsDialog

            self._ask(DetailsDialog(console.engine, subject))

    def _reads(self) -> bool:
        """Whether the selected step is one that has to be read: then it is opened for that."""
        snapshot, step = self._console.engine.snapshot, self._console.selected_step
        if step is None or not snapshot.plan.has(step) or not is_to_be_read(snapshot, snapshot.plan.step(step)):
            return False
        from screens.reading.step import StepReading

        self._console.app.push_screen(StepReading(self._console.engine, step), lambda _: self._console.draw())
        return True

    def go_to(self, pane: str) -> None:
        """Give the keys to a pane; on a small screen show it."""
        console = self._console
        console.pane = pane
        console.chosen = number_of(pane)
        if console.zoomed is not None:
            console.zoomed = pane
        console.place_panes()

    def _step_pane(self, by: int) -> None:
        self.go_to(ORDER[(ORDER.index(self._console.pane) + by) % len(ORDER)])

    def _tab(self, by: int) -> None:
        tabs = tuple(Tab)
        self._console.tab = tabs[(tabs.index(self._console.tab) + by) % len(tabs)]
        lines = self._console.lines("step")
        lines.top = 0
        if self._console.tab is Tab.LOG:
            self._console.draw()
            lines.move(100_000)

    def _move(self, by: int) -> None:
        if self._console.pane == PLAN:
            self._console.unfollow()
        self._console.lines(self._console.pane).move(by)

    def _page(self) -> int:
        return max(1, self._console.lines(self._console.pane).room - 1)

    def _zoom(self) -> None:
        console = self._console
        console.zoomed = None if console.zoomed else console.pane
        console.place_panes()

    def _filter(self) -> None:
        self._console.filtering = self._console.filters.get(self._console.pane, "")

    def _list_anew(self, change: Callable[[Listing], Listing]) -> None:
        console = self._console
        live = live_pane(console.pane)
        if live is None or not live.shown.sorts:
            console.say(f"only these lists are sorted and turned: {sorting()}")
            return
        listing = console.listings[console.pane] = change(console.listings.get(console.pane, Listing()))
        console.say(f"{live.shown.name.lower()}: {str(listing) or 'all, the oldest transaction first'}")

    def _next_database(self, listing: Listing) -> Listing:
        snapshot = self._console.engine.snapshot
        own = None if snapshot.identity is None else snapshot.identity.database
        return listing.next_database(own, snapshot.backends_in_sight())

    def _freeze(self) -> None:
        console = self._console
        console.frozen = None if console.frozen else (console.engine.snapshot, time.monotonic())

    def _back(self) -> None:
        console = self._console
        if console.zoomed is not None:
            console.zoomed = None
        elif console.filters.pop(console.pane, None) or console.listings.pop(console.pane, None):
            return
        elif console.pane != PLAN:
            console.pane, console.chosen = PLAN, 1
        console.place_panes()

    def _copy(self) -> None:
        from screens.clipboard import copy

        console = self._console
        lines = console.lines(console.pane)
        snapshot = console.engine.snapshot
        step = console.selected_step
        if console.pane in (PLAN, STEP) and step is not None:
            text = shown(snapshot.plan.step(step))
        else:
            chosen = (each.text.strip() for each in lines.rows if each.key is not None and each.key == lines.selected)
            text = next(chosen, "")
        console.say(copy(console.app, text) if text else "nothing is selected to copy")
