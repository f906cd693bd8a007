"""Stripes: each row belongs to exactly one pass, and stretches find their size in a few steps."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from zdtui.plan.model import BatchTuning
from zdtui.postgres.walked import Part
from zdtui.run.bulk.ranges import stripes
from zdtui.run.bulk.ranges.stripes import Stretch, first_pages, halved, is_sparse, next_pages, stripes_of, with_stripes


@given(st.integers(0, 10**6), st.integers(1, 5000), st.integers(1, 8), st.integers(1, 6))
def test_the_passes_go_over_every_page_once_a_stripe(first: int, pages: int, number: int, slices: int) -> None:
    stretch = Stretch(first, first + pages, number, slices)
    for stripe in range(number):
        passes = [stretch.slice(stripe * slices + each) for each in range(slices)]
        covered = [page for low, beyond in passes for page in range(low, beyond)]
        assert covered == list(range(first, first + pages))


def test_as_many_stripes_as_the_page_has_rows_for() -> None:
    part = Part("public", "t", "public.t", 100, 6000.0, 100, True, True, False, False, indexes=3)
    assert stripes_of(part) == 8
    assert stripes_of(replace(part, fillfactor=80)) == 6
    assert stripes_of(replace(part, indexes=1)) == 6
    assert stripes_of(replace(part, rows=260.0)) == 3
    assert stripes_of(replace(part, rows=80.0)) == 2
    assert stripes_of(replace(part, rows=None)) == 8
    assert stripes_of(replace(part, indexed=True)) == 1


def test_the_first_pass_changes_about_as_many_rows_as_the_plan_says() -> None:
    pages = first_pages(BatchTuning(batch_rows=1000), 50.0, 8)
    assert pages.pages * 50 / 8 == 1000


def test_no_pass_changes_more_rows_than_the_plan_lets_it() -> None:
    tuning = BatchTuning(batch_rows=1000, max_batch_rows=100)
    pages = first_pages(tuning, 50.0, 8)
    for _ in range(20):
        assert pages.pages * 50 / 8 <= 100
        pages = next_pages(pages, Stretch(0, pages.pages, 8), 0.0001, tuning)
    alone = with_stripes(pages, 1)
    assert alone.pages * 50 <= 100
    assert with_stripes(alone, 1) is alone


@given(st.floats(1e-6, 1e-2), st.floats(1.0, 200.0))
def test_the_size_settles_at_the_plans_duration(seconds_per_page: float, rows_per_page: float) -> None:
    tuning = BatchTuning(batch_rows=1000)
    pages = first_pages(tuning, rows_per_page, 8)
    for _ in range(20):
        stretch = Stretch(0, pages.pages, 8)
        pages = next_pages(pages, stretch, stretch.pages * seconds_per_page, tuning)
    wanted = tuning.batch_duration.total_seconds() / seconds_per_page
    assert abs(pages.pages - min(max(1.0, wanted), pages.most)) <= 1.0


def test_five_stretches_are_enough_to_learn() -> None:
    tuning = BatchTuning(batch_rows=1000)
    pages = first_pages(tuning, 60.0, 8)
    for _ in range(5):
        stretch = Stretch(0, pages.pages, 8)
        pages = next_pages(pages, stretch, stretch.pages * 30e-6, tuning)
    assert 0.8 <= pages.pages * 30e-6 / tuning.batch_duration.total_seconds() <= 1.2


def test_a_pass_that_timed_out_has_half_of_the_pages() -> None:
    pages = first_pages(BatchTuning(batch_rows=1000), 50.0, 8)
    assert halved(pages).pages == pages.pages // 2
    assert halved(stripes.Pages(1, 8, 10)).pages == 1


def test_few_rows_are_not_worth_stripes() -> None:
    assert is_sparse(Stretch(0, 100, 8), 24)
    assert not is_sparse(Stretch(0, 100, 8), 25)
