"""The rule: which of the statements that were called use a column or a table. Pure."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from zdtui.sql.text.identifiers import identifiers
from zdtui.sql.text.name import Name
from zdtui.usage.catalog import Catalog
from zdtui.usage.usage import Called, Dependent, StatementUse, Subject, Usage

NO_TEXT = "its text was not to be had"
NO_GRAMMAR = "the server's grammar (the package postgast) is not installed here"


def usage_of(
    catalog: Catalog,
    called: Iterable[Called],
    subject: Subject,
    *,
    since: datetime | None = None,
    not_seen: tuple[str, ...] = (),
    notes: tuple[str, ...] = (),
    handled: Collection[Name] = (),
) -> Usage:
    """Who uses the subject, of these statements and of what the catalog holds. What cannot be read counts as use.

    `handled`: functions, views and triggers that the plan itself makes or takes away; they are in nobody's way.
    """
    read_one, by_text = reader_of(catalog, subject, handled)
    statements, unread = [], []
    for each in called:
        if each.text is None:
            unread.append(_used(each, NO_TEXT))
            continue
        uses, why_not = read_one(each.text)
        if uses:
            statements.append(_used(each, "; ".join(uses)))
        elif why_not:
            unread.append(_used(each, "; ".join(why_not)))
    own = {each.name for each in handled}
    recorded = (replace(each, of_the_plan=each.name in own) for each in catalog.dependents)
    return Usage(
        subject=subject,
        since=since,
        statements=_most_called_first(statements),
        unread=_most_called_first(unread),
        dependents=tuple(_once((*recorded, *by_text))),
        not_seen=not_seen,
        notes=notes,
    )


NAMED_BY_US = "OPERATOR(pg_catalog."
"""In each statement that zdtui sends to a table: it names the operators it adds with their schema."""
OF_A_RUN = "a batch of zdtui's own, of a backfill, a copy or a comparison"

Found = tuple[tuple[str, ...], tuple[str, ...]]
"""How a text uses the subject, and why something of it could not be read."""


def reader_of(
    catalog: Catalog, subject: Subject, handled: Collection[Name]
) -> tuple[Callable[[str], Found], tuple[Dependent, ...]]:
    """The reader of statements, and what depends on the subject by its text.

    Where the server's grammar is not installed, no text that names the table can be read.
    """
    try:
        from zdtui.usage.reader.statement import read_statement
        from zdtui.usage.spread import spread
    except (ImportError, OSError):
        return lambda text: ((), (NO_GRAMMAR,) if subject.table.name in identifiers((text,)) else ()), ()
    watched, by_text = spread(catalog, subject, handled)

    def read(text: str) -> Found:
        found = read_statement(text, watched)
        return found.uses, found.unread

    return read, by_text


def _used(called: Called, why: str) -> StatementUse:
    text = called.text or ""
    said = f"{why}; {OF_A_RUN}" if NAMED_BY_US in text else why
    return StatementUse(role=called.role, calls=called.calls, text=text, why=said)


def _most_called_first(found: Iterable[StatementUse]) -> tuple[StatementUse, ...]:
    """The same text of the same role is one, also where a function called it too."""
    merged: dict[tuple[str, str, str], StatementUse] = {}
    for each in found:
        key = each.role, each.text, each.why
        known = merged.get(key)
        merged[key] = each if known is None else replace(known, calls=known.calls + each.calls)
    return tuple(sorted(merged.values(), key=lambda each: (-each.calls, each.text)))


def _once(dependents: Iterable[Dependent]) -> Iterator[Dependent]:
    """What the server records and what the text says are one."""
    known: dict[str, Dependent] = {}
    for each in dependents:
        before = known.get(each.what)
        known[each.what] = each if before is None else replace(before, why=before.why or each.why)
    yield from sorted(known.values(), key=lambda each: (not each.in_the_way, each.what))
