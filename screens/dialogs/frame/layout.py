"""From a sheet to the rows that are drawn, for a given width and height. Pure.

The text that scrolls is on top, the facts below it, and neither pushes the question off the screen: `fit` leaves out
facts by their rank, each whole, and they stand on a page of their own.
"""

from dataclasses import dataclass
from typing import assert_never

from screens.dialogs.frame.fit import Fitted, fact_rows, fit, lines_of
from screens.dialogs.frame.sheet import Choose, Fact, Page, Rank, Sheet, TypeExactly, Write
from screens.look import Look
from screens.rows import Row, Span, row
from screens.text import cut, drawable, drawable_lines, fold, one_line, pad, width_of

CONTINUED = "↪ "
LEAST_TEXT = 7
"""Rows of scrolling text that facts never take away."""
CHROME = 3
"""Title, the line over the text, the line under the facts."""
QUESTION_ROWS = 4
"""At most so many for the question, or for why there is none."""
ALL_FACTS = "all facts"
TWINS = str.maketrans("─–…✓✗‖↪→", "--~+x=>>")
"""ASCII for what dialogs draw themselves."""


@dataclass(frozen=True, slots=True)
class View:
    """What the person has scrolled to and answered so far."""

    width: int
    height: int
    """Rows for everything but the field and the footer."""
    page: int = 0
    top: int = 0
    stage: int = 0
    listening: bool = True
    """False until keys are taken."""
    wrong: bool = False
    """What was typed was not the word asked for."""
    ascii_only: bool = False
    """Draw our own symbols and lines in ASCII; the text to be read is left as it is."""


@dataclass(frozen=True, slots=True)
class Laid:
    """The rows of a dialog, and how far its text can be scrolled."""

    rows: tuple[Row, ...]
    pages: tuple[Page, ...]
    top: int
    last_top: int
    viewport: int


def lay_out(sheet: Sheet, view: View) -> Laid:
    """The rows for this view; `top` is brought back into bounds."""
    question = question_rows(sheet, view)
    room = max(2, view.height - CHROME - len(question))
    pages = _pages(sheet, view.width, room)
    page = pages[view.page % len(pages)] if pages else None
    text = _page_rows(page, view.width) if page is not None else ()
    facts = _beside(sheet, page, len(text), view.width, room).rows
    between = 1 if text and facts else 0
    viewport = max(1, min(len(text), room - between - len(facts))) if text else 0
    last_top = max(0, len(text) - viewport)
    top = max(0, min(view.top, last_top))
    seen = text[top : top + viewport]
    where = f" line {seen[0][0]}–{seen[-1][0]} of {text[-1][0]} " if last_top else ""
    above = (title_row(sheet, view.width), _caption(pages, view, where))
    below = (*((_rule(view.width),) * between), *facts, *((_rule(view.width),) if question else ()), *question)
    if view.ascii_only:
        above, below = (in_ascii(above[0]), in_ascii(above[1])), tuple(in_ascii(each) for each in below)
    return Laid((*above, *(each for _, each in seen), *below), pages, top, last_top, max(1, viewport))


def _pages(sheet: Sheet, width: int, room: int) -> tuple[Page, ...]:
    """The sheet's pages, and after the first the one with every fact, where beside any page a fact is left out."""
    lengths = [len(_page_rows(page, width)) for page in sheet.pages] or [0]
    if not any(_beside(sheet, None, length, width, room).left_out for length in lengths):
        return sheet.pages
    return (*sheet.pages[:1], _all_facts(sheet.facts, width), *sheet.pages[1:])


def _beside(sheet: Sheet, page: Page | None, text: int, width: int, room: int) -> Fitted:
    """The facts beside so many rows of text: the text keeps LEAST_TEXT rows, or one where the first rank needs them."""
    facts = sheet.facts
    if page is not None and page.name == ALL_FACTS:
        facts = tuple(fact for fact in facts if fact.rank is Rank.DECIDES)
    kept = min(text, LEAST_TEXT) + 1 if text else 0
    return fit(facts, width, room - kept, room - (2 if text else 0))


