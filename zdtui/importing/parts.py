"""A script cut where its author begins and ends transactions: zdtui opens and ends them itself. Pure."""

from dataclasses import replace

from zdtui.importing.migration import Script
from zdtui.sql.classify import is_transaction_control
from zdtui.sql.split import split
from zdtui.sql.statement import Statement

BEGINS = ("BEGIN", "START")
LINES = "\n"
PLAIN = frozenset({"BEGIN", "START", "COMMIT", "END", "WORK", "TRANSACTION"})


def parts_of(script: Script) -> tuple[Script, ...]:
    """What is committed by itself, in order, one at least: the author's transactions, and what stands between them.

    Outside a transaction each statement, where the tool sends them one by one and a transaction would take them all.
    """
    found: list[Script] = []
    carried, inside = "", False
    for text, control in _pieces(script.sql):
        piece = carried + text
        if split(piece):
            found += _one_by_one(replace(script, sql=piece, one_transaction=inside or script.one_transaction))
            carried = ""
        else:
            carried = piece
        inside = control is not None and control.kind in BEGINS
    if len(found) < 2:
        return tuple(found) or (replace(script, sql=carried),)
    return tuple(replace(each, sql=f"{each.sql.strip(LINES)}\n") for each in found)


def _one_by_one(script: Script) -> tuple[Script, ...]:
    statements = split(script.sql)
    if script.one_transaction or not script.one_by_one or not all(each.transactional for each in statements):
        return (script,)
    ends = [each.offset + len(each.text) for each in statements]
    ends = [end + _length_of_end(script.sql[end:]) for end in ends]
    starts = [0, *ends[:-1]]
    ends[-1] = len(script.sql)
    return tuple(replace(script, sql=script.sql[start:end]) for start, end in zip(starts, ends, strict=True))


def why_not_cut(sql: str) -> str:
    """Why the transactions of a script are more than BEGIN and COMMIT, as half a sentence; empty when they are not."""
    inside = False
    for each in split(sql):
        if not is_transaction_control(each):
            continue
        words = each.text.upper().split()
        if not set(words) <= PLAIN:
            return f"it says `{' '.join(each.text.split())[:60]}`"
        begins = each.kind in BEGINS
        if begins is inside:
            return "its BEGIN and COMMIT do not match"
        inside = begins
    return "its last BEGIN has no COMMIT" if inside else ""


def _pieces(sql: str) -> list[tuple[str, Statement | None]]:
    """The text before each BEGIN or COMMIT with that statement, and the rest with None."""
    found: list[tuple[str, Statement | None]] = []
    start = 0
    for each in split(sql):
        if is_transaction_control(each):
            found.append((sql[start : each.offset], each))
            start = each.offset + len(each.text)
            start += _length_of_end(sql[start:])
    return [*found, (sql[start:], None)]


def _length_of_end(rest: str) -> int:
    """Of the semicolon that ends the statement before it, and of its line where nothing else is on it."""
    found = len(rest) - len(rest.lstrip())
    if rest[found : found + 1] != ";":
        return 0
    line = rest[found + 1 :].split("\n", maxsplit=1)[0]
    return found + 1 + (len(line) + 1 if not line.strip() and "\n" in rest[found + 1 :] else 0)
