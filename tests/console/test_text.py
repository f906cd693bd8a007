"""Hostile text: nothing a terminal acts on comes out, and widths are what they say."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screens.highlight import sql_rows
from screens.text import cut, drawable, drawable_lines, fold, one_line, pad, pad_left, width_of

NASTY = st.text(
    alphabet=st.one_of(
        st.characters(), st.sampled_from("\x1b\x9b\x07\x08\r\n\t[]PX^_k;\u202e\u200b\u2066\ufeffé漢字👩‍💻")
    ),
    max_size=60,
)


@given(NASTY)
def test_nothing_that_a_terminal_acts_on_survives(text):
    shown = drawable(text)
    assert not any(unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") for character in shown)
    assert drawable(shown) == shown
    assert all("\n" not in line and "\x1b" not in line for line in drawable_lines(text))
    assert one_line(text) == " ".join(shown.split())


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]52;c;ZXZpbA==\x07copied", "copied"),
        ("\x1b]0;title\x1b\\x", "x"),
        ("\x1bPq data \x1b\\x", "x"),
        ("\x9b31mred", "red"),
        ("a\u202eb\u200bc", "abc"),
        ("[/b] a[i] [red]x[/red]", "[/b] a[i] [red]x[/red]"),
        ("tab\tnl\nend", "tab    nl end"),
        ("Björk 漢字", "Björk 漢字"),
    ],
)
def test_what_comes_out(text, shown):
    assert drawable(text) == shown


@given(st.text(alphabet=st.characters(exclude_categories=("C", "Z")), max_size=40), st.integers(0, 30))
def test_widths_are_exact(text, width):
    text = drawable(text)
    assert width_of(cut(text, width)) <= width
    assert width_of(pad(text, width)) == width
    assert width_of(pad_left(text, width)) == width
    if width > 1:
        assert all(width_of(line) <= width for line in fold(text, width))


@given(st.text(alphabet="abc 'x\"-/*;()$\n", max_size=80), st.integers(4, 40))
def test_sql_is_shown_letter_for_letter(sql, width):
    rows = sql_rows(sql, width)
    shown = "".join(each.text for each in rows).replace(" ", "")
    assert shown == sql.strip("\n").rstrip().replace("\n", "").replace(" ", "")
