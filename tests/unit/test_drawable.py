"""What may be given to a terminal: nothing acts, nothing is lost, and it is told the same on every way out."""

import json
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hostile import HOSTILE, acts
from zdtui.drawable import (
    DROPPED,
    PLAIN,
    UNSEEN,
    Drawable,
    drawable,
    drawable_json,
    drawable_lines,
    drawable_text,
    hides,
    one_line,
    only_seen,
    told,
)


def test_the_fast_way_takes_only_what_is_always_seen() -> None:
    for code in range(sys.maxunicode + 1):
        letter = chr(code)
        if PLAIN.fullmatch(letter):
            category = unicodedata.category(letter)
            assert category not in DROPPED
            assert category not in ("Mn", "Me"), f"{code:04X}"
            assert letter not in UNSEEN, f"{code:04X}"


@given(HOSTILE)
def test_nothing_that_a_terminal_acts_on_comes_out(text: str) -> None:
    for shown in (drawable(text), one_line(text), *drawable_lines(text), *told(text.replace("\n", ""))):
        assert acts(shown) == ""
        assert "\n" not in shown
    assert acts(drawable_text(text)) == ""
    assert acts(only_seen(text)) == ""


@given(HOSTILE)
def test_made_twice_it_is_the_same_and_it_is_never_a_plain_text(text: str) -> None:
    once = drawable(text)
    assert type(once) is Drawable
    assert drawable(once) is once
    assert drawable(str(once)) == once


@given(HOSTILE)
def test_nothing_is_lost(text: str) -> None:
    shown = drawable_text(text)
    for letter in text:
        if letter not in "\r\n\t":
            assert letter in shown or f"<U+{ord(letter):04X}>" in shown


@given(HOSTILE)
def test_every_way_tells_it_in_the_same_words(text: str) -> None:
    line = text.replace("\r", "").replace("\n", "")
    assert "".join(told(line)) == drawable(line) == drawable_text(line)
    assert hides(line) == (drawable(line) != line)


@given(st.lists(st.dictionaries(HOSTILE, st.lists(HOSTILE, max_size=2), max_size=2), max_size=2))
def test_json_is_whole_and_is_printed_as_ascii(value: object) -> None:
    printed = drawable_json(value)
    assert printed.isascii()
    assert printed.isprintable()
    assert drawable_json(json.loads(printed)) == printed
    assert drawable(printed) == printed


@pytest.mark.parametrize(
    ("text", "shown"),
    [("us\u200bers", "us<U+200B>ers"), ("a\tb\r\nc\rd\x08", "a    b c d<U+0008>"), ("\udcff", "<U+DCFF>"), ("", "")],
)
def test_in_words(text: str, shown: str) -> None:
    assert drawable(text) == shown


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(JSON_VALUES)
def test_indented_json_is_what_the_standard_library_makes(value: object) -> None:
    assert drawable_json(value, indent=2) == json.dumps(value, indent=2).replace("\x7f", "\\u007f")
