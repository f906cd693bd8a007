"""The author's text, byte for byte, with what is written to the tool's own history. Pure.

In one transaction: the tool's lock, the text, the row that says it is done. Outside one: the row that says it has
begun, where the tool has a word for that, the text, the row that says it is done. No lock is held across a statement
outside a transaction: a CONCURRENTLY waits for every older snapshot, that of a tool that waits for the lock too, and
then one of them dies of the deadlock.
"""

from dataclasses import dataclass

from zdtui.importing.migration import Row, Script
from zdtui.sql.split import MAY_COMMIT, split
from zdtui.steps.statements import Sql


@dataclass(frozen=True, slots=True)
class History:
    """The tool whose history it is, and the statement that takes its lock; empty where it has none."""

    tool: str
    lock: str


def forward(parts: tuple[Script, ...], row: Row, history: History) -> list[Sql]:
    """The text of each part, in order: the first writes that the migration has begun, the last that it is done."""
    if len(parts) == 1:
        return [whole(parts[0], row, history)]
    last = len(parts) - 1
    return [
        _text(part, row.before if not number else "", row.last if number == last else "", history)
        for number, part in enumerate(parts)
    ]


def back(parts: tuple[Script, ...], row: Row, history: History) -> list[Sql]:
    """The same of the ways back, in the order in which they are gone.

    Where the tool has no word for half done, the first of them says undone: a migration of which a part is gone may be
    run again by mistake, which fails aloud, and is never taken for whole.
    """
    if len(parts) == 1 or row.before:
        return forward(parts, row, history)
    return [_text(part, "", "" if number else row.at_once, history) for number, part in enumerate(parts)]


def whole(script: Script, row: Row, history: History) -> Sql:
    """All of it in one text."""
    if _is_together(script):
        return _text(script, "", row.at_once, history)
    return _text(script, row.before, row.last, history)


def joined(parts: tuple[Script, ...]) -> Script:
    """Several parts as one text."""
    together = all(part.one_transaction for part in parts)
    text = "".join(_ended(part.sql) for part in parts)
    return Script(text, parts[0].path, together, any(part.one_by_one for part in parts))


def _is_together(script: Script) -> bool:
    statements = split(script.sql)
    if not all(each.transactional for each in statements):
        return False
    return script.one_transaction or not any(each.kind in MAY_COMMIT for each in statements)


def _text(script: Script, before: str, after: str, history: History) -> Sql:
    together = _is_together(script)
    said = [f"{history.lock};\n"] if history.lock and together else []
    said += [f"-- the history of {history.tool}: it has begun\n{before};\n"] if before else []
    said += [_ended(script.sql)]
    said += [f"-- the history of {history.tool}\n{after};\n"] if after else []
    commits = not together and any(each.kind in MAY_COMMIT for each in split(script.sql))
    return Sql(sql="".join(said), transaction=not commits)


def _ended(sql: str) -> str:
    """With a semicolon after its last statement, and the end of a line."""
    text = sql if not sql or sql.endswith("\n") else f"{sql}\n"
    statements = split(text)
    if not statements or len(split(f"{text}SELECT 1")) > len(statements):
        return text
    end = statements[-1].offset + len(statements[-1].text)
    return f"{text[:end]};{text[end:]}"
