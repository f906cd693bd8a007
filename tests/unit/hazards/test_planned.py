"""Names that are made for what the safer way adds."""

from hypothesis import given
from hypothesis import strategies as st

from zdtui.hazards.planned import LONGEST_NAME, name_of


@given(st.lists(st.text(), min_size=2))
def test_a_name_is_never_longer_than_the_server_keeps(parts: list[str]) -> None:
    assert len(name_of(*parts).encode()) <= LONGEST_NAME


def test_the_beginning_is_cut_so_that_the_end_stays() -> None:
    assert name_of("t" * 70, "is_set") == f"{'t' * 56}_is_set"
    assert name_of("zdtui", "orders", "sync", "a") == "zdtui_orders_sync_a"
