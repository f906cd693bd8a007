"""Facts have ranks: what decides is always there, the rest is whole or counted, and no blank line stands beside it."""

from collections.abc import Iterable

from hypothesis import given, settings
from hypothesis import strategies as st

from screens.dialogs.frame.fit import LABEL, fit, lines_of
from screens.dialogs.frame.layout import CHROME, View, lay_out
from screens.dialogs.frame.sheet import Answer, Choose, Fact, Page, Rank, Sheet, TypeExactly, Write, shown_back
from screens.rows import Row

words = st.integers(1, 60).map(lambda count: " ".join(f"word{place}" for place in range(count)))
ranks = st.sampled_from(Rank)
NOTE = 1
"""The row that the count of what is left out takes, where it has no room behind the last line."""


@st.composite
def some_facts(draw: st.DrawFn) -> tuple[Fact, ...]:
    """Facts of every rank, each recognised by its number; some go on with the one before, some have fewer words."""
    count = draw(st.integers(1, 12))
    return tuple(
        Fact(
            f"f{place}" if place == 0 or draw(st.integers(0, 3)) else "",
            f"<{place}> {draw(words)} </{place}>",
            rank=draw(ranks),
            short=f"<{place}> short </{place}>" if draw(st.booleans()) else "",
        )
        for place in range(count)
    )


def shown_in(text: str, facts: tuple[Fact, ...]) -> set[int]:
    """Which facts are there from their first word to their last."""
    flat = " ".join(text.split())
    return {
        place
        for place, fact in enumerate(facts)
        if " ".join(fact.text.split()) in flat or (fact.short and fact.short in flat)
    }


def begun_in(text: str, facts: tuple[Fact, ...]) -> set[int]:
    """Which facts are there with any of their words."""
    return {place for place in range(len(facts)) if f"<{place}>" in text}


def text_of(rows: Iterable[Row]) -> str:
    return "\n".join(row.text[LABEL:] for row in rows).replace("more fact", "\nmore fact")


@settings(max_examples=40, deadline=None)
@given(facts=some_facts(), width=st.integers(50, 190), room=st.integers(1, 40), more=st.integers(0, 10))
def test_a_fact_is_whole_or_counted_and_no_blank_line_could_have_held_it(
    facts: tuple[Fact, ...], width: int, room: int, more: int
) -> None:
    fitted = fit(facts, width, room, room + more)
    text = "\n".join(row.text[LABEL:] for row in fitted.rows)
    if fitted.left_out:
        text = text[: text.rindex(str(fitted.left_out))]
    shown = shown_in(text, facts)
    assert begun_in(text, facts) == shown
    assert len(facts) - len(shown) == fitted.left_out
    assert len(fitted.rows) <= room + more
    blank = room - len(fitted.rows)
    for place in set(range(len(facts))) - shown:
        if facts[place].label or place - 1 in shown:
            assert len(lines_of(facts[place].short or facts[place].text, width)) + NOTE > blank


@settings(max_examples=40, deadline=None)
@given(facts=some_facts(), width=st.integers(50, 190), room=st.integers(1, 40), more=st.integers(0, 10))
def test_what_decides_is_there_wherever_there_is_room_for_it(
    facts: tuple[Fact, ...], width: int, room: int, more: int
) -> None:
    decisive = [place for place, fact in enumerate(facts) if fact.rank is Rank.DECIDES]
    shortest = sum(len(lines_of(facts[place].short or facts[place].text, width)) for place in decisive)
    fitted = fit(facts, width, room, room + more)
    shown = begun_in("\n".join(row.text for row in fitted.rows), facts)
    if shortest + 1 <= room + more:
        assert set(decisive) <= shown
    least = {facts[place].rank for place in set(range(len(facts))) - shown}
    assert Rank.DECIDES not in least or shortest + 1 > room + more


@settings(max_examples=40, deadline=None)
@given(
    facts=some_facts(),
    lines=st.integers(1, 40),
    width=st.integers(60, 190),
    height=st.integers(13, 48),
    page=st.integers(0, 3),
)
def test_a_dialog_has_no_blank_line_beside_a_fact_that_would_fit_in_it(
    facts: tuple[Fact, ...], lines: int, width: int, height: int, page: int
) -> None:
    pages = (Page("SQL", "\n".join(f"line {number}" for number in range(lines))), Page("undo", "DROP TABLE t;"))
    sheet = Sheet("Run", (TypeExactly("a", "run it"),), pages, facts)
    laid = lay_out(sheet, View(width, height, page=page))
    assert len(laid.rows) <= height
    assert "then Enter" in laid.rows[-1].text
    if laid.pages[page % len(laid.pages)].name not in ("SQL", "undo"):
        return
    text = "\n".join(row.text for row in laid.rows)
    blank = height - len(laid.rows)
    hidden = [place for place in range(len(facts)) if f"<{place}>" not in text]
    if laid.last_top:
        assert blank == 0
    for place in hidden:
        if facts[place].label:
            assert len(lines_of(facts[place].short or facts[place].text, width)) + NOTE > blank
    assert not hidden or "all facts" in [each.name for each in laid.pages]
    assert height > CHROME


def test_the_answers_before_are_shown_back_beside_the_next_question() -> None:
    asks = (Choose("for", (Answer("1", "15 minutes"),), "armed"), Write("say why", "because"), TypeExactly("a", "go"))
    assert shown_back(asks, ()) == ()
    assert [(fact.label, fact.text) for fact in shown_back(asks, ("1", "it is quiet"))] == [
        ("armed", "15 minutes"),
        ("because", "it is quiet"),
    ]
    assert {fact.rank for fact in shown_back(asks, ("1", "it is quiet", "a"))} == {Rank.DECIDES}
