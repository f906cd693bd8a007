"""What runs beside the author's expressions, under the author's search_path, names all of ours with its schema."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.integration.run.hostile import (
    NOT_FUNCTIONS,
    functions,
    operators,
    relations,
    sql_files,
    statements,
    types,
)
from zdtui.plan.model import BackfillAction, BatchTuning, CompareAction, CopyAction
from zdtui.postgres import keyset
from zdtui.postgres.columns import Column
from zdtui.postgres.compare.comparison import Chunk, Comparison
from zdtui.postgres.compare.values import Compared
from zdtui.postgres.copied import Copying, Late, Pair, Unique
from zdtui.postgres.keyset import Bounds, Key, Order
from zdtui.postgres.sql_text import sql_text
from zdtui.postgres.walked import Column as WalkedColumn
from zdtui.run.bulk.ranges.left import image_differs, is_left, left_question, stands_aside
from zdtui.run.bulk.ranges.rows import by_pages
from zdtui.run.bulk.ranges.scan_method import not_done
from zdtui.sql.grammar.falsified import Falsified

ONE = Key(("id",), ("pg_catalog.text",))
TWO = Key(("a", "b"), ("pg_catalog.uuid", "pg_catalog.text"))
MIXED = Key(("a", "b"), ("pg_catalog.uuid", "pg_catalog.date"), (Order(), Order(descending=True)))
KEYS = (ONE, TWO, MIXED)
TOLD_BY_THE_CALLER = {"pg_class"}
"""Stands in for `{partitions}`, `{table}` and the like, a name that the caller quotes with its schema."""
COLUMN = Column("x", "x", "pg_catalog.text", 25, -1, False, False, False, "", True)
EXACT = Column("n", "n", "integer", 23, -1, False, False, False, "", True)
FILL = BackfillAction(table="app.t", assignments=(("x", "v"),), where="x IS NULL", tuning=BatchTuning())
COPY = CopyAction(
    source="app.t", into="app.u", columns=(("x", "v"), ("n", "w")), valid=(("r", "v IS NOT NULL"),), where="x IS NULL"
)
COMPARE = CompareAction(source="app.t", into="app.u", columns=(("x", "v"), ("n", "w")), where="x IS NULL")


def copies() -> list[str]:
    """Every statement of a copy."""
    pairs = (Pair(COLUMN, "v"), Pair(EXACT, "w"))
    late = (Late(pairs[1], ((COLUMN, "v"),)),)
    found = []
    for each in ((), late):
        copying = Copying(COPY, pairs[:1], Unique("u", ("x",), True), False, True, each, into="app.u", lockable=True)
        for key in KEYS:
            stretch = key.upto(1)
            found += [
                copying.insert_sql("app.t", stretch),
                copying.missing_sql("app.t", key, stretch),
                copying.left_out_sql("app.t", key, stretch),
                copying.doubled_sql("app.t", key, stretch),
                copying.count_sql("app.t", stretch),
                copying.rules_sql("app.t", key, key.upto(5)),
            ]
            if each:
                found += [copying.second_pass_sql("app.t", stretch), copying.unfilled_sql("app.t", key, stretch)]
    return found


def comparisons() -> list[str]:
    """Every statement of a comparison."""
    columns = (Compared(COLUMN, "v"), Compared(EXACT, "w"), Compared(COLUMN, "v", by_text=True))
    found = []
    for by_range in (True, False):
        for into in ("app.u", "app.t"):
            key = Key(("id",), ("pg_catalog.text",), (Order(),))
            each = Comparison(COMPARE, key, (COLUMN,), columns, by_range, source="app.t", into=into)
            for chunk in (Chunk(None, ("a",)), Chunk(("a",), ("b",)), Chunk(("a",), None)):
                found += [each.counts_sql(chunk), each.differences_sql(chunk)]
            if into == "app.u":
                found.append(each.extras_sql())
    return found


def backfills() -> list[str]:
    """Every statement of a backfill that has the author's expressions in it."""
    both = FILL.model_copy(update={"assignments": (("x", "v"), ("y", "w"))})
    told = Falsified("x", "v", by_null=True, types=("pg_catalog.text", "integer"))
    left = not_done(both, told, keyed=False, sweeping=True)
    found = [keyset.backfill_sql(both, "app.t", by_pages(0, 1).but(left).condition(1))]
    image = image_differs(FILL, (WalkedColumn("x", "x", "pg_catalog.text"),))
    for key in KEYS:
        bounds = Bounds(("a",) * len(key.columns), ("b",) * len(key.columns))
        found += [keyset.backfill_sql(FILL, "app.t", stretch) for stretch in (bounds.condition(key), key.among(1))]
        names = f"ARRAY[{key.texts}]"
        for by_part in (True, False):
            aside = stands_aside(names, by_part)
            found += [
                left_question(FILL, image, names, aside, 5),
                f"SELECT FROM app.t WHERE {is_left(FILL, image, aside)}",
            ]
    return found


@pytest.mark.parametrize("texts", [backfills, copies, comparisons])
def test_a_mixed_statement_leaves_no_name_of_ours_to_the_search_path(texts: Callable[..., Any]) -> None:
    for text in texts():
        for tree in statements(text):
            assert [each for each in operators(tree) if len(each) < 2] == [], text
            unqualified = {each for each in functions(tree) if len(each) < 2} - {(name,) for name in NOT_FUNCTIONS}
            assert unqualified == set(), text
            assert [each for each in types(tree) if len(each) < 2] == [], text


def test_the_lookup_of_names_leaves_nothing_to_it_either() -> None:
    for tree in statements(sql_text("zdtui.postgres.sessions", "qualified")):
        assert [each for each in operators(tree) if len(each) < 2] == []
        assert [each for each in functions(tree) if len(each) < 2] == []
        assert [each for each in types(tree) if len(each) < 2] == []


@pytest.mark.parametrize("path", sql_files(), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_file_of_sql_names_functions_and_relations_with_their_schema(path: Path) -> None:
    for tree in statements(path.read_text("utf-8")):
        assert {each for each in functions(tree) if len(each) < 2} <= {(name,) for name in NOT_FUNCTIONS}
        assert set(relations(tree)) <= TOLD_BY_THE_CALLER
