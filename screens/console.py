"""The console: lays the views out, gives keys to actions, sends commands. It owns what is looked at, nothing else."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import ClassVar, Protocol
from zoneinfo import ZoneInfo

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.geometry import Size
from textual.screen import Screen

from screens.actions import ACTS, ALSO, Action
from screens.footer import footer_rows
from screens.lines import Bar, Lines
from screens.listing import Listing
from screens.look import Look
from screens.panes import LIVE, ORDER, PLAN, STEP, TABS, selects_backend
from screens.rows import Row, Span, matching, matching_words, row
from screens.scene import Scene, Tab
from screens.terminal.layout import CLASSES, PLACED, layout
from screens.views.header import header_rows
from screens.views.now import now_rows, now_title
from screens.views.plan_list import plan_rows, plan_title
from screens.views.plots import LEAST_ROWS, plot_rows
from screens.views.step_detail import step_rows, step_title
from screens.views.verdict import verdict_rows
from screens.views.vital_signs import vital_rows
from screens.would_send import Focus
from zdtui.plan.model import StepId
from zdtui.run.decisions.snapshot import Snapshot, VerdictWord
from zdtui.run.engine.surface import EngineSurface
from zdtui.watch.samples import Backend

LEAST_PLOT = 10
"""Rows that a plot takes of a pane whose rows fill the screen."""
DRAW_PLOT_EVERY = 2.0
"""Seconds: drawing one takes some hundredths of a second."""
QUIET_AFTER_RESIZE = 0.25
MESSAGE_FOR = 8.0


class Handlers(Protocol):
    """What carries the actions of a console out."""

    def perform(self, action_id: str) -> None:
        """Carry out the action of that id."""
        ...


class Console(Screen[None]):
    """One screen for every size: panes side by side when there is room, tabs when there is not."""

    BINDINGS: ClassVar[list[Binding]] = []  # type: ignore[assignment]
    AUTO_FOCUS = ""

    def __init__(
        self,
        engine: EngineSurface,
        actions: tuple[Action, ...],
        handlers: Callable[["Console"], Handlers],
        *,
        ascii_only: bool = False,
        zone: ZoneInfo | None = None,
    ) -> None:
        super().__init__()
        self.engine = engine
        self.actions = actions
        self.ascii_only = ascii_only
        self.zone = zone
        self.handlers = handlers(self)
        self.pane = PLAN
        self.chosen = 1
        """Of the tabs on a small screen, by their number."""
        self.tab = Tab.SQL
        self.zoomed: str | None = None
        self.filters: dict[str, str] = {}
        self.listings: dict[str, Listing] = {}
        """Of each live pane: how it is sorted, and what is left out."""
        self._plotted: tuple[object, ...] = ()
        """Which plot is on the screen: of what, how large, of when."""
        self.filtering: str | None = None
        self.frozen: tuple[Snapshot, float] | None = None
        self._follows = True
        self._message = ("", 0.0, VerdictWord.READY)
        self._resized_at = 0.0
        self._layout = layout(0, 0, chosen=1, zoomed=None)
        self._drawn_at: Size | None = None
        """The size of the terminal when it was last laid out; the first size is no resize."""
        self._refusals = engine.snapshot.refusal_count
        for each in actions:
            for key in (each.key, *ALSO.get(each.id, ())):
                self._bindings.bind(key, f"do('{each.id}')", each.label)

    # -- layout -----------------------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        """Every widget of every size; `place_panes` says which are seen."""
        yield Lines(id="header", titled=False)
        yield Lines(id="vital", titled=False)
        yield Lines(id="verdict", titled=False)
        yield Lines(id="small", titled=False)
        with Horizontal(id="body"):
            yield Lines(id=PLAN, selects=True)
            yield Lines(id="tabs", titled=False)
            with Vertical(id="middle"):
                yield Lines(id=STEP)
                yield Lines(id="now")
            with Vertical(id="side"):
                for pane in LIVE:
                    yield Lines(id=pane.id, selects=pane.shown.selects)
                yield Lines(id="plot", titled=False)
        yield Lines(id="summaries", titled=False)
        yield Lines(id="footer", titled=False)

    def on_mount(self) -> None:
        """Draw at once, then when something changed and once a second for what ticks."""
        for lines in self.query(Lines):
            lines.can_focus = False
            lines.ascii_only = self.ascii_only
        self.place_panes()
        self.call_after_refresh(self.draw)
        self.set_interval(1.0, self.draw)

    def on_resize(self, event: events.Resize) -> None:
        """Selection, focus, scroll and dialogs stay; keys that act are not taken for a moment."""
        if self._drawn_at not in (None, self.app.size):
            self._resized_at = time.monotonic()
        self._drawn_at = self.app.size
        self.place_panes()
        self.call_after_refresh(self.draw)

    def lines(self, name: str) -> Lines:
        """The widget of that name."""
        return self.query_one(f"#{name}", Lines)

    def place_panes(self) -> None:
        """Show what fits and what is wanted."""
        width, height = self.app.size
        placed = self._layout = layout(width, height, chosen=self.chosen, zoomed=self.zoomed)
        for name in CLASSES:
            self.set_class(name in placed.classes, name)
        for name in PLACED:
            self.query_one(f"#{name}").display = name in placed.shown
        for pane in LIVE:
            lines, own = self.lines(pane.id), pane.shown.height
            lines.styles.height = str(own.rows) if placed.beside and not own.shares else "1fr"
            lines.styles.min_height = own.rows if placed.beside else 0
        self.lines("now").styles.height = placed.now_height
        self.query_one("#body").styles.grid_rows = f"1fr {placed.now_height}"
        self.query_one("#side").styles.width = "100%" if self.zoomed else None
        self.query_one("#plan").styles.width = "100%" if self.zoomed == PLAN else None
        self.query_one("#plan").styles.height = "1fr" if self.zoomed == PLAN else None

    # -- drawing ----------------------------------------------------------------------------------------------

    def scene(self, width: int, *, live: bool = True) -> Scene:
        """What the views are given; `live` is the newest snapshot even while the panes are frozen."""
        now = time.monotonic()
        snapshot = self.engine.snapshot
        frozen_for = None
        if self.frozen is not None:
            frozen_for = now - self.frozen[1]
            snapshot = snapshot if live else self.frozen[0]
        return Scene(
            snapshot=snapshot,
            now=now if live or self.frozen is None else self.frozen[1],
            wall=datetime.now(UTC),
            width=width,
            step=self.selected_step,
            tab=self.tab,
            frozen_for=frozen_for,
            ascii_only=self.ascii_only,
            zone=self.zone,
            message=self._message[0] if self._message_holds(now) else "",
        )

    def draw(self) -> None:
        """Bring every visible view up to date; lines that did not change are not repainted."""
        if not self.is_mounted:
            return
        self._note_refusal()
        self._follow()
        width = self.size.width
        live = self.scene(width)
        self.lines("header").show(header_rows(live))
        self.lines("verdict").show(verdict_rows(live))
        if self.has_class("tiny"):
            self.lines("small").show(
                [row(" This terminal is too small: 60 x 15 is the least."), row(" p, B and q work.")]
            )
        else:
            self._draw_body(width)
        self.lines("footer").show(footer_rows(self.actions, self.focus_now(), width, self.filtering))

    def _draw_body(self, width: int) -> None:
        if self.has_class("narrow"):
            self.lines("vital").show(vital_rows(self.scene(width)))
            self.lines("tabs").show([self._tab_row()])
        if self.lines("summaries").display:
            scene = self.scene(width, live=False)
            self.lines("summaries").show([pane.summary(scene) for pane in LIVE])
        for name in ORDER:
            self.lines(name).bar = Bar.FULL if name == self.pane else Bar.QUIET
        plan = self.lines("plan")
        if plan.display:
            scene = self.scene(plan.size.width, live=False)
            self._show(plan, plan_rows(scene), plan_title(scene))
        step = self.lines("step")
        if self.query_one("#middle").display:
            scene = self.scene(step.size.width, live=False)
            self._show(step, step_rows(scene), step_title(scene))
        middle = self.lines("now")
        if middle.display:
            scene = self.scene(middle.size.width, live=False)
            middle.show(now_rows(scene), now_title(scene))
        for pane in LIVE:
            lines = self.lines(pane.id)
            if lines.display:
                listing = self.listings.get(pane.id, Listing())
                scene = self.scene(lines.size.width, live=False)
                scene = replace(scene, listing=listing, middle_tells=middle.display, beside=self._layout.beside)
                self._show(lines, pane.shown.rows(scene), pane.title(scene))
                if pane.id == self.zoomed:
                    self._draw_plot(lines, scene)

    def _draw_plot(self, above: Lines, scene: Scene) -> None:
        """The pane's last hour in what its rows leave free; the rows keep a third, and all where there is no room."""
        plot, room = self.lines("plot"), self.query_one("#side").size.height
        height = max(room - len(above.rows) - 1, min(LEAST_PLOT, room * 2 // 3))
        plot.display = height >= LEAST_ROWS
        plot.styles.height = height
        asked = (above.id, scene.width, height, scene.now // DRAW_PLOT_EVERY)
        if plot.display and asked != self._plotted:
            self._plotted = asked
            plot.show(plot_rows(above.id or "", scene, height))

    def _show(self, lines: Lines, rows: Sequence[Row], title: Row) -> None:
        """The rows that the filter leaves; the title marked where the pane has the keys, and with how many are left."""
        name = lines.id or ""
        wanted = self.filtering if self.filtering is not None and self.pane == name else self.filters.get(name, "")
        found, spans = matching(rows, wanted), list(title.spans)
        if name == self.pane and spans:
            spans[0] = Span(spans[0].text, Look.FOCUS)
        if left := matching_words(rows, found, wanted):
            spans.insert(1, Span(left, Look.WARN))
        lines.show(found, Row(tuple(spans)))

    def _tab_row(self) -> Row:
        spans: list[Span] = []
        for number, name in enumerate(TABS, 1):
            here = number == self.chosen
            text = f"[{number} {name}]" if here else f" {number} {name} "
            spans.append(Span(text, Look.FOCUS if here else Look.QUIET))
        return row(*spans)

    def _note_refusal(self) -> None:
        snapshot = self.engine.snapshot
        if snapshot.refusal_count != self._refusals:
            self._refusals = snapshot.refusal_count
            if snapshot.refusal:
                self.say(snapshot.refusal)

    def _follow(self) -> None:
        """The selection follows what runs until the operator moves it."""
        plan = self.lines("plan")
        snapshot = self.engine.snapshot
        current = snapshot.activity.step if snapshot.activity else snapshot.next_step
        if self._follows and current is not None and plan.selected != current:
            plan.show(plan_rows(self.scene(max(20, plan.size.width), live=False)))
            plan.select(current)

    def say(self, sentence: str) -> None:
        """Show a sentence where the advice stands, for a few seconds or until things stand otherwise."""
        self._message = (sentence, time.monotonic() + MESSAGE_FOR, self.engine.snapshot.verdict.word)

    def _message_holds(self, now: float) -> bool:
        return now < self._message[1] and self.engine.snapshot.verdict.word is self._message[2]

    # -- what is looked at ------------------------------------------------------------------------------------

    @property
    def selected_step(self) -> StepId | None:
        """The step the operator looks at."""
        key = self.lines("plan").selected
        return StepId(key) if isinstance(key, str) else None

    def selected_backend(self) -> Backend | None:
        """The backend that is selected in the focused pane, as it is shown there."""
        if not selects_backend(self.pane):
            return None
        key = self.lines(self.pane).selected
        snapshot = self.frozen[0] if self.frozen else self.engine.snapshot
        return next((each for each in snapshot.backends_in_sight() if each.key == key), None)

    def focus_now(self) -> Focus:
        """What an action would act on."""
        return Focus(self.engine.snapshot, self.pane, self.selected_step, self.selected_backend())

    def on_lines_selected(self, event: Lines.Selected) -> None:
        """Another step is shown in the middle."""
        if event.lines.id == "plan":
            self.lines("step").top = 0
            self.draw()

    def unfollow(self) -> None:
        """The operator moved: the selection stays where it is put."""
        self._follows = False

    def follow_again(self) -> None:
        """A step was started: the selection goes along again."""
        self._follows = True

    # -- keys -------------------------------------------------------------------------------------------------

    def action_do(self, action_id: str) -> None:
        """Carry out an action of the registry if it is allowed now; say why when it is not."""
        if self.filtering is not None:
            return
        if action_id in ACTS and time.monotonic() - self._resized_at < QUIET_AFTER_RESIZE:
            self.say("the screen was just resized: press the key again")
        else:
            chosen = next(each for each in self.actions if each.id == action_id)
            why_not = chosen.why_not(self.focus_now())
            if why_not is not None:
                self.say(f"{chosen.label}: {why_not}")
            else:
                self.handlers.perform(action_id)
        self.draw()

    def on_key(self, event: events.Key) -> None:
        """While a filter is typed, every key belongs to it."""
        if self.filtering is None:
            return
        event.stop()
        event.prevent_default()
        if event.key == "escape":
            self.filtering = None
            self.filters.pop(self.pane, None)
        elif event.key == "enter":
            self.filters[self.pane] = self.filtering
            self.filtering = None
        elif event.key == "backspace":
            self.filtering = self.filtering[:-1]
        elif event.character is not None and event.is_printable:
            self.filtering += event.character
        self.draw()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While a filter is typed no binding applies: the letters are the filter's."""
        return not (action == "do" and self.filtering is not None)
