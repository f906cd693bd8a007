"""Which tables a plan's steps touch, and what a role must be allowed to do with them. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from zdtui.plan.model import SqlRollback, Step
from zdtui.sql.statement import Statement
from zdtui.steps.kind import Use

OWNER = "OWNER"
"""Not a privilege one can be granted: ALTER, DROP and CREATE INDEX are the owner's."""
PRIVILEGES: dict[Use, frozenset[str]] = {
    Use.CHANGED: frozenset({"SELECT", "UPDATE"}),
    Use.READ: frozenset({"SELECT"}),
    Use.ADDED: frozenset({"INSERT", "SELECT"}),
    Use.COUNTED: frozenset({"SELECT"}),
    Use.NAMED: frozenset(),
}
"""What a step needs of a table that it works on by itself."""
NEEDS_BY_VERB = {"UPDATE": "UPDATE", "INSERT": "INSERT", "DELETE": "DELETE", "TRUNCATE": "TRUNCATE", "MERGE": "UPDATE"}
OWNERS_KINDS = re.compile(
    r"ALTER TABLE|DROP TABLE|DROP TRIGGER|(CREATE|DROP|ALTER) POLICY|CREATE( UNIQUE)? INDEX|REINDEX TABLE"
)
CREATES = re.compile(r"CREATE (TABLE|VIEW|MATERIALIZED VIEW|FOREIGN TABLE)")
RENAMES = re.compile(r'RENAME\s+TO\s+("(?:[^"]|"")+"|\w+)', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TableNeeds:
    """What some steps need of one table."""

    name: str
    """As the author wrote it, perhaps schema-qualified."""
    needs: frozenset[str]
    """OWNER, or privileges: SELECT, INSERT, UPDATE ..."""
    created: bool
    """The plan itself makes it (or renames another to it)."""


def table_needs(steps: Iterable[Step]) -> tuple[TableNeeds, ...]:
    """Every table these steps' actions and rollbacks name, in the order they first appear."""
    needs: dict[str, set[str]] = {}
    created: set[str] = set()
    for step in steps:
        for used in step.action.tables:
            needs.setdefault(used.name, set()).update(PRIVILEGES[used.use])
        for statement in statements(step):
            _of_statement(statement, needs, created)
    named = {**needs, **{name: needs.get(name, set()) for name in sorted(created)}}
    return tuple(TableNeeds(name, frozenset(need), name in created) for name, need in named.items())


def statements(step: Step) -> tuple[Statement, ...]:
    """The statements of a step's action and of its rollback."""
    return step.action.statements + (step.rollback.statements if isinstance(step.rollback, SqlRollback) else ())


def _of_statement(statement: Statement, needs: dict[str, set[str]], created: set[str]) -> None:
    if statement.table_name is None:
        return
    known = needs.setdefault(statement.table_name, set())
    if CREATES.match(statement.kind):
        created.add(statement.table_name)
    elif OWNERS_KINDS.match(statement.kind):
        known.add(OWNER)
        created.update(RENAMES.findall(statement.text) if statement.kind == "ALTER TABLE" else ())
    elif statement.kind == "CREATE TRIGGER":
        known.add("TRIGGER")
    elif verb := NEEDS_BY_VERB.get(statement.kind.partition(" ")[0]):
        known.add(verb)
