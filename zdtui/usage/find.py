"""The rule: which of the statements that were called use a column or a table. Pure."""

from collections.abc import Iterable
from datetime import datetime

from zdtui.sql.split import split
from zdtui.usage.catalog import Catalog
from zdtui.usage.usage import Called, StatementUse, Subject, Usage


def usage_of(
    catalog: Catalog,
    called: Iterable[Called],
    subject: Subject,
    *,
    since: datetime | None = None,
    not_seen: tuple[str, ...] = (),
) -> Usage:
    """Who uses the subject, of these statements and of what the catalog holds. What cannot be read counts as use."""
    statements, unread = [], []
    for each in called:
        if each.text is None:
            why = "its text was not to be had"
            unread.append(StatementUse(role=each.role, calls=each.calls, text="", why=why))
        elif _names(each.text, subject):
            why = f"names {subject.table}"
            statements.append(StatementUse(role=each.role, calls=each.calls, text=each.text, why=why))
    return Usage(
        subject=subject,
        since=since,
        statements=tuple(sorted(statements, key=lambda each: -each.calls)),
        unread=tuple(sorted(unread, key=lambda each: -each.calls)),
        dependents=catalog.dependents,
        not_seen=not_seen,
    )


def _names(text: str, subject: Subject) -> bool:
    names = {
        name.name
        for statement in split(text)
        for operation in statement.operations
        for name in (operation.relation, *(each.name for each in operation.mentions))
        if name is not None
    }
    return subject.table.name in names
