"""Which changes of a column's type leave its rows on disk as they are.

After ATColumnChangeRequiresRewrite in the server's src/backend/commands/tablecmds.c: a relabelling, a domain without
constraints, a longer or no limit of length, or timestamp to timestamptz and back (which from PostgreSQL 12 on is left
alone when the session's time zone is UTC; another zone rewrites, so that the text alone cannot tell).
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from zdtui.sql.relations import Domain

ALIASES = {
    "int": "integer",
    "int4": "integer",
    "int2": "smallint",
    "int8": "bigint",
    "serial": "integer",
    "bigserial": "bigint",
    "smallserial": "smallint",
    "varchar": "character varying",
    "char": "character",
    "bpchar": "character",
    "decimal": "numeric",
    "float": "double precision",
    "float8": "double precision",
    "float4": "real",
    "bool": "boolean",
    "timestamptz": "timestamp with time zone",
    "timestamp": "timestamp without time zone",
    "timetz": "time with time zone",
    "time": "time without time zone",
    "varbit": "bit varying",
}
RELABELLED = frozenset(
    {
        ("character varying", "text"),
        ("text", "character varying"),
        ("cidr", "inet"),
        ("bit", "bit varying"),
        ("timestamp without time zone", "timestamp with time zone"),
        ("timestamp with time zone", "timestamp without time zone"),
        ("xml", "text"),
    }
)
"""Pairs whose bits are the same; the time zone's pair only in UTC."""
MODIFIER = re.compile(r"\(\s*(\d+)\s*(?:,\s*(-?\d+)\s*)?\)")


class Type(NamedTuple):
    """A type taken apart."""

    base: str
    length: int | None = None
    scale: int | None = None
    array: bool = False
    constrained: bool = False
    """A domain a value could fail."""


def type_of(written: str, domains: Mapping[str, Domain]) -> Type:
    """A type as format_type() or an author writes it; domains are looked through."""
    text = " ".join(written.lower().replace('"', "").split()).removeprefix("pg_catalog.")
    array = text.endswith(("[]", " array"))
    text = text.removesuffix("[]").removesuffix(" array").strip()
    found = MODIFIER.search(text)
    length = int(found[1]) if found else None
    scale = int(found[2]) if found and found[2] else (0 if found else None)
    base = " ".join(MODIFIER.sub(" ", text).split())
    base = _with_zone(ALIASES.get(base, base))
    domain = domains.get(base.rsplit(".", 1)[-1])
    if domain is not None:
        return type_of(domain.base, domains)._replace(length=None, scale=None, constrained=domain.constrained)
    return Type(base, length, scale, array)


def _with_zone(base: str) -> str:
    if base in ("timestamp with time zone", "timestamp without time zone"):
        return base
    return {"timestamp": "timestamp without time zone", "time": "time without time zone"}.get(base, base)


def same_bits(before: Type, after: Type) -> bool:
    """Whether a column of the first type can be called one of the second without touching its rows."""
    if after.constrained or before.array != after.array:
        return False
    if before.base != after.base:
        return (before.base, after.base) in RELABELLED and after.length is None
    if before.base == "character":
        return before.length == after.length
    if before.base == "numeric":
        return after.length is None or (
            before.length is not None and after.length >= before.length and before.scale == after.scale
        )
    if before.base in ("bit",):
        return before.length == after.length
    return after.length is None or (before.length is not None and after.length >= before.length)
