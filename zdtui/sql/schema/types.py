"""Which changes of a column's type leave its rows on disk as they are.

After ATColumnChangeRequiresRewrite in the server's src/backend/commands/tablecmds.c: a relabelling, a domain without
constraints, a longer or no limit of length, or timestamp to timestamptz and back where the session's time zone is UTC.
Held against real servers by tests/integration/sql/test_types.py.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from zdtui.sql.schema.relations import Domain

ALIASES = {
    "int": "integer",
    "int4": "integer",
    "int2": "smallint",
    "int8": "bigint",
    "serial": "integer",
    "bigserial": "bigint",
    "smallserial": "smallint",
    "varchar": "character varying",
    "char varying": "character varying",
    "national character varying": "character varying",
    "national char varying": "character varying",
    "nchar varying": "character varying",
    "char": "character",
    "national character": "character",
    "national char": "character",
    "nchar": "character",
    "decimal": "numeric",
    "dec": "numeric",
    "float8": "double precision",
    "float4": "real",
    "bool": "boolean",
    "timestamptz": "timestamp with time zone",
    "timestamp": "timestamp without time zone",
    "timetz": "time with time zone",
    "time": "time without time zone",
    "varbit": "bit varying",
    "interval day to second": "interval",
}
RELABELLED = frozenset(
    {
        ("character varying", "text"),
        ("text", "character varying"),
        ("character varying", "character"),
        ("text", "character"),
        ("cidr", "inet"),
        ("bit", "bit varying"),
        ("xml", "text"),
        ("xml", "character varying"),
        ("xml", "character"),
        ("integer", "oid"),
        ("oid", "integer"),
    }
)
"""Pairs whose bits are the same."""
ZONED = frozenset(
    {
        ("timestamp without time zone", "timestamp with time zone"),
        ("timestamp with time zone", "timestamp without time zone"),
    }
)
"""Pairs whose bits are the same in a zone that never was away from UTC."""
UTC_NAMES = frozenset({"utc", "gmt", "uct", "zulu", "universal", "greenwich", "gmt0", "gmt+0", "gmt-0"})
"""Zones that never were: TimestampTimestampTzRequiresRewrite in src/backend/utils/adt/timestamp.c."""
ONE_BYTE = '"char"'
"""The catalogs' own type, which is told from char by its quotes alone."""
FINEST = 6
"""Digits of a second: a longer limit and none are the same."""
MODIFIER = re.compile(r"\(\s*(\d+)\s*(?:,\s*(-?\d+)\s*)?\)")


NAMES = """
aclitem bit bytea box cid cidr circle date datemultirange daterange gtsvector inet int2vector int4multirange
int4range int8multirange int8range interval json jsonb jsonpath line lseg macaddr macaddr8 money name nummultirange
numrange oid oidvector path pg_brin_bloom_summary pg_brin_minmax_multi_summary pg_dependencies pg_lsn pg_mcv_list
pg_ndistinct pg_node_tree pg_snapshot point polygon refcursor regclass regcollation regconfig regdictionary
regnamespace regoper regoperator regproc regprocedure regrole regtype serial2 serial4 serial8 text tid tsmultirange
tsquery tsrange tstzmultirange tstzrange tsvector txid_snapshot uuid xid xid8 xml
"""
BUILT_IN = frozenset((*ALIASES.values(), *NAMES.split(), ONE_BYTE))
"""PostgreSQL's own types that a column may have, by their one name; none is a domain."""


class Type(NamedTuple):
    """A type taken apart."""

    base: str
    length: int | None = None
    scale: int | None = None
    array: bool = False
    domain: str = ""
    """The domain it is behind."""
    constrained: bool = False
    """A domain a value could fail."""


def type_of(written: str, domains: Mapping[str, Domain]) -> Type:
    """A type as format_type() or an author writes it; domains are looked through, but not those in an array."""
    if written.strip() == ONE_BYTE:
        return Type(ONE_BYTE)
    text = " ".join(written.lower().replace('"', "").split()).removeprefix("pg_catalog.")
    array = text.endswith(("[]", " array"))
    text = text.removesuffix("[]").removesuffix(" array").strip()
    found = MODIFIER.search(text)
    length = int(found[1]) if found else None
    scale = int(found[2]) if found and found[2] else (0 if found else None)
    name = " ".join(MODIFIER.sub(" ", text).split())
    domain = None if array else domains.get(name.rsplit(".", 1)[-1])
    if domain is not None:
        behind = type_of(domain.base, domains)
        return behind._replace(domain=name, constrained=domain.constrained or behind.constrained)
    return Type(*_meant(name, length, scale), array)


def _meant(name: str, length: int | None, scale: int | None) -> tuple[str, int | None, int | None]:
    """The one name of a type that has several, and its length where none is said or it says nothing."""
    base = ALIASES.get(name, name)
    if name == "bpchar":
        return "character", length, scale
    if name == "float":
        return "real" if length is not None and length <= 24 else "double precision", None, None
    if base in ("character", "bit") and length is None:
        return base, 1, 0
    if base.startswith(("timestamp", "time ", "interval")) and length is not None and length >= FINEST:
        return base, None, None
    return base, length, scale


def is_utc(zone: str) -> bool:
    """Whether a time zone, as a setting or an author writes it, is one of those that are UTC in every year."""
    return zone.strip().strip("'\"").lower().removeprefix("etc/") in UTC_NAMES


def same_bits(before: Type, after: Type, in_utc: bool = False) -> bool:
    """Whether a column of the first type can be called one of the second without touching its rows.

    `in_utc`: whether the session's time zone is known to be UTC.
    """
    if before == after:
        return True
    if after.constrained or before.array != after.array:
        return False
    if before.domain:  # its values carry no length of their own
        before = before._replace(length=None, scale=None)
    if before.base != after.base:
        pairs = RELABELLED | ZONED if in_utc else RELABELLED
        return (before.base, after.base) in pairs and after.length is None and not before.array
    if after.length is None or (before.length == after.length and before.scale == after.scale):
        return True
    is_fixed = before.array or before.base in ("character", "bit")
    longer = before.length is not None and after.length >= before.length and before.scale == after.scale
    return longer and not is_fixed


def is_built_in(read: Type) -> bool:
    """Whether it is one of PostgreSQL's own, or a domain over one."""
    return read.base in BUILT_IN or read.base.startswith("interval ")
