"""When an operation rewrites a table, and which mode a lock has that depends on what is said."""

import re
from collections.abc import Iterator

from zdtui.sql.facts.fact import Case
from zdtui.sql.facts.reach import indexes_with_rows_on_column
from zdtui.sql.lock_modes import LockMode
from zdtui.sql.operation import Column
from zdtui.sql.schema.follow_domains import is_constrained, may_be_a_domain
from zdtui.sql.schema.types import same_bits, type_of
from zdtui.sql.text.name import Name
from zdtui.sql.volatility import Volatility, volatility

SERIAL = frozenset({"serial", "bigserial", "smallserial", "serial2", "serial4", "serial8"})
EXCLUSIVE_PARAMETERS = frozenset({"user_catalog_table", "security_barrier", "check_option", "security_invoker"})
ARRAY = re.compile(r"\s*\[\s*\d*\s*\]\s*\Z")


def new_column_rewrites(case: Case) -> bool:
    """Whether each row needs a value of its own, so that the new column cannot be added to the catalog alone."""
    column = case.operation.definition
    if column is None or _is_there(case, column.name):
        return False
    return needs_a_value_each(case, column)


def needs_a_value_each(case: Case, column: Column) -> bool:
    """Serial, identity, stored and generated, volatile default, or a domain whose constraints a value could fail."""
    if column.identity or _is_serial(column.type):
        return True
    if column.generated is not None:
        return column.stored or case.version < 18
    if column.default is not None and volatility(column.default) is Volatility.VOLATILE:
        return True
    if column.default is not None and volatility(column.default) is Volatility.UNKNOWN:
        return not _immutable(case, column.default)
    return _constrained_domain(case, column.type)


def _immutable(case: Case, expression: str) -> bool:
    """Whether a function of the author's own is known to be immutable or stable: never from text alone."""
    return any(re.search(rf"\b{re.escape(name)}\s*\(", expression) for name in case.schema.steady_functions)


def _is_there(case: Case, column: str) -> bool:
    known = case.relation
    return case.says("IF NOT EXISTS") and known is not None and known.column(column) is not None


def _is_serial(type_name: str | None) -> bool:
    return type_name is not None and type_name.lower() in SERIAL


def _constrained_domain(case: Case, type_name: str | None) -> bool:
    return type_name is not None and is_constrained(case.schema, type_name)


def type_change_rewrites(case: Case) -> bool:
    """Whether the new type has other bits on disk, or USING computes other values."""
    before = known_type(case)
    if computes_values(case) or before is None:
        return True
    return not _same_bits(case, before, bool(case.schema.is_utc))


def computes_values(case: Case) -> bool:
    """Whether USING says more than the column itself."""
    operation = case.operation
    return operation.expression is not None and not _only_the_column(operation.expression, operation.column)


def zone_decides(case: Case) -> bool:
    """Whether the column's rows stay as they are in UTC alone, and nobody has said what the time zone is."""
    before = known_type(case) if case.operation.kind.endswith("ALTER COLUMN TYPE") else None
    if before is None or case.schema.is_utc is not None:
        return False
    return _same_bits(case, before, True) and not _same_bits(case, before, False)


def _same_bits(case: Case, before: str, in_utc: bool) -> bool:
    domains = case.schema.domains
    return same_bits(type_of(before, domains), type_of(case.operation.type or "", domains), in_utc)


def type_doubt(case: Case) -> str:
    """What a type that nobody knows here may change: it may be a domain. Empty where nothing hangs on it."""
    kind, column = case.operation.kind, case.operation.definition
    if kind == "ALTER TABLE ADD COLUMN" and column is not None and not new_column_rewrites(case):
        written = column.type or ""
        is_one = not type_of(written, case.schema.domains).array and may_be_a_domain(case.schema, written)
        return f"{written} is not known here: a domain with a CHECK or NOT NULL writes every row anew" if is_one else ""
    if kind != "ALTER TABLE ALTER COLUMN TYPE" or computes_values(case):
        return ""
    before, after = known_type(case), case.operation.type or ""
    if before is None:
        return "the column's type is not known here: where its values stay the same, no row is written anew"
    unknown = next((each for each in (before, after) if may_be_a_domain(case.schema, each)), None)
    if unknown is None or before == after:
        return ""
    return f"{unknown} is not known here: where it is a domain over the other type, no row is written anew"


