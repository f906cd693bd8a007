"""A sheet in rows: nothing is wider than the room, the question is never pushed out, and all can be read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screens.dialogs.frame.footer import footer_row
from screens.dialogs.frame.layout import ALL_FACTS, Laid, View, lay_out
from screens.dialogs.frame.sheet import Answer, Choose, Fact, Page, Sheet, TypeExactly, Write
from screens.look import Look
from screens.text import width_of

TYPED = TypeExactly("not-null-check", "run it")
LONG = Page("SQL", "\n".join(f"line {number}" for number in range(1, 41)))


def a_sheet(**changes: object) -> Sheet:
    values: dict[str, object] = {
        "title": "Run step 6",
        "asks": (TYPED,),
        "pages": (LONG, Page("undo", "DROP")),
        "facts": (Fact("on", "shop at db1"), Fact("undo", "DROP")),
    }
    return Sheet(**{**values, **changes})  # type: ignore[arg-type]


def text_of(laid: Laid) -> str:
    return "\n".join(each.text for each in laid.rows)


def test_a_long_text_says_which_lines_are_seen() -> None:
    laid = lay_out(a_sheet(), View(78, 20))
    assert f"line 1–{laid.viewport} of 40" in text_of(laid)
    assert f"line {laid.last_top + 1}–40 of 40" in text_of(lay_out(a_sheet(), View(78, 20, top=999)))


def test_every_line_of_the_text_is_reached_by_scrolling() -> None:
    end = lay_out(a_sheet(), View(78, 20)).last_top
    seen = "\n".join(text_of(lay_out(a_sheet(), View(78, 20, top=top))) for top in range(end + 1))
    assert all(f"  line {number}\n" in seen for number in range(1, 41))


def test_a_folded_line_counts_as_one() -> None:
    laid = lay_out(a_sheet(pages=(Page("SQL", "word " * 400 + "\nsecond"),)), View(40, 12, top=999))
    assert "–2 of 2" in text_of(laid)
    assert "↪ " in text_of(laid)


def test_the_undo_page_is_reached() -> None:
    assert "[undo]" in text_of(lay_out(a_sheet(), View(78, 20, page=1)))
    assert "\n  DROP\n" in text_of(lay_out(a_sheet(), View(78, 20, page=1)))


def test_a_fact_that_does_not_fit_is_left_out_whole_counted_and_one_tab_away() -> None:
    sheet = a_sheet(facts=(Fact("now", "word " * 200), Fact("undo", "IRREVERSIBLE: gone", Look.LOUD)))
    laid = lay_out(sheet, View(78, 21))
    assert "word" not in text_of(laid)
    assert "IRREVERSIBLE: gone" in text_of(laid)
    assert "1 more fact: Tab" in text_of(laid)
    assert [page.name for page in laid.pages] == ["SQL", ALL_FACTS, "undo"]
    assert laid.pages[1].text.count("word") == 200
    assert "Tab all facts" in footer_row(sheet, TYPED, laid, View(100, 21)).text


def test_production_is_said_in_words_over_the_whole_width() -> None:
    first = lay_out(a_sheet(production=True), View(78, 20)).rows[0]
    assert "PRODUCTION" in first.text
    assert {span.look for span in first.spans} == {Look.BANNER}
    assert width_of(first.text) == 78


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "type  not-null-check  to run it, then Enter"),
        ({"asks": (Write("say why"),)}, "say why, then Enter"),
        ({"asks": (Choose("", (Answer("y", "run it"),)),)}, "y run it"),
        ({"withdrawn": "replay lag 12 s is over 10 s"}, "✗ withdrawn: replay lag 12 s is over 10 s"),
        ({"obstacle": "pausing"}, "‖ pausing"),
    ],
)
def test_the_question_says_what_the_answer_is(changes: dict[str, object], said: str) -> None:
    assert text_of(lay_out(a_sheet(**changes), View(78, 20))).rstrip().endswith(said)


def test_until_keys_are_taken_the_question_says_so() -> None:
    text = text_of(lay_out(a_sheet(), View(78, 20, listening=False)))
    assert "keys pressed before this was on the screen are dropped" in text
    assert "type  not-null-check" not in text


def test_what_was_typed_wrong_is_said_to_be_wrong() -> None:
    assert "that is not it: type  not-null-check" in text_of(lay_out(a_sheet(), View(78, 20, wrong=True)))


def test_a_withdrawal_is_read_to_the_end_where_it_fits_in_four_rows() -> None:
    why = "guard " * 30
    assert text_of(lay_out(a_sheet(withdrawn=why), View(78, 20))).count("guard") == 30


@pytest.mark.parametrize(("typed", "key"), [(True, "F9 pause"), (False, "p pause")])
def test_the_footer_names_the_pause_key_that_works(typed: bool, key: str) -> None:
    ask = TYPED if typed else Choose("", (Answer("y", "run it"),))
    sheet = a_sheet(asks=(ask,))
    text = footer_row(sheet, ask, lay_out(sheet, View(78, 20)), View(78, 20)).text
    assert text.startswith(f"Esc not now   {key}")
    assert "scroll" in text


def test_a_footer_too_long_says_that_there_is_more() -> None:
    sheet = a_sheet()
    text = footer_row(sheet, TYPED, lay_out(sheet, View(78, 20)), View(40, 20)).text
    assert text.endswith(" …")
    assert width_of(text) <= 40


def test_in_ascii_only_the_text_that_is_read_keeps_its_characters() -> None:
    view = View(78, 20, ascii_only=True)
    sheet = a_sheet(pages=(Page("SQL", "SELECT '✓ ─'\n" * 40),), withdrawn="no go")
    laid = lay_out(sheet, view)
    drawn = [each.text for each in laid.rows if "SELECT" not in each.text]
    assert all(text.isascii() for text in (*drawn, footer_row(sheet, None, laid, view).text))
    assert "SELECT '✓ ─'" in text_of(laid)


@pytest.mark.parametrize("height", range(9, 30))
def test_the_question_is_seen_however_low_the_terminal(height: int) -> None:
    facts = tuple(Fact(f"fact{number}", f"word{number} " * 12) for number in range(10))
    laid = lay_out(a_sheet(facts=facts), View(58, height))
    assert len(laid.rows) <= height
    assert text_of(laid).rstrip().endswith("then Enter")
    assert "line 1" in text_of(laid)
    assert all(laid.pages[1].text.count(f"word{number} ") >= 10 for number in range(10))


hostile = st.text(alphabet=st.sampled_from("ab [/]\\\n\t\r\x1b\x9b\x07\u202e\u200b漢é🦊"), max_size=200)


@given(title=hostile, text=hostile, fact=hostile, why=hostile, width=st.integers(40, 120), height=st.integers(12, 40))
def test_no_text_breaks_the_frame(title: str, text: str, fact: str, why: str, width: int, height: int) -> None:
    sheet = a_sheet(title=title, pages=(Page("SQL", text),), facts=(Fact("now", fact),), withdrawn=why, production=True)
    laid = lay_out(sheet, View(width, height))
    assert all(width_of(each.text) <= width for each in laid.rows)
    assert len(laid.rows) <= height
    assert not any(character in each.text for each in laid.rows for character in "\x1b\x9b\x07\n\r\t\u202e\u200b")
    assert any(each.text.startswith("✗ withdrawn:") for each in laid.rows)
