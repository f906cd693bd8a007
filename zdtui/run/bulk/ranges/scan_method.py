"""Which way a part of a table is walked, and why. Pure.

By page needs an UPDATE that makes its own WHERE untrue: a row that moves to another page is then never changed twice,
and one that escapes ahead of us is found by the closing sweep. Everything else is walked by key, where each row has its
one place.
"""

from dataclasses import dataclass
from enum import StrEnum

from zdtui.errors import TargetError
from zdtui.plan.model import BackfillAction, CopyAction, Walk
from zdtui.postgres.keyset import Key
from zdtui.postgres.walked import Part
from zdtui.sql.grammar.falsified import Falsified

Action = BackfillAction | CopyAction


class ScanMethod(StrEnum):
    """How a lane is walked. Written in the journal."""

    KEY = "by key"
    KEY_STRIPES = "by key, in stripes"
    PAGE = "by page"
    SWEEP_KEY = "sweep by key"
    """What pages have missed, found by reading in key order."""
    SWEEP_PAGE = "sweep by page"
    """The same where there is no key: page by page, again while that finds much."""
    SECOND_PASS = "second pass"
    """Of a copy: what refers to other rows of the target is filled once all of them are there."""


IN_ORDER = 0.9
"""From this correlation on the rows of a stretch of keys lie on a stretch of pages."""
INDEXED = "an index holds a column it sets: no update can stay on its page"
SWEEPS = frozenset({ScanMethod.SWEEP_KEY, ScanMethod.SWEEP_PAGE, ScanMethod.SECOND_PASS})
"""What begins when nothing else is left to do."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The way of one part."""

    way: ScanMethod
    why: str
    """A short clause for the progress pane."""
    sweep: ScanMethod | None = None


def choose(
    action: Action,
    part: Part,
    key: Key | None,
    done_rows: Falsified | None,
    tid_ranges: bool,
    correlation: float | None = None,
    no_key: str = "has no primary key",
) -> Chosen:
    """The way to walk `part`. Raises TargetError when there is none that does every row once.

    `no_key`: what is said of a part that has none.
    `correlation`: of the key's order with that of the rows on disk, -1 to 1, by the planner's statistics.
    """
    known = key is not None and not key.nullable
    against = _against_pages(action, part, done_rows, tid_ranges)
    if known and (against or part.indexed):
        striped = key is not None and _lies_by_key(action, part, key, correlation)
        return Chosen(ScanMethod.KEY_STRIPES if striped else ScanMethod.KEY, against or INDEXED)
    if against is None:
        sweep = ScanMethod.SWEEP_KEY if known else ScanMethod.SWEEP_PAGE
        return Chosen(ScanMethod.PAGE, "a changed row no longer matches `where`", sweep)
    if key is not None:
        columns = ", ".join(key.nullable)
        raise TargetError(f"{columns} of {part.table} may be null: rows would be missed ({against}); name another key")
    raise TargetError(
        f"{part.table} {no_key} ({against}); make a unique index on NOT NULL columns (CREATE UNIQUE INDEX "
        "CONCURRENTLY) and name them in `key:`"
    )


def _against_pages(action: Action, part: Part, done_rows: Falsified | None, tid_ranges: bool) -> str | None:
    """What forbids walking by page; None when nothing does."""
    if isinstance(action, CopyAction):
        return "a copy goes by key"
    if action.where is None:
        return "without a `where` a changed row looks like any other"
    if not action.may_go_by_page:
        return "the plan says so: `walk: key`"
    if done_rows is None:
        return "its `where` may still be true of a changed row"
    if not tid_ranges:
        return "PostgreSQL 14 is the first that reads a range of pages"
    return None if part.is_heap else f"{part.table} is not a heap"


def _lies_by_key(action: Action, part: Part, key: Key, correlation: float | None) -> bool:
    """Whether coming back to a stretch of keys is coming back to the same pages, with updates that may stay on them.

    Not with several sessions: what one leaves dead cannot be pruned while a batch of another is under way.
    """
    if not isinstance(action, BackfillAction) or action.tuning.walk is Walk.KEY or action.tuning.workers > 1:
        return False
    ascending = key.is_integer and not any(order.descending for order in key.orders)
    return ascending and part.is_heap and not part.indexed and abs(correlation or 0.0) >= IN_ORDER


def not_done(action: BackfillAction, done_rows: Falsified, keyed: bool, sweeping: bool) -> str:
    """What `where` lacks to tell a row that was changed: a condition, or nothing. `keyed`: the sweep is by key.

    A row whose expression gives null matches `where` for ever. By page it is left alone, lest it be changed twice; with
    one assignment it has nothing to be set to, with more the sweep by key, which sees each row once, sets the others.
    Without a key, rows that have all their new values are left alone.
    """
    if not done_rows.by_null:
        return ""
    if len(action.assignments) > 1 and not keyed:
        columns = ", ".join(column for column, _ in action.assignments)
        if done_rows.types:
            given = zip(action.assignments, done_rows.types, strict=True)
            values = ", ".join(f"CAST(({expression}\n) AS {kind})" for (_, expression), kind in given)
            return f"pg_catalog.record_ne(ROW({columns}), ROW({values}))"
        expressions = ", ".join(expression for _, expression in action.assignments)
        return f"ROW({columns}) IS DISTINCT FROM ROW({expressions})"
    return "" if sweeping and len(action.assignments) > 1 else f"({done_rows.expression}) IS NOT NULL"
