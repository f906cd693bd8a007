"""A way back for a migration that has none: proposed where every statement has an inverse that takes nothing away."""

from zdtui.sql.facts import FACTS
from zdtui.sql.facts.fact import Case
from zdtui.sql.schema.relations import Schema
from zdtui.sql.split import split
from zdtui.sql.transactions import NEWEST


def proposed_inverse(sql: str) -> str | None:
    """The statements that undo these, the last one first; None where one of them has no inverse that is known."""
    found = []
    for statement in split(sql):
        read = statement.operations
        fact = FACTS.get(read[0].kind) if len(read) == 1 else None
        inverse = None if fact is None or fact.inverse is None else fact.inverse(Case(read[0], Schema(), NEWEST))
        if inverse is None:
            return None
        found.append(f"{inverse};")
    return "\n".join(reversed(found)) + "\n" if found else None
