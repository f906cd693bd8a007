"""The step in the middle: what runs, what undoes it, what proves it, what to know, what was really sent."""

from collections.abc import Sequence
from typing import assert_never

from screens.highlight import sql_rows
from screens.look import Look
from screens.rows import Row, Span, folded, row
from screens.scene import Scene, Tab
from screens.text import drawable, drawable_lines, fold, one_line, width_of
from screens.views.hazards import hazard_count, hazard_rows, statement_rows
from screens.views.rehearsed import rehearsal_rows
from screens.views.used import used_rows
from screens.words import SYMBOLS
from zdtui import amounts
from zdtui.amounts import limit
from zdtui.counted import counted
from zdtui.plan.model import Irreversible, NoRollback, Step
from zdtui.run.decisions.confirm_text import shown
from zdtui.run.decisions.reading import is_to_be_read
from zdtui.run.execute.timeouts import timeouts
from zdtui.run.journal.event_text import sentence_of
from zdtui.run.model import events as e
from zdtui.run.model.state import LogLine, StepState, StepStatus
from zdtui.sql.statement import StatementClass

NEWEST = 6
"""Lines of the log that stand below the text of a step."""
STAMP = 14
"""Columns of a line's time in the log."""


def step_title(scene: Scene) -> Row:
    """The step's name and the tabs, the chosen one marked by brackets as well as by its look.

    Where there is no room for all the key stands for the name, which the plan shows beside it; and the chosen tab is
    always there.
    """
    step = _step(scene)
    name = drawable(step.id) if step else "no step"
    names = [(tab, _tab_name(scene, step, tab)) for tab in Tab]
    tabs = [
        Span(f"[{name}]" if tab is scene.tab else f" {name} ", Look.FOCUS if tab is scene.tab else Look.QUIET)
        for tab, name in names
    ]
    whole = row(Span(f" {name} ", Look.TITLE), *tabs)
    if width_of(whole.text) <= scene.width:
        return whole
    first, chosen = 0, tuple(Tab).index(scene.tab)
    while first < chosen and sum(width_of(tab.text) for tab in tabs[first : chosen + 1]) > scene.width - 6:
        first += 1
    return row(Span(" 1 ", Look.TITLE), *([Span("… ", Look.QUIET)] if first else []), *tabs[first:])


def _tab_name(scene: Scene, step: Step | None, tab: Tab) -> str:
    """As the step calls its own text; with how many hazards there are."""
    if step is not None and tab is Tab.SQL:
        called = step.action.text_name
        return f"{called[0].upper()}{called[1:]}"
    hazards = hazard_count(scene.snapshot, step) if step is not None and tab is Tab.HAZARDS else 0
    return f"{tab} {hazards}" if hazards else str(tab)


def step_rows(scene: Scene) -> list[Row]:
    """The chosen tab of the selected step."""
    step = _step(scene)
    if step is None:
        return [row(" no step is selected")]
    match scene.tab:
        case Tab.SQL:
            return _sql(scene, step)
        case Tab.ROLLBACK:
            return _rollback(scene, step)
        case Tab.VERIFY:
            return _verify(scene, step)
        case Tab.HAZARDS:
            return hazard_rows(scene, step)
        case Tab.NOTES:
            return _notes(scene, step)
        case Tab.LOG:
            return log_rows(scene, step)
        case _ as never:
            assert_never(never)


def _step(scene: Scene) -> Step | None:
    return next((step for step in scene.snapshot.plan.steps if step.id == scene.step), None)


def _sql(scene: Scene, step: Step) -> list[Row]:
    head = [row(Span(f" {text}", Look.STRONG)) for text in fold(drawable(step.title), scene.width - 2)]
    how = [each for line in _how(step) for each in folded(line, scene.width - 1)]
    unread = (
        [row(Span(" read by nobody yet: Enter opens it", Look.WARN))] if is_to_be_read(scene.snapshot, step) else []
    )
    rows = [*head, *unread, row(""), *_text_of(scene, step), row(""), *how, *_hazards(scene, step)]
    return [*rows, *_state_rows(scene, step), *_tail(scene, step)]


def _text_of(scene: Scene, step: Step) -> list[Row]:
    if step.action.by_hand or step.action.soak is not None:
        return _indented(_words(shown(step), scene.width - 2))
    return list(sql_rows(shown(step), scene.width - 1))


def _how(step: Step) -> list[Row]:
    """How each statement is run: its class, its limits, together or alone."""
    if (batches := step.action.batches) is not None:
        aim = limit(batches.tuning.batch_duration)
        return [row(Span(f" batches of about {aim}, each committed with its checkpoint", Look.QUIET))]
    if step.action.author_sql is None:
        return []
    statements = step.action.statements
    together = all(statement.transactional for statement in statements)
    rows = [row(Span(" in one transaction" if together else " each on its own, outside a transaction", Look.QUIET))]
    for statement in statements:
        limits = timeouts(statement.statement_class, step.limits)
        lock = f"lock_timeout {limit(limits.lock)}" if limits.lock else "waits for locks without a limit"
        if statement.statement_class in (StatementClass.INSTANT_DDL, StatementClass.UNKNOWN):
            lock = f"in a gap, else {limit(limits.lock)} queued"
        work = f", statement_timeout {limit(limits.statement)}" if limits.statement else ""
        rows.append(row(Span(f" {statement.kind}: {statement.statement_class.shown} · {lock}{work}", Look.QUIET)))
    return list(dict.fromkeys(rows))


