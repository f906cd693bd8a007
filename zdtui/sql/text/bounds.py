"""Whether checks that a table has prove that its rows are within the bound of the partition it becomes.

After PartConstraintImpliedByRelConstraint in the server's src/backend/catalog/partition.c, for what people are told to
write: a range or a list of one column, and checks that name the same values. Everything else is taken for not proved.
"""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from zdtui.sql.text.pieces import Source
from zdtui.sql.text.tokens import Token, TokenKind

ISO_DATE = re.compile(r"'[0-9]{4}-[0-9]{2}-[0-9]{2}'")
NUMBER = re.compile(r"-?[0-9]{1,30}(?:\.[0-9]{1,30})?")
OPEN_ENDS = frozenset({"MINVALUE", "MAXVALUE"})
NOT_NULL = "IS NOT NULL"


class Says(NamedTuple):
    """One thing a condition says of a column: 'at', '>=', {"'2026-01-01'"}."""

    column: str
    operator: str
    values: frozenset[str]


class PartitionKey(NamedTuple):
    """What a table is partitioned by: 'RANGE', ('at',). A column of '' is an expression."""

    strategy: str
    columns: tuple[str, ...]


def partition_key(source: Source) -> PartitionKey | None:
    """What a CREATE TABLE partitions by; None where it does not."""
    place = source.find("PARTITION")
    while place is not None and source.tokens[place + 1 : place + 2] and source.tokens[place + 1].upper != "BY":
        place = source.find("PARTITION", place + 1)
    if place is None or place + 3 >= len(source.tokens):
        return None
    inside = Source(source.in_next_parentheses(place + 2) or "")
    columns = tuple(_column(inside.tokens[first:end]) for first, end in inside.parts)
    return PartitionKey(source.tokens[place + 2].upper, columns)


def bound_of(source: Source, first: int = 0) -> str | None:
    """FOR VALUES ... as written, from FROM, IN or WITH on."""
    place = source.find("VALUES", first)
    return None if place is None else source.cut(place + 1, len(source.tokens))


def is_proved(key: PartitionKey | None, bound: str | None, checks: Iterable[str], never_null: bool) -> bool:
    """Whether these checks, all of them valid, and NOT NULL of the column say what the bound does."""
    if key is None or bound is None or len(key.columns) != 1 or not key.columns[0]:
        return False
    wanted = _wanted(key.strategy, key.columns[0], Source(bound))
    said = [says for check in checks for says in conditions(check)]
    never_null = never_null or any(each[:2] == (key.columns[0], NOT_NULL) for each in said)
    return wanted is not None and never_null and all(_is_said(each, said) for each in wanted)


def conditions(expression: str) -> list[Says]:
    """What the parts of `a AND b AND ...` say of a column each; parts of another shape say nothing."""
    found = [part for part in _parts(_without_outer(list(Source(expression).tokens))) if part]
    return [says for part in found if (says := _says(_without_casts(_without_outer(part)))) is not None]


def _is_said(wanted: Says, said: Iterable[Says]) -> bool:
    alike = (each for each in said if (each.column, each.operator) == (wanted.column, wanted.operator))
    return any(each.values <= wanted.values or _is_within(each, wanted) for each in alike)


def _is_within(said: Says, wanted: Says) -> bool:
    """Whether a bound that is said is within the one that is wanted: of dates and numbers that is plain."""
    if wanted.operator not in (">=", "<") or len(said.values) != 1 or len(wanted.values) != 1:
        return False
    (one,), (other,) = said.values, wanted.values
    ends = _comparable(one, other)
    return ends is not None and (ends[0] >= ends[1] if wanted.operator == ">=" else ends[0] <= ends[1])


def _comparable(one: str, other: str) -> tuple[Decimal, Decimal] | None:
    if ISO_DATE.fullmatch(one) and ISO_DATE.fullmatch(other):
        one, other = one.replace("-", "").strip("'"), other.replace("-", "").strip("'")
    if NUMBER.fullmatch(one) and NUMBER.fullmatch(other):
        return Decimal(one), Decimal(other)
    return None


