"""Preflight checks: are all rows of the plan's tables here, and does this role see and change them? Pure."""

from collections.abc import Callable, Iterable

from zdtui.postgres.stored import Stored
from zdtui.run.model.state import OVER
from zdtui.run.preflight.board import Check
from zdtui.run.preflight.judge import Judge, PreflightInput, judged, ok, several, stop, warn
from zdtui.run.preflight.touched import Touch, touches
from zdtui.run.preflight.whole_table import not_changed, not_on_this_server, rows_hidden
from zdtui.sql.text.quote import identifier_parts
from zdtui.steps.kind import Use

BY_BATCH = frozenset({Use.CHANGED, Use.READ, Use.ADDED})
WHOLE = BY_BATCH | {Use.COUNTED}
HARMLESS_TO_APPLY = (
    *("CREATE INDEX", "DROP INDEX", "REINDEX", "ANALYZE", "VACUUM", "COMMENT", "SELECT", "CREATE STATISTICS"),
    *("ALTER TABLE VALIDATE CONSTRAINT", "ALTER TABLE SET PARAMETERS", "ALTER TABLE RESET PARAMETERS"),
    *("ALTER TABLE ALTER COLUMN SET STATISTICS", "ALTER TABLE ALTER COLUMN DROP NOT NULL"),
    *("ALTER TABLE ALTER COLUMN SET DEFAULT", "ALTER TABLE ALTER COLUMN DROP DEFAULT", "GRANT", "REVOKE"),
)
"""What the apply worker of a subscription does not mind, whichever columns are replicated."""
ADD_COLUMN = "ALTER TABLE ADD COLUMN"


def rows_are_here(at: PreflightInput) -> Check | None:
    """No table of the plan has rows on other servers: what we lock, measure and change is only what is here."""

    def find(touched: tuple[Touch, ...], of: Callable[[Touch], tuple[Stored, ...]]) -> Iterable[str | None]:
        return (not_on_this_server(each) for touch in touched if touch.use is not Use.COUNTED for each in of(touch))

    advice = "run this plan's statements by hand, as that server's own manual says"
    return _check(at, "where the rows are", find, "all rows of the plan's tables are on this server", advice)


def rows_can_be_changed(at: PreflightInput) -> Check | None:
    """What is to be filled is a table, and an UPDATE changes it."""

    def find(touched: tuple[Touch, ...], of: Callable[[Touch], tuple[Stored, ...]]) -> Iterable[str | None]:
        return (not_changed(each) for touch in touched if touch.use is Use.CHANGED for each in of(touch))

    if not any(touch.use is Use.CHANGED for touch in _pending(at)):
        return None
    well, advice = "an UPDATE changes the tables that are filled", "name the table itself"
    return _check(at, "what is filled", find, well, advice, later=_not_next)


def rows_are_seen(at: PreflightInput) -> Check | None:
    """Row security hides nothing from this role of what is filled, copied, compared or counted."""
    name, advice = "row security", "else what is hidden from this role is called done"

    def find(touched: tuple[Touch, ...], of: Callable[[Touch], tuple[Stored, ...]]) -> Iterable[str | None]:
        return (rows_hidden(each) for touch in touched if touch.use in WHOLE for each in of(touch))

    well = "this role sees every row of the plan's tables"
    check = _check(at, name, find, well, advice, later=_changed_before)
    if check is None or check.outcome is not check.outcome.OK:
        return check
    found = {each.name: each for each in at.facts.stored.value or () if each.row_security}
    named = list(dict.fromkeys(touch.name for touch in _pending(at) if touch.name in found))
    if named:
        return warn(name, f"hides rows of {several(named)} from this role", "its statements reach only rows it sees")
    return check


