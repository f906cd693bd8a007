"""`zdtui usage --json`: who still uses a column or a table. Pure."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from zdtui.plan.model import Frozen
from zdtui.usage.usage import StatementUse, Usage, Verdict


class StatementPart(Frozen):
    """A statement that was called, with its constants as $1."""

    role: str
    calls: int
    why: str = Field(description="how it uses the column or table, or why it could not be read")
    text: str = Field(description="empty: the server did not say it")


class DependentPart(Frozen):
    """Something in the catalog that depends on it."""

    what: str
    why: str = Field(description="how it uses the column or table, where that is more than the catalog's own word")
    in_the_way: bool = Field(description="false: it goes with the column or table")
    of_the_plan: bool


class UsageDocument(Frozen):
    """Who uses a column or a table, and what was not seen."""

    format: Literal[1] = 1
    subject: str
    verdict: Verdict
    since: datetime | None = Field(description="from when on statements were counted; null when that is not known")
    statements: tuple[StatementPart, ...] = Field(description="those that read or write it, the most called first")
    unread: tuple[StatementPart, ...] = Field(description="those that could not be read: they count as use")
    dependents: tuple[DependentPart, ...]
    not_seen: tuple[str, ...] = Field(description="why calls may be missing: what is not known is not unused")
    notes: tuple[str, ...]


def usage_document(usage: Usage) -> UsageDocument:
    """The document of what was found."""
    return UsageDocument(
        subject=str(usage.subject),
        verdict=usage.verdict,
        since=usage.since,
        statements=tuple(map(_statement, usage.statements)),
        unread=tuple(map(_statement, usage.unread)),
        dependents=tuple(
            DependentPart(what=each.what, why=each.why, in_the_way=each.in_the_way, of_the_plan=each.of_the_plan)
            for each in usage.dependents
        ),
        not_seen=usage.not_seen,
        notes=usage.notes,
    )


def _statement(use: StatementUse) -> StatementPart:
    return StatementPart(role=use.role, calls=use.calls, why=use.why, text=use.text)
