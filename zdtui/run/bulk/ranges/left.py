"""What is left to do of a table, as one question over all of it in one snapshot. Builds text; asks nothing.

A row is left when it matches `where` and its image, the row as the UPDATE would make it, does not: so a row that is
done is never taken for one that is left, and one whose new value is null is not asked for for ever. The author's
expressions stand in it: what is ours is named with its schema.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from zdtui.plan.model import BackfillAction
from zdtui.postgres.journal.place import journal_table
from zdtui.postgres.keyset import KeyValue
from zdtui.postgres.keyset.statements import left_sql
from zdtui.postgres.operators import EQUAL
from zdtui.postgres.walked import Column
from zdtui.run.bulk.ranges.lane import Lane
from zdtui.sql.text.quote import identifier_parts, quote_identifier

PLACE = "ctid::pg_catalog.text"
PART = f"""(SELECT pg_catalog.format('%I.%I', n.nspname, c.relname)
             FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid {EQUAL} c.relnamespace
            WHERE c.oid {EQUAL} left_to_do.part)"""


@dataclass(frozen=True, slots=True)
class Found:
    """A row that is left."""

    part: str
    key: KeyValue
    """Its key, or its place where the part has none."""


def image_differs(action: BackfillAction, columns: Sequence[Column]) -> str:
    """A condition: the row as the UPDATE would make it does not match `where`."""
    alias = quote_identifier(identifier_parts(action.table)[-1])
    given = {identifier_parts(column)[-1]: expression for column, expression in action.assignments}
    values = ", ".join(
        f"CAST(({given[each.name]}\n) AS {each.type}) AS {each.quoted}"
        if each.name in given
        else f"{alias}.{each.quoted}"
        for each in columns
    )
    return f"(SELECT ({action.where}\n) FROM (SELECT {values}) AS {alias}) IS NOT TRUE"


ANY_ROW = "true"
"""In place of an image that the server cannot make of some row."""


def left_question(action: BackfillAction, left: str, names: str, aside: str, most: int) -> str:
    """The question: the part and the name of each row that is left, at most so many. $1, $2: run and step."""
    return left_sql(action, PART, names, is_left(action, left, aside), most)


def is_left(action: BackfillAction, left: str, aside: str) -> str:
    """The condition. Of a row that stands aside nothing else is asked: it may be what the server cannot tell of it."""
    still = f"({action.where}\n) AND {left}"
    return f"CASE WHEN {aside} THEN false ELSE {still} END" if aside else still


def names_of(lanes: Sequence[tuple[int | None, Lane]]) -> str:
    """How each row is named, as an array of texts: by the key of its part, or by its place.

    `lanes`: one for each part, with the part's oid; None where the table is changed as one.
    """
    arms = "".join(
        f" WHEN tableoid {EQUAL} {oid}::pg_catalog.oid THEN ARRAY[{name_of(lane)}]"
        for oid, lane in lanes
        if oid is not None
    )
    if arms:
        return f"CASE{arms} ELSE ARRAY[{PLACE}] END"
    return f"ARRAY[{name_of(lanes[0][1]) if lanes else PLACE}]"


def name_of(lane: Lane) -> str:
    """The elements of a row's name."""
    return lane.key.texts if lane.key is not None and lane.is_keyed else PLACE


def stands_aside(names: str, by_part: bool) -> str:
    """A condition: the row is in zdtui.rejected. $1, $2: run and step."""
    key = f"pg_catalog.to_jsonb({names})"
    row, kept = (
        (f"(tableoid, {key})", "pg_catalog.to_regclass(aside.part)::pg_catalog.oid, aside.key")
        if by_part
        else (key, "aside.key")
    )
    of_step = f"aside.run {EQUAL} $1::pg_catalog.uuid AND aside.step {EQUAL} $2::pg_catalog.text"
    return f"{row} {EQUAL} ANY (SELECT {kept} FROM {journal_table('rejected')} AS aside WHERE {of_step})"