def known_type(case: Case) -> str | None:
    """The column's type before, as far as it is known."""
    known = case.relation
    column = None if known is None else known.column(case.operation.column or "")
    return column.type if column is not None and column.type else None


def collation_changes(case: Case) -> bool:
    """Whether the new definition names another collation, so that indexes on the column are built anew."""
    definition, known = case.operation.definition, case.relation
    if definition is None or definition.collation is None or known is None:
        return False
    column = known.column(case.operation.column or "")
    return column is not None and column.collation != definition.collation.strip('"')


def indexes_built_with_the_type(case: Case) -> Iterator[Name]:
    """Indexes that are built anew though the table is not written: their column sorts otherwise, or they are no plain
    ones, whose conditions and expressions PostgreSQL does not compare with what they were."""
    sorts = collation_changes(case)
    for name in indexes_with_rows_on_column(case):
        known = case.schema.find(name)
        if sorts or (known is not None and not known.plain):
            yield name


def _only_the_column(expression: str, column: str | None) -> bool:
    bare = re.sub(r"::.*\Z", "", expression.strip().strip("()"), flags=re.DOTALL)
    return bare.strip().strip('"') == column


def becomes_logged(case: Case) -> bool:
    """Whether SET LOGGED or UNLOGGED changes anything."""
    known = case.relation
    return known is None or known.unlogged is (case.operation.kind == "ALTER TABLE SET LOGGED")


def moves(case: Case) -> bool:
    """Whether SET TABLESPACE or SET ACCESS METHOD may copy the rows: not to what a table has by default."""
    return case.operation.new_name not in ("pg_default", "heap", None)


def always(case: Case) -> bool:
    """The operation is a rewrite."""
    return True


def parameters(case: Case) -> LockMode:
    """Storage parameters are gentle, but for those that change what a table is."""
    strong = any(name.lower() in EXCLUSIVE_PARAMETERS for name in case.operation.parameters)
    return LockMode.ACCESS_EXCLUSIVE if strong else LockMode.SHARE_UPDATE_EXCLUSIVE


def said_mode(case: Case) -> LockMode:
    """LOCK TABLE takes what it says; ACCESS EXCLUSIVE if it says nothing."""
    said = case.operation.lock_mode
    return LockMode(said) if said is not None else LockMode.ACCESS_EXCLUSIVE


def new_constraint(case: Case) -> LockMode:
    """A foreign key keeps out writers; every other constraint everybody."""
    constraint = case.operation.constraint
    key = constraint is not None and constraint.references is not None
    return LockMode.SHARE_ROW_EXCLUSIVE if key else LockMode.ACCESS_EXCLUSIVE


def if_it_is_there(mode: LockMode) -> "ModeIf":
    """The mode, unless IF EXISTS is said of something that is known not to be there."""
    return ModeIf(mode)


class ModeIf:
    """See `if_it_is_there`."""

    def __init__(self, mode: LockMode) -> None:
        self._mode = mode

    def __call__(self, case: Case) -> LockMode | None:
        """The mode for this case."""
        if case.schema.complete and case.says("IF EXISTS") and not _object_is_there(case):
            return None
        return self._mode


def _object_is_there(case: Case) -> bool:
    table, wanted = case.name, case.operation.object
    if table is None or wanted is None or not case.operation.kind.endswith("TRIGGER"):
        return (
            not case.operation.kind.endswith(("POLICY", "RULE"))
            or wanted is None
            or (table, wanted.name) in case.schema.policies
        )
    return (table, wanted.name) in case.schema.triggers


def replaces_view(case: Case) -> LockMode | None:
    """CREATE VIEW locks only the one that it replaces."""
    return LockMode.ACCESS_EXCLUSIVE if case.relation is not None and case.says("OR REPLACE") else None


def commented(case: Case) -> LockMode:
    """What is on a table only needs the table to be there; a relation itself and its columns are kept as they are."""
    on_table = case.says("CONSTRAINT", "POLICY", "RULE", "TRIGGER")
    return LockMode.ACCESS_SHARE if on_table else LockMode.SHARE_UPDATE_EXCLUSIVE


def moves_in_bytes(case: Case) -> bool:
    """SET TABLESPACE copies the file as it is: rows are not read one by one, and indexes stay where they are."""
    return case.operation.kind.endswith("SET TABLESPACE")


def granted(case: Case) -> LockMode | None:
    """GRANT and REVOKE lock their relations from PostgreSQL 18 on."""
    return LockMode.ACCESS_SHARE if case.version >= 18 else None
