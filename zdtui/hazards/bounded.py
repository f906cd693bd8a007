"""Whether a WHERE chooses every row after all, or no more than a batch of them. Pure: from the text alone."""

import re

MOST_ROWS = 100_000
"""Rows of one statement that are a batch still."""
NUMBER = r"(?:[0-9]+|\$[0-9]+|:'?\w+'?)"
COLUMN = r'(?:"?\w+"?\.)?"?(?P<column>\w+)"?'
ALWAYS = re.compile(r"true|notfalse|(?P<one>'?\w+'?)=(?P=one)|'t'|'true'", re.IGNORECASE)
BETWEEN = re.compile(rf"\(*{COLUMN}\s+between\s+(?P<low>{NUMBER})\s+and\s+(?P<high>{NUMBER})\b", re.IGNORECASE)
RANGE = re.compile(
    rf'\(*{COLUMN}\s*>=?\s*(?P<low>{NUMBER})\s+and\s+(?:"?\w+"?\.)?"?(?P=column)"?\s*<=?\s*(?P<high>{NUMBER})(?!\w)',
    re.IGNORECASE,
)
CHOSEN = re.compile(
    r"\(*(?:\"?\w+\"?\.)?\"?\w+\"?\s*(?:in\s*|=\s*any\s*)\(\s*(?:array\s*)?\(*\s*select\b(?P<query>.*)\)", re.I | re.S
)
LIMIT = re.compile(r"\b(?:limit\s+|fetch\s+(?:first|next)\s+)(?P<count>[0-9]+|\$[0-9]+|:'?\w+'?)", re.IGNORECASE)
BATCH_FIRST = re.compile(
    r"\s*with\s+\"?(?P<name>\w+)\"?\s+as\s*(?:not\s+|materialized\s*)*\((?P<query>.*)", re.I | re.S
)
FIRST_CHANGE = re.compile(r"\)\s*(?:update|delete)\b", re.IGNORECASE)
ALTERNATIVE = re.compile(r"\bor\b", re.IGNORECASE)


def is_everything(where: str) -> bool:
    """Whether it is true of each row: `true`, `1 = 1`, or an alternative to that."""
    return any(ALWAYS.fullmatch(re.sub(r"[\s()]+", "", each)) for each in ALTERNATIVE.split(where))


def is_batch(statement: str, where: str, keys: frozenset[str]) -> bool:
    """Whether it chooses a bounded number of rows: by a query with LIMIT, or by a range of a key of one column."""
    if (chosen := CHOSEN.match(where)) is not None:
        return _is_limited(chosen["query"])
    first = BATCH_FIRST.match(statement)
    if (
        first is not None
        and re.search(rf'=\s*"?{first["name"]}"?\s*\.|\b{first["name"]}"?\s*\.\S+\s*=', where) is not None
    ):
        return _is_limited(FIRST_CHANGE.split(first["query"], 1)[0])
    if ALTERNATIVE.search(where) is not None:
        return False
    span = BETWEEN.match(where) or RANGE.match(where)
    return span is not None and span["column"].lower() in keys and _is_narrow(span["low"], span["high"])


def _is_limited(query: str) -> bool:
    found = LIMIT.search(query)
    return found is not None and (not found["count"].isdecimal() or int(found["count"]) <= MOST_ROWS)


def _is_narrow(low: str, high: str) -> bool:
    known = low.isdecimal() and high.isdecimal()
    return not known or int(high) - int(low) < MOST_ROWS
