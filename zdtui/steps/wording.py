"""How texts of a plan are put into documents. Pure."""

from collections.abc import Iterator


def short(text: str) -> str:
    """On one line, cut where it gets long."""
    flat = " ".join(text.split())
    return flat if len(flat) <= 90 else f"{flat[:89]}…"


def where_shown(where: str | None) -> str:
    """' where ...' of a summary; nothing where there is none."""
    return f" where {short(where)}" if where else ""


def fence(sql: str) -> Iterator[str]:
    """SQL in Markdown, with a fence that it does not end itself."""
    mark = "```"
    while mark in sql:
        mark += "`"
    yield f"{mark}sql"
    yield sql.strip()
    yield mark
    yield ""
