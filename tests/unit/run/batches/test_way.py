"""Which way a table is walked: by page only where no row can be changed twice, never where one could be missed."""

import pytest

from zdtui.errors import TargetError
from zdtui.plan.model import BackfillAction, BatchTuning, CopyAction, Walk
from zdtui.postgres.keyset import Key
from zdtui.postgres.keyset.key import Order
from zdtui.postgres.walked import Part
from zdtui.run.bulk.ranges.scan_method import ScanMethod, choose, not_done
from zdtui.sql.grammar.falsified import Falsified

PART = Part("public", "t", "public.t", 100, 5000.0, 100, True, True, False, False)
INDEXED = Part("public", "t", "public.t", 100, 5000.0, 100, True, True, False, True)
NOT_A_HEAP = Part("public", "t", "public.t", 100, 5000.0, 100, False, True, False, False)
ID = Key(("id",), ("bigint",))
NULLABLE = Key(("k",), ("int",), nullable=("k",))
FILL = BackfillAction(table="t", assignments=(("x", "f(a)"),), where="x IS NULL")
ALL = BackfillAction(table="t", assignments=(("n", "n + 1"),))
COPY = CopyAction(source="t", into="u", columns=(("id", "id"),), where="x IS NULL")
BY_KEY = FILL.model_copy(update={"tuning": BatchTuning(walk=Walk.KEY)})
DONE = Falsified("x", "f(a)", by_null=True)


@pytest.mark.parametrize(
    ("action", "part", "key", "done", "tids", "way", "sweep"),
    [
        (FILL, PART, ID, DONE, True, ScanMethod.PAGE, ScanMethod.SWEEP_KEY),
        (FILL, PART, None, DONE, True, ScanMethod.PAGE, ScanMethod.SWEEP_PAGE),
        (FILL, PART, NULLABLE, DONE, True, ScanMethod.PAGE, ScanMethod.SWEEP_PAGE),
        (FILL, INDEXED, ID, DONE, True, ScanMethod.KEY, None),
        (FILL, INDEXED, None, DONE, True, ScanMethod.PAGE, ScanMethod.SWEEP_PAGE),
        (FILL, NOT_A_HEAP, ID, DONE, True, ScanMethod.KEY, None),
        (FILL, PART, ID, DONE, False, ScanMethod.KEY, None),
        (FILL, PART, ID, None, True, ScanMethod.KEY, None),
        (ALL, PART, ID, None, True, ScanMethod.KEY, None),
        (COPY, PART, ID, None, True, ScanMethod.KEY, None),
    ],
)
def test_the_way(
    action: BackfillAction | CopyAction,
    part: Part,
    key: Key | None,
    done: Falsified | None,
    tids: bool,
    way: ScanMethod,
    sweep: ScanMethod | None,
) -> None:
    chosen = choose(action, part, key, done, tids)
    assert (chosen.way, chosen.sweep) == (way, sweep)
    assert chosen.why


@pytest.mark.parametrize(
    ("action", "part", "key", "correlation", "way"),
    [
        (ALL, PART, ID, 0.95, ScanMethod.KEY_STRIPES),
        (ALL, PART, ID, -0.95, ScanMethod.KEY_STRIPES),
        (ALL, PART, ID, 0.5, ScanMethod.KEY),
        (ALL, PART, ID, None, ScanMethod.KEY),
        (ALL, INDEXED, ID, 1.0, ScanMethod.KEY),
        (ALL, NOT_A_HEAP, ID, 1.0, ScanMethod.KEY),
        (ALL, PART, Key(("id",), ("uuid",)), 1.0, ScanMethod.KEY),
        (ALL, PART, Key(("id",), ("bigint",), (Order(descending=True),)), 1.0, ScanMethod.KEY),
        (ALL, PART, Key(("a", "b"), ("bigint", "bigint")), 1.0, ScanMethod.KEY),
        (ALL.model_copy(update={"tuning": BatchTuning(workers=2)}), PART, ID, 1.0, ScanMethod.KEY),
        (ALL.model_copy(update={"tuning": BatchTuning(walk=Walk.KEY)}), PART, ID, 1.0, ScanMethod.KEY),
        (COPY, PART, ID, 1.0, ScanMethod.KEY),
    ],
)
def test_keys_go_in_stripes_where_their_rows_lie_together(
    action: BackfillAction | CopyAction, part: Part, key: Key, correlation: float | None, way: ScanMethod
) -> None:
    assert choose(action, part, key, None, True, correlation).way is way


def test_the_plan_may_ask_for_keys() -> None:
    assert choose(BY_KEY, PART, ID, DONE, True).way is ScanMethod.KEY


@pytest.mark.parametrize(
    ("action", "part", "key", "done", "tids", "says"),
    [
        (ALL, PART, None, None, True, "no primary key"),
        (ALL, PART, NULLABLE, None, True, "may be null"),
        (FILL, PART, None, None, True, "no primary key"),
        (FILL, PART, None, DONE, False, "PostgreSQL 14"),
        (FILL, NOT_A_HEAP, None, DONE, True, "not a heap"),
        (COPY, PART, None, None, True, "a copy goes by key"),
        (BY_KEY, PART, None, DONE, True, "no primary key .*walk: key"),
        (BY_KEY, PART, NULLABLE, DONE, True, "may be null.*walk: key"),
    ],
)
def test_rather_none_than_one_that_would_miss_rows_or_change_them_twice(
    action: BackfillAction | CopyAction, part: Part, key: Key | None, done: Falsified | None, tids: bool, says: str
) -> None:
    with pytest.raises(TargetError, match=says):
        choose(action, part, key, done, tids)


def test_a_row_whose_expression_gives_null_is_told_from_one_that_is_left() -> None:
    two = BackfillAction(table="t", assignments=(("x", "f(a)"), ("y", "2")), where="x IS NULL")
    for sweeping in (False, True):
        for keyed in (False, True):
            assert not_done(FILL, DONE, keyed, sweeping) == "(f(a)) IS NOT NULL"
            assert not_done(two, Falsified("x", "f(a)", by_null=False), keyed, sweeping) == ""
        assert not_done(two, DONE, False, sweeping) == "ROW(x, y) IS DISTINCT FROM ROW(f(a), 2)"
    assert not_done(two, DONE, True, False) == "(f(a)) IS NOT NULL"
    assert not_done(two, DONE, True, True) == ""