def in_ascii(drawn: Row) -> Row:
    """The row with our own symbols replaced by their ASCII twins, a column for a column."""
    return Row(tuple(Span(span.text.translate(TWINS), span.look) for span in drawn.spans), drawn.key)


def title_row(sheet: Sheet, width: int) -> Row:
    """The title; in production in reverse over the whole width, with the word."""
    title = one_line(sheet.title)
    if not sheet.production:
        return row(Span(cut(title, width), Look.STRONG))
    banner = " PRODUCTION "
    return row(Span(pad(f" {title}", width - len(banner)) + banner, Look.BANNER))


def question_rows(sheet: Sheet, view: View) -> tuple[Row, ...]:
    """What the answer is, or why there is none to give."""
    if sheet.withdrawn is not None:
        return _folded(f"✗ withdrawn: {sheet.withdrawn}", Look.LOUD, view.width)
    if sheet.obstacle is not None:
        return _folded(f"‖ {sheet.obstacle}", Look.WARN, view.width)
    if not sheet.asks:
        return ()
    if not view.listening:
        return _folded("… a moment: keys pressed before this was on the screen are dropped", Look.QUIET, view.width)
    match sheet.asks[min(view.stage, len(sheet.asks) - 1)]:
        case TypeExactly(word=word, purpose=purpose):
            start = "that is not it: type  " if view.wrong else "type  "
            return (row(start, Span(drawable(word), Look.STRONG), f"  to {purpose}, then Enter"),)
        case Write(question=question):
            return _folded(f"{question}, then Enter", Look.PLAIN, view.width)
        case Choose() as choose:
            return _answers(choose, view.width)
        case _ as never:
            assert_never(never)


def _answers(choose: Choose, width: int) -> tuple[Row, ...]:
    """The question and its answers on one row where they fit, else an answer a row."""
    answers = [(Span(each.key, Look.KEY), Span(f" {drawable(each.words)}   ")) for each in choose.answers]
    question = (Span(f"{drawable(choose.question)}   "),) if choose.question else ()
    together = row(*question, *(span for answer in answers for span in answer))
    if width_of(together.text.rstrip()) <= width:
        return (together,)
    return (*((row(*question),) if question else ()), *(row("  ", *answer) for answer in answers))


def _folded(text: str, look: Look, width: int) -> tuple[Row, ...]:
    lines = fold(one_line(text), width)
    if len(lines) > QUESTION_ROWS:
        lines = [*lines[: QUESTION_ROWS - 1], cut(" ".join(lines[QUESTION_ROWS - 1 :]), width)]
    return tuple(row(Span(line, look)) for line in lines)


def _rule(width: int) -> Row:
    return row(Span("─" * width, Look.QUIET))


def _caption(pages: tuple[Page, ...], view: View, where: str) -> Row:
    """`── SQL ── undo ── line 1–9 of 40 ──`, the page that is shown standing out."""
    if not pages:
        return _rule(view.width)
    current = view.page % len(pages)
    names = [
        Span(f"[{page.name}]", Look.STRONG) if index == current else Span(f" {page.name} ", Look.QUIET)
        for index, page in enumerate(pages)
    ]
    used = 1 + sum(width_of(name.text) for name in names) + width_of(where)
    return row(Span("─", Look.QUIET), *names, Span("─" * (view.width - used), Look.QUIET), Span(where, Look.STRONG))


def _page_rows(page: Page, width: int) -> tuple[tuple[int, Row], ...]:
    """The text with its line numbers; a line too long goes on in the next row, marked as the same line."""
    return tuple(
        (number, row(Span(CONTINUED if piece_number else "  ", Look.QUIET), Span(piece, verbatim=True)))
        for number, line in enumerate(drawable_lines(page.text.strip("\n")), 1)
        for piece_number, piece in enumerate(fold(line, max(8, width - 2)))
    )


def _all_facts(facts: tuple[Fact, ...], width: int) -> Page:
    rows = (each for fact in facts for each in fact_rows(fact.label, lines_of(fact.text, width - 2), fact.look))
    return Page(ALL_FACTS, "\n".join(each.text for each in rows))
