"""docs/locks.md is what the observations make it, and every kind has a fact with a page."""

import re

import pytest

from tests.corpus.locks_page import PAGE, page
from zdtui.sql.facts import FACTS
from zdtui.sql.kinds import KINDS
from zdtui.sql.operation import UNKNOWN


def test_the_page_is_made_from_what_was_observed() -> None:
    assert PAGE.read_text() == page()


@pytest.mark.parametrize("kind", sorted(KINDS - {UNKNOWN}))
def test_every_kind_has_a_fact_with_its_page_of_the_manual(kind: str) -> None:
    assert re.match(r"https://www\.postgresql\.org/docs/current/sql-[a-z-]+\.html", FACTS[kind].source)


def test_the_facts_are_of_kinds_there_are() -> None:
    assert set(FACTS) <= KINDS
