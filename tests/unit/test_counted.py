"""One step is not 'one steps': the noun agrees with its number, wherever a sentence counts."""

import ast
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from zdtui.cli import cli
from zdtui.counted import counted

CHECKOUT = Path(__file__).parents[2]
SOURCES = sorted(path for room in ("zdtui", "screens") for path in (CHECKOUT / room).rglob("*.py"))
MANY = re.compile(
    r" (?:more |rejected |changed )?(?:batch|check|column|error|event|line|migration|problem|quer|row|session|"
    r"statement|step|stripe|time|transaction|tr|worker)(?:s|es|ies)\b(?!/)"
)
"""Right after a figure: the plural of what is counted here. A rate ('12 rows/s') is always of many."""


def is_always_many(value: ast.expr) -> bool:
    """A constant, whose number is seen in its place, or a column of figures, whose heading the word is."""
    column = isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "pad_left"
    return column or (isinstance(value, ast.Name) and value.id.isupper())


def by_hand(source: str) -> list[str]:
    """Every f-string that writes a number and a plural side by side."""
    strings = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.JoinedStr)]
    return [
        f"{{{ast.unparse(figure.value)}}}{words.value!s}"
        for string in strings
        for figure, words in zip(string.values, string.values[1:], strict=False)
        if isinstance(figure, ast.FormattedValue)
        and isinstance(words, ast.Constant)
        and MANY.match(str(words.value))
        and not is_always_many(figure.value)
    ]


@pytest.mark.parametrize(
    ("number", "told"), [(0, "0 queries"), (1, "1 query"), (2, "2 queries"), (1_000, "1000 queries")]
)
def test_the_noun_agrees(number: int, told: str) -> None:
    assert counted(number, "query", "queries") == told


def test_a_noun_takes_an_s_and_a_number_its_thousands() -> None:
    assert counted(2, "step") == "2 steps"
    assert counted(12_000, "row", shown="12 000") == "12 000 rows"
    assert counted(1, "row differs", "rows differ") == "1 row differs"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(CHECKOUT).as_posix())
def test_no_sentence_counts_by_hand(path: Path) -> None:
    assert by_hand(path.read_text("utf-8")) == [], "use zdtui.counted"


def test_counting_by_hand_would_be_found() -> None:
    assert by_hand('f"{len(plan.steps)} steps"') == ["{len(plan.steps)} steps"]
    assert by_hand('f"{n} tries, {m} rows/s, {MOST} times"') == ["{n} tries, "]


def test_a_plan_of_one_step_has_1_step(tmp_path: Path) -> None:
    plan = tmp_path / "plan.yaml"
    plan.write_text(
        "zdtui: 1\nname: one\ntitle: One\ntarget: {database: shop, environment: staging}\nsteps:\n"
        "  - id: a\n    phase: expand\n    title: A\n    sql: CREATE TABLE a (i int)\n    rollback: DROP TABLE a\n",
        "utf-8",
    )
    told = CliRunner().invoke(cli, ["check", "--no-squawk", str(plan)]).output
    assert "1 step ·" in told, told
