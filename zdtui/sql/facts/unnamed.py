"""What is locked too and cannot be named: what depends on a function, what a role owns, an unknown index's table."""

from collections.abc import Callable

from zdtui.sql.effects import Unnamed
from zdtui.sql.facts.fact import Case
from zdtui.sql.lock_modes import LockMode

ELSEWHERE = "what uses it in defaults, rules, policies and functions"
"""What a catalog that was read does not tell of."""


def always(what: str, mode: LockMode = LockMode.ACCESS_EXCLUSIVE) -> Callable[[Case], Unnamed | None]:
    """The same for every case."""
    return lambda case: Unnamed(what, mode)


def dependents(case: Case) -> Unnamed | None:
    """With CASCADE, what depends on an object that is no relation."""
    return Unnamed("what depends on it") if case.says("CASCADE") else None


def dependents_of_relation(case: Case) -> Unnamed | None:
    """With CASCADE, what depends on a relation or a column and is not known to."""
    if not case.says("CASCADE") or (case.schema.complete and case.relation is None):
        return None
    return Unnamed(ELSEWHERE if case.schema.complete else "what depends on it")


def dependents_of_schema(case: Case) -> Unnamed | None:
    """With CASCADE, what is in the schema, or uses what is in it."""
    if not case.says("CASCADE"):
        return None
    return Unnamed("what uses its types and functions" if case.schema.complete else "what is in it or depends on it")


def dependents_of_extension(case: Case) -> Unnamed | None:
    """What belongs to the extension; with CASCADE also what depends on that."""
    return Unnamed(f"what belongs to it{' or depends on it' if case.says('CASCADE') else ''}")


def tables_of_type(case: Case) -> Unnamed | None:
    """With CASCADE, the tables that are made of a composite type: CREATE TABLE ... OF."""
    if not case.says("CASCADE"):
        return None
    return Unnamed("what is made OF the type", rewritten="ALTER ATTRIBUTE" in case.operation.kind)


def users_of_domain(case: Case) -> Unnamed | None:
    """Tables with a column of the domain, where not every table is known."""
    if case.schema.complete or case.says("NOT VALID"):
        return None
    return Unnamed("what has a column of it", LockMode.SHARE)


def table_of_index(mode: LockMode) -> Callable[[Case], Unnamed | None]:
    """The table of an index that is not known, locked in this mode; with CASCADE, foreign keys that are not known."""

    def found(case: Case) -> Unnamed | None:
        if case.schema.complete:
            return None
        if any(case.schema.find(name) is None for name in case.targets):
            return Unnamed("what it is an index of", mode)
        return dependents(case)

    return found


def table_of_statistics(case: Case) -> Unnamed | None:
    """The table of statistics that are not known."""
    wanted = case.operation.object
    if case.schema.complete or wanted is None or wanted.name in case.schema.statistics:
        return None
    return Unnamed("what they are on", LockMode.SHARE_UPDATE_EXCLUSIVE)


def all_in_tablespace(what: str) -> Callable[[Case], Unnamed | None]:
    """What lies in a tablespace, which no catalog of ours tells: locked and copied."""
    return lambda case: Unnamed(what, rewritten=True)


def referenced_by_unknown_key(case: Case) -> Unnamed | None:
    """The other table of a foreign key that is not known, when it is enforced from now on, or no more."""
    key = case.operation.constraint
    if not case.says("ENFORCED", "NOT ENFORCED") or (case.name is not None and key is not None and _known(case)):
        return None
    mode = LockMode.ACCESS_EXCLUSIVE if case.says("NOT ENFORCED") else LockMode.SHARE_ROW_EXCLUSIVE
    return Unnamed("what the constraint references", mode)


def _known(case: Case) -> bool:
    name = None if case.operation.constraint is None else case.operation.constraint.name
    return case.name is not None and (
        case.schema.foreign_key(case.name, name) is not None or case.schema.check(case.name, name) is not None
    )
