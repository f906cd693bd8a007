"""An answer: fixed sentences, and values that are cleaned, cut and marked."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hostile import ATTACK, HOSTILE, acts
from zdtui.agents.answer import LONGEST_LIST, LONGEST_VALUE, Answer, Document, document_of, written
from zdtui.agents.says import Says

TREES = st.recursive(
    HOSTILE | st.none() | st.integers() | st.booleans(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(HOSTILE, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text(max_size=8), TREES, max_size=4))
def test_nothing_acts_whatever_the_values_hold(data: dict[str, object]) -> None:
    text = written(document_of(Answer((Says.TABLE,), data)))
    assert text.isascii()
    assert acts(text) == ""
    told = json.loads(text)
    assert acts(json.dumps(told, ensure_ascii=False)) == ""
    assert set(told["says"]) <= {str(each) for each in Says}
    assert told["untrusted"] is bool(data)


@pytest.mark.parametrize("sentence", Says)
def test_no_sentence_has_a_place_for_anything(sentence: Says) -> None:
    assert not {"{", "}", "%"} & set(sentence)
    assert sentence[-1] == "."
    assert acts(sentence) == ""


def test_what_is_too_long_is_cut_and_said() -> None:
    told = document_of(Answer((), {"text": "x" * (LONGEST_VALUE + 7), "many": list(range(LONGEST_LIST + 3))}))
    assert len(told["data"]["text"]) == LONGEST_VALUE
    assert len(told["data"]["many"]) == LONGEST_LIST
    assert told["data"]["left_out"] == 10
    assert Says.TOO_LONG in told["says"]


def test_a_plan_keeps_its_lines_and_its_length() -> None:
    plan = "a: 1\n" * LONGEST_VALUE
    assert document_of(Answer((), {"plan": Document(plan)}))["data"]["plan"] == plan


def test_no_password_leaves_whatever_it_stands_in() -> None:
    data = {"a": ["ALTER ROLE x PASSWORD 'hunter22'"], "b": "postgres://u:hunter22@db/x", "c": "it is hunter22"}
    told = document_of(Answer((), data), ("hunter22", None, ""))
    assert "hunter22" not in written(told)
    assert Says.STRUCK_OUT in told["says"]


def test_times_are_told_as_text_and_as_seconds() -> None:
    told = document_of(Answer((), {"at": datetime(2026, 1, 2, tzinfo=UTC), "age": timedelta(milliseconds=1500)}))
    assert told["data"] == {"at": "2026-01-02T00:00:00+00:00", "age": 1.5}


def test_an_attack_is_told_by_numbers() -> None:
    assert "<U+001B>" in document_of(Answer((), {"x": ATTACK}))["data"]["x"]