def _wanted(strategy: str, column: str, bound: Source) -> list[Says] | None:
    words = [token.upper for token in bound.tokens]
    if strategy == "RANGE" and words[:1] == ["FROM"] and "TO" in words:
        low, high = _values(bound, 1), _values(bound, words.index("TO") + 1)
        if low is None or high is None or len(low) != 1 or len(high) != 1:
            return None
        ends = ((">=", low), ("<", high))
        return [Says(column, operator, frozenset(value)) for operator, value in ends if not set(value) & OPEN_ENDS]
    if strategy == "LIST" and words[:1] == ["IN"]:
        values = _values(bound, 1)
        return None if not values or "NULL" in values else [Says(column, "=", frozenset(values))]
    return None


def _values(source: Source, first: int) -> list[str] | None:
    inside = Source(source.in_next_parentheses(first) or "")
    if not inside.tokens:
        return None
    return [_value(_without_casts(inside.tokens[start:end])) or "?" for start, end in inside.parts]


def _says(part: list[Token]) -> Says | None:
    words = [token.upper or token.text for token in part]
    column = _column(part[:1])
    if words[1:] == ["IS", "NOT", "NULL"]:
        return Says(column, NOT_NULL, frozenset())
    operator, rest = _operator(part[1:])
    values = [_value(rest)] if operator in ("=", ">=", "<") else []
    if words[1:2] == ["IN"] or (operator == "=" and words[2:3] == ["ANY"]):
        inside = [token for token in part[2:] if token.upper not in ("ANY", "ARRAY") and token.text not in "()[]"]
        operator, values = "=", [_value(_without_casts(each)) for each in _split(inside)]
    if not column or not values or None in values:
        return None
    return Says(column, operator, frozenset(each for each in values if each is not None))


def _operator(part: list[Token]) -> tuple[str, list[Token]]:
    place = 0
    while place < len(part) and part[place].kind is TokenKind.SYMBOL and part[place].text in "<>=":
        place += 1
    return "".join(token.text for token in part[:place]), _without_outer(part[place:])


def _split(part: list[Token]) -> list[list[Token]]:
    found: list[list[Token]] = [[]]
    for token in part:
        if token.text == ",":
            found.append([])
        else:
            found[-1].append(token)
    return found


def _column(part: list[Token]) -> str:
    if len(part) != 1 or part[0].kind not in (TokenKind.WORD, TokenKind.QUOTED):
        return ""
    text = part[0].text
    return text.lower() if part[0].kind is TokenKind.WORD else text.strip('"')


def _value(part: list[Token]) -> str | None:
    """A constant, however it says its type: date '2026-01-01', '2026-01-01'::date, (5), -5."""
    left = [token for token in part if token.text not in "()"]
    if len(left) == 2 and left[1].kind is TokenKind.STRING and left[0].kind is TokenKind.WORD:
        left = left[1:]
    sign = "".join(token.text for token in left[:-1])
    if not left or sign not in ("", "-"):
        return None
    last = left[-1]
    if last.kind in (TokenKind.STRING, TokenKind.NUMBER):
        return sign + last.text.strip("'" if last.kind is TokenKind.NUMBER else "")
    return last.upper if last.upper in OPEN_ENDS | {"NULL", "TRUE", "FALSE"} else None


def _without_casts(part: list[Token]) -> list[Token]:
    """Without `::type`, of one or several words."""
    found: list[Token] = []
    place = 0
    while place < len(part):
        if part[place].text == ":" and part[place + 1 : place + 2] and part[place + 1].text == ":":
            place += 2
            while place < len(part) and (part[place].kind in (TokenKind.WORD, TokenKind.QUOTED)):
                place += 1
            continue
        found.append(part[place])
        place += 1
    return found


def _without_outer(part: list[Token]) -> list[Token]:
    while len(part) > 1 and part[0].text == "(" and _closing(part) == len(part) - 1:
        part = part[1:-1]
    return part


def _closing(part: list[Token]) -> int:
    depth = 0
    for place, token in enumerate(part):
        depth += (token.text == "(") - (token.text == ")")
        if depth == 0:
            return place
    return len(part)


def _parts(part: list[Token]) -> list[list[Token]]:
    """Between ANDs outside of parentheses; the whole where an OR, a NOT or a BETWEEN makes of it something else."""
    found: list[list[Token]] = [[]]
    depth = 0
    for place, token in enumerate(part):
        depth += (token.text == "(") - (token.text == ")")
        if depth == 0 and token.upper in ("OR", "BETWEEN"):
            return []
        if depth == 0 and token.upper == "NOT" and (place == 0 or part[place - 1].upper != "IS"):
            return []
        if depth == 0 and token.upper == "AND":
            found.append([])
        else:
            found[-1].append(token)
    return found