def subscribed(at: PreflightInput) -> Check | None:
    """No step takes from a subscription what its apply worker writes to."""

    def find(touched: tuple[Touch, ...], of: Callable[[Touch], tuple[Stored, ...]]) -> Iterable[str | None]:
        added = {_column(touch.operation.column) for touch in touched if _adds(touch) and touch.operation}
        for touch in touched:
            for each in of(touch):
                if each.subscriptions and _minded_by_apply(touch, added):
                    done = "changing its rows" if touch.operation is None else touch.operation.kind
                    filled = f"{each.relation} is filled by subscription {', '.join(each.subscriptions)}"
                    yield f"{filled}: {done} ({touch.step}) would end its apply worker, or be undone by it"

    advice = "change the publisher, or take the table out of the subscription first"
    if not any(each.subscriptions for each in at.facts.stored.value or ()):
        return None
    return _check(at, "subscriptions", find, "no step touches what a subscription writes", advice)


def _adds(touch: Touch) -> bool:
    """A column that may be left out: what the publisher sends does not have it."""
    operation = touch.operation
    if operation is None or operation.kind != ADD_COLUMN or operation.definition is None:
        return False
    definition = operation.definition
    filled = definition.default is not None or definition.generated is not None or definition.identity
    return filled or not definition.not_null


def _minded_by_apply(touch: Touch, added: set[str]) -> bool:
    if touch.use in (Use.READ, Use.COUNTED) or _adds(touch):
        return False
    if touch.operation is None:
        return touch.use is Use.ADDED or not {_column(column) for column in touch.columns} <= added
    dropped_again = touch.operation.kind == "ALTER TABLE DROP COLUMN" and _column(touch.operation.column) in added
    return not dropped_again and not touch.operation.kind.startswith(HARMLESS_TO_APPLY)


def _column(column: str | None) -> str:
    return "" if column is None else identifier_parts(column)[-1]


def _pending(at: PreflightInput) -> tuple[Touch, ...]:
    """What the steps still to come touch."""
    return touches(step for step in at.plan.steps if at.run.step(step.id).status not in OVER)


def _none(touched: tuple[Touch, ...]) -> tuple[Touch, ...]:
    return ()


def _not_next(touched: tuple[Touch, ...]) -> tuple[Touch, ...]:
    """Those of later steps. A step looks again itself when it begins."""
    return tuple(touch for touch in touched if touch.step != touched[0].step)


def _changed_before(touched: tuple[Touch, ...]) -> tuple[Touch, ...]:
    """Those whose table a statement of an earlier step is about, which may put right what is found now."""
    stated: dict[str, str] = {}
    found = []
    for touch in touched:
        if stated.get(touch.name, touch.step) != touch.step:
            found.append(touch)
        if touch.operation is not None:
            stated.setdefault(touch.name, touch.step)
    return tuple(found)


Find = Callable[[tuple[Touch, ...], Callable[[Touch], tuple[Stored, ...]]], Iterable[str | None]]
Later = Callable[[tuple[Touch, ...]], tuple[Touch, ...]]
"""Those of which what is found is no reason to stop yet."""


def _check(at: PreflightInput, name: str, find: Find, well: str, advice: str, later: Later = _none) -> Check | None:
    touched = _pending(at)
    if not touched:
        return None
    coming = later(touched)
    put_off = frozenset(coming)
    now = tuple(touch for touch in touched if touch not in put_off)

    def look(stored: tuple[Stored, ...]) -> Check:
        def of(touch: Touch) -> tuple[Stored, ...]:
            return tuple(each for each in stored if each.name == touch.name)

        if reasons := [reason for reason in dict.fromkeys(find(now, of)) if reason]:
            return stop(name, several(reasons, most=2), advice)
        if reasons := [reason for reason in dict.fromkeys(find(coming, of)) if reason]:
            return warn(name, f"a later step would be refused as things stand: {several(reasons, most=2)}", advice)
        return ok(name, well)

    return judged(name, at.facts.stored, look)


CHECKS: tuple[Judge, ...] = (rows_are_here, rows_can_be_changed, rows_are_seen, subscribed)
