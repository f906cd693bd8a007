"""Help: every key with what it does, every state with its symbol. Made from the same registry as the footer."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from screens.actions import ALSO, Action, Group
from screens.look import Look
from screens.reading.screen import Reading
from screens.rows import Row, Span, row
from screens.text import fold, pad
from screens.words import LOOKS, SYMBOLS
from screens.would_send import Focus
from zdtui.glossary import GLOSSARY
from zdtui.run.decisions.snapshot import VerdictWord
from zdtui.run.model.state import StepStatus

KEY_WIDTH = 12
LABEL_WIDTH = 19
WORD_WIDTH = 14
TERM_WIDTH = 20
STATES = {
    StepStatus.PENDING: "not begun",
    StepStatus.RUNNING: "its statements, batches or soak time are under way",
    StepStatus.ROLLING_BACK: "its rollback is under way",
    StepStatus.HELD: "stopped at a safe point, waits for a person: R goes on, B rolls back",
    StepStatus.FAILED: "the server refused, or a verify query was not true; the message says which",
    StepStatus.IN_DOUBT: "whether a statement took effect is not known: look, then R settles it",
    StepStatus.APPLIED: "its work is committed, its verify queries have not run yet",
    StepStatus.DONE: "done and verified",
    StepStatus.SKIPPED: "passed over, with a reason in the journal",
}
VERDICTS = {
    VerdictWord.READY: "nothing runs; the next step waits for a person",
    VerdictWord.RUNNING: "the step works",
    VerdictWord.THROTTLED: "it works slower on purpose; the reason and the figure stand beside it",
    VerdictWord.BLOCKED: "it waits for a lock; by whom and for how long stands beside it",
    VerdictWord.ARMED: "a confirmed step starts by itself in the next quiet moment; p disarms it",
    VerdictWord.HELD: "stopped, by a person or a guard; nothing goes on by itself",
    VerdictWord.STALLED: "no sign of life for longer than there should be",
    VerdictWord.FAILED: "the step failed; nothing goes on by itself",
    VerdictWord.LOST: "no connection; it is tried again",
    VerdictWord.OBSERVING: "another console holds the run, this one looks on",
    VerdictWord.FINISHED: "every step is done or skipped",
}
HABITS = (
    "Lower case looks, upper case acts: each upper-case key shows what it would do, and asks.",
    "In a question y answers, or the step's id typed and Enter; Enter alone never does. Esc is always: not now.",
    "Keys pressed before a question was on the screen are dropped.",
    "In help, hazards and log: / looks for a text, n and N go on to the next and back, Tab to the next part.",
    "A step of a proposal is unread until Enter has opened it and each of its lines was on the screen; R runs it then.",
    "F9 pauses from everywhere, also while you type; p does wherever you do not type.",
)


def help_rows(actions: Sequence[Action], focus: Focus, width: int) -> list[Row]:
    """The whole text, folded to the width; why a key does nothing now is said for what is selected."""
    rows: list[Row] = []
    for group in Group:
        rows += [
            row(""),
            _heading(group),
            *(each for a in actions if a.group is group for each in _action(a, focus, width)),
        ]
    rows += [row(""), _heading("Steps"), *(each for status in StepStatus for each in _state(status, width))]
    rows += [row(""), _heading("Verdict, the one word that says how things stand")]
    rows += [each for word in VerdictWord for each in _told(f"  {word.upper()}", VERDICTS[word], width)]
    rows += [
        row(""),
        _heading("Habits"),
        *(row(f"  {line}") for habit in HABITS for line in fold(habit, max(8, width - 2))),
    ]
    rows += [row(""), _heading("Words"), *(each for term in GLOSSARY for each in _term(term.word, term.meaning, width))]
    return rows[1:]


def _heading(text: str) -> Row:
    return row(Span(text, Look.TITLE))


def _action(action: Action, focus: Focus, width: int) -> Iterator[Row]:
    """The key, what the footer calls it, what it does; and why not now."""
    why_not = action.why_not(focus)
    text = action.long if why_not is None else f"{action.long} (not now: {why_not})"
    lines = fold(text, max(8, width - KEY_WIDTH - LABEL_WIDTH))
    key = Span(pad(f"  {_caps(action)}", KEY_WIDTH), Look.KEY)
    yield row(key, pad(action.label, LABEL_WIDTH), Span(lines[0], Look.PLAIN if why_not is None else Look.QUIET))
    for line in lines[1:]:
        yield row(" " * (KEY_WIDTH + LABEL_WIDTH), Span(line, Look.PLAIN if why_not is None else Look.QUIET))


def _caps(action: Action) -> str:
    further = [key.upper() if key.startswith("f") else "" for key in ALSO.get(action.id, ())]
    return " ".join([action.cap, *(key for key in further if key)])


def _state(status: StepStatus, width: int) -> Iterator[Row]:
    symbol, ascii_symbol = SYMBOLS[status]
    lines = fold(STATES[status], max(8, width - WORD_WIDTH - 7))
    yield row(Span(f"  {symbol} {ascii_symbol}  {pad(status, WORD_WIDTH)}", LOOKS[status]), lines[0])
    for line in lines[1:]:
        yield row(" " * (WORD_WIDTH + 7), line)


def _told(word: str, text: str, width: int) -> Iterator[Row]:
    lines = fold(text, max(8, width - WORD_WIDTH - 2))
    yield row(Span(pad(word, WORD_WIDTH + 2), Look.STRONG), lines[0])
    for line in lines[1:]:
        yield row(" " * (WORD_WIDTH + 2), line)


def _term(word: str, meaning: str, width: int) -> Iterator[Row]:
    lines = fold(meaning, max(8, width - TERM_WIDTH - 2))
    yield row(Span(pad(f"  {word}", TERM_WIDTH + 2), Look.STRONG), lines[0])
    for line in lines[1:]:
        yield row(" " * (TERM_WIDTH + 2), line)


class HelpScreen(Reading):
    """The help, over the whole screen."""

    NAME: ClassVar[str] = "Help"
    CLOSES: ClassVar[frozenset[str]] = frozenset({"question_mark", "f1"})
    JUMPS_TO: ClassVar[str] = "next part"
    FRESH_EVERY: ClassVar[float | None] = None

    def __init__(self, actions: Sequence[Action], focus: Focus) -> None:
        super().__init__()
        self._actions = actions
        self._focus = focus

    def text(self, width: int) -> Sequence[Row]:
        """As things stood when it was opened."""
        return help_rows(self._actions, self._focus, width)

    def landmarks(self, rows: Sequence[Row]) -> Sequence[int]:
        """Its headings."""
        return [place for place, each in enumerate(rows) if each.spans[0].look is Look.TITLE]
