"""Whatever is taken out of a journal, changed in it or added to it is found, and only that is accused."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zdtui.run.journal.chain import GENESIS, Head, Row, compare, content, extended, following, link, verify
from zdtui.run.journal.damage import Damage

RUN = UUID(int=7)
BEGAN = datetime(2026, 11, 27, 12, tzinfo=UTC)


def row(sequence: int, step: str | None = "fill", payload: object = None, digest: bytes | None = None) -> Row:
    told = {"kind": "note", "number": sequence} if payload is None else payload
    return Row(RUN, sequence, BEGAN + timedelta(seconds=sequence), "ana@bastion", "note", step, told, digest)


def chained(count: int, covered: int = 0) -> tuple[list[Row], Head]:
    """So many events, of which the first `covered` are from before there was a chain and have gaps."""
    rows = [row(2 * number) for number in range(1, covered + 1)]
    digest = GENESIS
    for each in rows:
        digest = following(digest, content(each))
    first, covered_digest = (rows[-1].sequence if rows else 0), digest
    for number in range(count):
        plain = row(first + 1 + number)
        digest = following(digest, content(plain))
        rows.append(row(first + 1 + number, digest=digest))
    last = rows[-1].sequence if rows else 0
    return rows, Head(RUN, "tour", last, digest, first, covered_digest)


def damage_of(rows: list[Row], head: Head | None) -> Damage:
    """What is found, of a journal that is not whole."""
    found = verify(rows, head).damage
    assert found is not None
    return found


@given(st.integers(0, 30), st.integers(0, 5))
def test_what_was_written_is_whole(count: int, covered: int) -> None:
    rows, head = chained(count, covered)
    assert verify(rows, head).damage is None


@given(st.data())
def test_what_is_taken_out_is_named_and_nothing_else(data: st.DataObject) -> None:
    rows, head = chained(data.draw(st.integers(1, 20)))
    gone = data.draw(st.sets(st.sampled_from([each.sequence for each in rows]), min_size=1))
    damage = verify([each for each in rows if each.sequence not in gone], head).damage
    assert damage is not None
    assert set(damage.missing) == gone
    assert (damage.changed, damage.unknown_to_head, damage.old_changed, damage.head_changed) == ((), (), False, False)


@given(st.data())
def test_what_is_changed_is_named_and_nothing_else(data: st.DataObject) -> None:
    rows, head = chained(data.draw(st.integers(1, 20)))
    place = data.draw(st.integers(0, len(rows) - 1))
    was = rows[place]
    rows[place] = row(was.sequence, "other", digest=was.digest)
    damage = damage_of(rows, head)
    assert damage is not None
    assert [each.sequence for each in damage.changed] == [was.sequence]
    assert not damage.missing


def test_a_row_added_behind_the_head_or_without_a_digest_is_of_no_console() -> None:
    rows, head = chained(3)
    assert damage_of([*rows, row(4)], head).unknown_to_head[0].sequence == 4
    assert damage_of([*rows[:2], row(3)], head).unknown_to_head[0].sequence == 3


def test_a_head_that_is_gone_or_set_back_is_found() -> None:
    rows, _ = chained(3)
    assert damage_of(rows, None).headless
    assert damage_of(rows, Head(RUN, "tour", 2, rows[1].digest or b"")).unknown_to_head[0].sequence == 3
    assert damage_of(rows, Head(RUN, "tour", 3, rows[1].digest or b"")).head_changed


def test_an_old_journal_without_a_chain_is_read_as_it_is() -> None:
    rows = [row(1), row(2), row(9)]
    assert verify(rows, None).damage is None


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_change_among_the_old_events_is_told_although_none_is_named(place: int) -> None:
    rows, head = chained(2, covered=3)
    rows[place] = row(rows[place].sequence, "other")
    damage = damage_of(rows, head)
    assert damage.old_changed
    assert not damage.changed


def test_the_steps_beside_a_gap_are_named() -> None:
    digest, rows = GENESIS, []
    for sequence, step in ((1, None), (2, "sync"), (3, "sync"), (4, "fill")):
        digest = following(digest, content(row(sequence, step)))
        rows.append(row(sequence, step, digest=digest))
    damage = damage_of([rows[0], rows[1], rows[3]], Head(RUN, "tour", 4, digest))
    assert damage.steps == ("sync", "fill")
    assert "event 3 is missing" in damage.sentence


def test_what_was_seen_and_is_not_there_any_more_is_lost_by_name() -> None:
    rows, _ = chained(4)
    seen = [link(each) for each in rows]
    lost = compare(seen, [link(each) for each in rows[:2]])
    assert lost is not None
    assert [each.sequence for each in lost.lost] == [3, 4]
    assert "events 3 to 4 are lost on this server (note of fill)" in lost.sentence
    assert compare(seen, [*seen, link(row(5))]) is None
    assert compare(seen[:2], seen) is None


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)


@given(JSON)
def test_a_value_has_one_digest_however_it_is_written_and_read(value: object) -> None:
    assert content(row(1, payload=json.loads(json.dumps(value)))) == content(row(1, payload=value))


@pytest.mark.parametrize(("one", "other"), [(1000, 1000.0), (1e22, 10**22), (0.1, 0.1), (100.0, 100)])
def test_numbers_are_the_same_in_whatever_form_jsonb_gives_them_back(one: float, other: float) -> None:
    assert content(row(1, payload={"x": one})) == content(row(1, payload={"x": other}))


def test_the_time_is_the_same_in_whatever_zone_it_is_given() -> None:
    one = row(1)
    there = one.at.astimezone(timezone(timedelta(hours=5, minutes=45)))
    assert content(one) == content(Row(RUN, 1, there, one.operator, one.kind, one.step, one.payload))


@pytest.mark.parametrize(("one", "other"), [(True, 1), ("1", 1), (None, "null"), ([1], {"0": 1})])
def test_different_values_have_different_digests(
    one: bool | str | list[int] | None, other: int | str | dict[str, int]
) -> None:
    assert content(row(1, payload={"x": one})) != content(row(1, payload={"x": other}))


@given(st.data())
def test_going_on_from_what_is_known_says_what_looking_at_all_of_it_says(data: st.DataObject) -> None:
    rows, head = chained(data.draw(st.integers(1, 12)), data.draw(st.integers(0, 3)))
    read = data.draw(st.integers(1, len(rows)))
    known = rows[read - 1]
    was = replace(head, sequence=known.sequence, digest=known.digest or head.covered_digest)
    before = verify(rows[:read], was)
    if known.sequence < head.covered:
        return
    after = list(rows[read:])
    match data.draw(st.sampled_from(["nothing", "taken out", "changed", "added", "head set back", "head gone on"])):
        case "taken out" if after:
            after.pop(data.draw(st.integers(0, len(after) - 1)))
        case "changed" if after:
            place = data.draw(st.integers(0, len(after) - 1))
            after[place] = row(after[place].sequence, "other", digest=after[place].digest)
        case "added":
            after.append(row(rows[-1].sequence + 1, digest=data.draw(st.sampled_from([None, b"strange"]))))
        case "head set back":
            head = replace(head, digest=b"strange")
        case "head gone on":
            head = replace(head, sequence=head.sequence + 1)
    told = verify([*rows[:read], *after], head)
    found = extended(before, was, after, head)
    assert found == (told if told.damage is None else None)


def test_nothing_is_concluded_from_a_journal_that_was_not_whole_or_begins_elsewhere_now() -> None:
    rows, head = chained(3)
    damaged = verify(rows[1:], head)
    assert damaged.damage is not None
    assert extended(damaged, head, [], head) is None
    whole = verify(rows, head)
    assert extended(whole, head, [], head) == whole
    assert extended(whole, head, [], replace(head, covered=3, covered_digest=head.digest)) is None
