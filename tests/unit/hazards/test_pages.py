"""The pages of docs/hazards are what the rules make them."""

from pathlib import Path

import pytest

from zdtui.errors import ZdtuiError
from zdtui.hazards.explain import index, overview, page, rule_named
from zdtui.hazards.rule import Rule
from zdtui.hazards.rules import RULES

DOCS = Path(__file__).parents[3] / "docs" / "hazards"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_each_rule_has_its_page_as_the_code_makes_it(rule: Rule) -> None:
    assert (DOCS / f"{rule.name}.md").read_text() == page(rule)


def test_the_list_of_pages_is_whole() -> None:
    assert (DOCS / "README.md").read_text() == index()
    assert {each.stem for each in DOCS.glob("*.md")} == {rule.name for rule in RULES} | {"README"}
    assert len(overview().splitlines()) == len(RULES)


def test_a_rule_that_is_not_there_is_one_sentence_with_the_near_miss() -> None:
    with pytest.raises(ZdtuiError, match="did you mean `column-rename`"):
        rule_named("colum-rename")