def _hazards(scene: Scene, step: Step) -> list[Row]:
    """What each statement takes, and its worst hazard; what was taken on with a reason; and what was rehearsed."""
    rows = [*statement_rows(scene, step), *rehearsal_rows(scene, step)]
    return [*([row("")] if rows else []), *rows]


def _state_rows(scene: Scene, step: Step) -> list[Row]:
    state = scene.snapshot.run.step(step.id)
    if state.status is StepStatus.PENDING and not state.rolled_back:
        return []
    symbol = SYMBOLS[state.status][1 if scene.ascii_only else 0]
    word = "rolled back" if state.rolled_back else str(state.status)
    seconds = (
        f" in {amounts.took(state.seconds)}" if state.seconds is not None and state.status is StepStatus.DONE else ""
    )
    done = _rows_now(scene, step, state)
    rows_text = f" · {counted(done, 'row', shown=amounts.number(done))}" if done is not None else ""
    rejected = f" · {amounts.number(state.rejected)} rejected" if state.rejected else ""
    rows = [row(""), row(Span(f" {symbol} {word}{seconds}{rows_text}{rejected}", Look.STRONG))]
    message = (row(f"   {line}") for line in _message(state, scene.width - 4))
    return [*rows, *message, *used_rows(scene, step, state), *_rejected(state, scene.width - 4)]


def _rows_now(scene: Scene, step: Step, state: StepState) -> int | None:
    """Of a step at work what the progress says: the journal's figure is older, and one screen has one."""
    activity = scene.snapshot.activity
    if activity is None or activity.step != step.id or activity.progress is None:
        return state.rows
    return activity.progress.rows


def _rejected(state: StepState, width: int) -> list[Row]:
    """The first rows that stand aside, and what to do with them."""
    if not state.rejected:
        return []
    lines = [line for each in state.first_rejected for line in fold(one_line(each), width)]
    more = state.rejected - len(state.first_rejected)
    aside = counted(more, "rejected row", "rejected rows", shown=amounts.number(more))
    rest = [f"and {amounts.number(more)} more" if lines else aside] if more > 0 else []
    rows = [row(Span(f"   {line}", Look.WARN)) for line in (*lines, *rest)]
    return [*rows, row(Span("   zdtui rejected last lists them; put right, T tries them again", Look.QUIET))]


def _message(state: StepState, width: int) -> list[str]:
    return fold(drawable(state.message), width) if state.message else []


def _tail(scene: Scene, step: Step) -> list[Row]:
    """The newest lines of the log, because that is what one looks for while it runs."""
    lines = _lines_of(scene, step)[-NEWEST:]
    return [row(""), *_log_lines(scene, lines)] if lines else []


def _rollback(scene: Scene, step: Step) -> list[Row]:
    rollback = step.rollback
    if isinstance(rollback, Irreversible):
        words = _words(rollback.consequence, scene.width - 2)
        return [row(Span(" IRREVERSIBLE ", Look.LOUD)), row(""), *_indented(words)]
    if isinstance(rollback, NoRollback):
        words = _words(rollback.reason, scene.width - 2)
        return [row(Span(" Nothing to undo", Look.STRONG)), row(""), *_indented(words)]
    return list(sql_rows(rollback.sql, scene.width - 1))


def _verify(scene: Scene, step: Step) -> list[Row]:
    if not step.verify:
        return [row(" No query decides success: the step is done when its statements are.")]
    rows: list[Row] = []
    for number, query in enumerate(step.verify, 1):
        rows += [
            row(Span(f" {number} must give true", Look.QUIET)),
            *sql_rows(query, scene.width - 1),
            row(""),
        ]
    return rows


def _notes(scene: Scene, step: Step) -> list[Row]:
    words = _words(step.notes or "No notes.", scene.width - 2)
    links = [row(Span(f" {drawable(link)}", Look.KEY)) for link in step.links]
    mine = [line for line in scene.snapshot.run.log if isinstance(line.event, e.NoteAdded)]
    noted = [
        row(f" {line.at:%H:%M:%S} {one_line(line.operator)}: {one_line(sentence_of(line.event))}") for line in mine
    ]
    return [*_indented(words), row(""), *links, *([row(""), *noted] if noted else [])]


def log_rows(scene: Scene, step: Step | None) -> list[Row]:
    """Every statement really sent and what came of it; of one step, or of all."""
    return _log_lines(scene, _lines_of(scene, step)) or [row(" Nothing was sent yet.")]


def _lines_of(scene: Scene, step: Step | None) -> list[LogLine]:
    return [line for line in scene.snapshot.run.log if step is None or line.step == step.id]


def _log_lines(scene: Scene, lines: Sequence[LogLine]) -> list[Row]:
    return [each for line in lines for each in folded(_log_line(line), scene.width, STAMP)]


def _log_line(line: LogLine) -> Row:
    look = Look.PLAIN
    if isinstance(line.event, e.StepFailed | e.AttemptFailed | e.StepHeld | e.GuardTripped | e.StepInDoubt):
        look = Look.WARN
    elif isinstance(line.event, e.StatementSent):
        look = Look.STRONG
    stamp = Span(f" {line.at:%H:%M:%S}.{line.at.microsecond // 1000:03d} ", Look.QUIET)
    return row(stamp, Span(one_line(sentence_of(line.event)), look))


def _words(text: str, width: int) -> list[Row]:
    return [row(part) for line in drawable_lines(text.strip()) for part in fold(line, width)]


def _indented(rows: list[Row]) -> list[Row]:
    return [Row((Span(" "), *each.spans), each.key) for each in rows]
