"""Hostile text: nothing a terminal acts on comes out, and widths are what they say."""

import unicodedata
from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screens.highlight import CONTINUED, sql_rows
from screens.look import Look
from screens.rows import Row, Span, row
from screens.text import cut, drawable, drawable_lines, fold, one_line, pad, pad_left, width_of

NASTY = st.text(
    alphabet=st.one_of(
        st.characters(), st.sampled_from("\x1b\x9b\x07\x08\r\n\t[]PX^_k;\u202e\u200b\u2066\ufeffé漢字👩‍💻")
    ),
    max_size=60,
)


@given(NASTY)
def test_nothing_that_a_terminal_acts_on_survives(text: str) -> None:
    shown = drawable(text)
    assert not any(unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") for character in shown)
    assert drawable(shown) == shown
    lines = "".join(drawable_lines(text))
    assert not any(unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") for character in lines)
    assert one_line(text) == " ".join(shown.split())


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "<U+001B>[31mred<U+001B>[0m"),
        ("\x1b]52;c;ZXZpbA==\x07copied", "<U+001B>]52;c;ZXZpbA==<U+0007>copied"),
        ("\x1b]0;title\x1b\\x", "<U+001B>]0;title<U+001B>\\x"),
        ("\x1bPq data \x1b\\x", "<U+001B>Pq data <U+001B>\\x"),
        ("\x9b31mred", "<U+009B>31mred"),
        ("a\u202eb\u200bc", "a<U+202E>b<U+200B>c"),
        ("[/b] a[i] [red]x[/red]", "[/b] a[i] [red]x[/red]"),
        ("tab\tnl\nend", "tab    nl end"),
        ("Björk 漢字", "Björk 漢字"),
    ],
)
def test_what_comes_out(text: str, shown: str) -> None:
    assert drawable(text) == shown


@given(st.text(alphabet=st.characters(exclude_categories=("C", "Z")), max_size=40), st.integers(0, 30))
def test_widths_are_exact(text: str, width: int) -> None:
    text = drawable(text)
    assert width_of(cut(text, width)) <= width
    assert width_of(pad(text, width)) == width
    assert width_of(pad_left(text, width)) == width
    if width > 1:
        assert all(width_of(line) <= width for line in fold(text, width))


@given(NASTY, st.integers(1, 40))
def test_a_folded_text_is_the_text_letter_for_letter(text: str, width: int) -> None:
    for line in drawable_lines(text):
        assert "".join(fold(line, width)) == line


def shown_of(rows: Iterable[Row]) -> list[str]:
    """The lines that rows of SQL stand for: those that go on in the next row put together again."""
    lines: list[str] = []
    for each in rows:
        if each.text[0] == CONTINUED:
            lines[-1] += each.text[1:]
        else:
            lines.append(each.text[1:])
    return lines


@given(st.text(alphabet="abc 'x\"-/*;()$\n", max_size=80), st.integers(4, 40))
def test_sql_is_shown_letter_for_letter_blanks_too(sql: str, width: int) -> None:
    assert "\n".join(shown_of(sql_rows(sql, width))) == sql.strip("\n").rstrip(" \t\n")


@given(NASTY, st.integers(4, 40))
def test_sql_hides_nothing_and_only_plain_letters_stand_for_themselves(sql: str, width: int) -> None:
    shown = "\n".join(shown_of(sql_rows(sql, width)))
    for character in sql.strip("\n").rstrip(" \t\n").replace("\r\n", "\n"):
        expected = character if character == "\n" else drawable_lines(character)[0] or "<U+000D>"
        assert expected in shown or f"<U+{ord(character):04X}>" in shown


def test_what_would_hide_the_rest_of_a_line_hides_nothing() -> None:
    assert shown_of(sql_rows("SELECT '\x1b]'; DROP TABLE users", 80)) == ["SELECT '<U+001B>]'; DROP TABLE users"]
    assert shown_of(sql_rows("SELECT 'a\u202eb'", 80)) == ["SELECT 'a<U+202E>b'"]
    assert shown_of(sql_rows("\tSELECT 1", 80)) == ["    SELECT 1"]


def test_the_rest_of_a_folded_comment_does_not_look_like_a_statement() -> None:
    rows = sql_rows("-- never run the following text: DROP TABLE users", 36)
    assert [each.text[0] for each in rows] == [" ", CONTINUED]


def test_a_text_of_a_megabyte_is_cut_and_folded_as_fast_as_it_is_read() -> None:
    long = drawable("\x1b[2J wide 漢字 " * 80_000)
    assert len(cut(long, 80)) <= 80
    assert "".join(fold(long, 80)) == long


@given(NASTY)
def test_a_span_is_safe_whatever_it_is_made_of(text: str) -> None:
    span = Span(text, Look.STRONG)
    assert span.text == drawable(text)
    assert replace(span, look=Look.PLAIN).text == span.text
    assert row(text, Span(text)).text == drawable(text) * 2


def test_marks_without_end_stay_in_their_line() -> None:
    assert drawable("a" + "\u0336" * 90 + "b") == "a\u0336\u0336" + "<U+0336>" * 88 + "b"
    assert drawable("x\u3164\ufe0fy") == "x<U+3164><U+FE0F>y"
