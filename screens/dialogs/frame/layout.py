"""From a sheet to the rows that are drawn, for a given width and height. Pure.

The text that scrolls is on top, the facts below it, and neither pushes the question off the screen: a fact that
does not fit is cut with an ellipsis and stands in full on a page of its own.
"""

from dataclasses import dataclass
from typing import assert_never

from screens.dialogs.frame.sheet import Choose, Fact, Page, Sheet, TypeExactly, Write
from screens.look import Look
from screens.rows import Row, Span, row
from screens.text import cut, drawable, drawable_lines, fold, one_line, pad, width_of

LABEL = 8
"""Columns of a fact's label, with the space after it."""
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
    pages, facts = _share(sheet, view, view.height - CHROME - len(question))
    text = _page_rows(pages[view.page % len(pages)], view.width) if pages else ()
    between = 1 if text and facts else 0
    viewport = max(1, min(len(text), view.height - CHROME - between - len(question) - len(facts))) if text else 0
    last_top = max(0, len(text) - viewport)
    top = max(0, min(view.top, last_top))
    seen = text[top : top + viewport]
    where = f" line {seen[0][0]}–{seen[-1][0]} of {text[-1][0]} " if last_top else ""
    above = (title_row(sheet, view.width), _caption(pages, view, where))
    below = (*((_rule(view.width),) * between), *facts, *((_rule(view.width),) if question else ()), *question)
    if view.ascii_only:
        above, below = (in_ascii(above[0]), in_ascii(above[1])), tuple(in_ascii(each) for each in below)
    return Laid((*above, *(each for _, each in seen), *below), pages, top, last_top, max(1, viewport))


def _share(sheet: Sheet, view: View, height: int) -> tuple[tuple[Page, ...], tuple[Row, ...]]:
    """The pages and the rows of facts: facts leave the longest text LEAST_TEXT rows or all it needs."""
    longest = max((len(_page_rows(page, view.width)) for page in sheet.pages), default=0)
    for_text = min(longest, LEAST_TEXT) + 1 if sheet.pages else 0
    room = max(1, height - for_text) if height > for_text else max(1, height - 2)
    facts, shortened = _facts(sheet.facts, view.width, room)
    if not shortened:
        return sheet.pages, facts
    return (*sheet.pages, _all_facts(sheet.facts, view.width)), facts


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
        (number, row(Span(CONTINUED if piece_number else "  ", Look.QUIET), Span(piece)))
        for number, line in enumerate(drawable_lines(page.text.strip("\n")), 1)
        for piece_number, piece in enumerate(fold(line, max(8, width - 2)))
    )


def _facts(facts: tuple[Fact, ...], width: int, room: int) -> tuple[tuple[Row, ...], bool]:
    """The rows of the facts in at most `room` rows, and whether any was cut or left out."""
    room_for_text = max(8, width - LABEL)
    folded = [fold(one_line(fact.text), room_for_text) for fact in facts]
    shortened = False
    while sum(map(len, folded)) > room and max(map(len, folded), default=0) > 1:
        longest = max(folded, key=len)
        longest.pop()
        longest[-1] = cut(longest[-1].removesuffix(" …"), room_for_text - 2) + " …"
        shortened = True
    rows = tuple(each for fact, lines in zip(facts, folded, strict=True) for each in _fact_rows(fact, lines))
    if len(rows) <= room:
        return rows, shortened
    left_out = row(Span(cut(f"… {len(rows) - room + 1} more: Tab shows all facts", width), Look.STRONG))
    return (*rows[: room - 1], left_out), True


def _fact_rows(fact: Fact, lines: list[str]) -> list[Row]:
    return [
        row(Span(pad(fact.label if number == 0 else "", LABEL), Look.QUIET), Span(line, fact.look))
        for number, line in enumerate(lines)
    ]


def _all_facts(facts: tuple[Fact, ...], width: int) -> Page:
    room = max(8, width - LABEL - 2)
    rows = (each for fact in facts for each in _fact_rows(fact, fold(one_line(fact.text), room)))
    return Page(ALL_FACTS, "\n".join(each.text for each in rows))
