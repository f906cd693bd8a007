"""Columns and constraints as they are defined, by their words."""

from dataclasses import dataclass, field, replace

from zdtui.sql.by_words.cursor import Cursor
from zdtui.sql.operation import Column, Constraint, ConstraintKind
from zdtui.sql.text.pieces import AFTER_DEFINITION

TABLE_CONSTRAINTS = ("CONSTRAINT", "CHECK", "UNIQUE", "PRIMARY KEY", "FOREIGN KEY", "EXCLUDE", "NOT NULL")
"""How the element of a table that is no column begins."""


def is_constraint(at: Cursor) -> bool:
    """Whether a table's constraint begins here. All but EXCLUDE are words that no column can be called."""
    return any(at.says(phrase) for phrase in TABLE_CONSTRAINTS)


def constraint(at: Cursor) -> Constraint | None:
    """A constraint of a table; None when it is none that we know."""
    name = at.simple_name() if at.take("CONSTRAINT") else None
    found = _table_constraint(at)
    if found is None:
        return None
    return replace(
        found,
        name=name,
        not_valid=at.has("NOT VALID"),
        not_enforced=at.has("NOT ENFORCED"),
        no_inherit=at.has("NO INHERIT"),
    )


def _table_constraint(at: Cursor) -> Constraint | None:
    match at.take(*TABLE_CONSTRAINTS[1:]):
        case "CHECK":
            return Constraint(kind=ConstraintKind.CHECK, expression=_in_parentheses(at))
        case "UNIQUE":
            at.take("NULLS NOT DISTINCT", "NULLS DISTINCT")
            return _key(at, ConstraintKind.UNIQUE)
        case "PRIMARY KEY":
            return _key(at, ConstraintKind.PRIMARY_KEY)
        case "FOREIGN KEY":
            columns = at.column_list()
            at.take("REFERENCES")
            return _references(at, columns)
        case "EXCLUDE":
            return Constraint(kind=ConstraintKind.EXCLUDE)
        case "NOT NULL":
            return Constraint(kind=ConstraintKind.NOT_NULL, columns=(at.simple_name() or "",))
        case _:
            return None


def _key(at: Cursor, kind: ConstraintKind) -> Constraint:
    if at.take("USING INDEX"):
        return Constraint(kind=kind, using_index=at.simple_name())
    return Constraint(kind=kind, columns=at.column_list())


def _references(at: Cursor, columns: tuple[str, ...]) -> Constraint:
    table = at.name()
    return Constraint(
        kind=ConstraintKind.FOREIGN_KEY, columns=columns, references=table, referenced_columns=at.column_list()
    )


def _in_parentheses(at: Cursor) -> str | None:
    text = at.source.in_next_parentheses(at.place)
    at.skip()
    return text


@dataclass
class _Defined:
    default: str | None = None
    generated: str | None = None
    stored: bool = False
    identity: bool = False
    collation: str | None = None
    constraints: list[Constraint] = field(default_factory=list)


def column(at: Cursor) -> Column | None:
    """A column with its constraints; None when no name stands here."""
    name = at.simple_name()
    if name is None:
        return None
    first, end = at.place, min(at.source.end_of(at.place, AFTER_DEFINITION), at.end)
    if at.word in AFTER_DEFINITION or at.take("WITH OPTIONS"):
        first = end = at.place
    at.place = end
    defined = _Defined()
    while at.token is not None:
        _part(at, name, defined)
    return Column(
        name=name,
        type=at.source.cut(first, end),
        default=defined.default,
        generated=defined.generated,
        stored=defined.stored,
        identity=defined.identity,
        collation=defined.collation,
        constraints=tuple(defined.constraints),
    )


PARTS = (
    *("NOT NULL", "NOT ENFORCED", "PRIMARY KEY", "UNIQUE", "CHECK"),
    *("REFERENCES", "SET DEFAULT", "SET NULL", "DEFAULT", "GENERATED", "COLLATE"),
)


def _part(at: Cursor, column: str, defined: _Defined) -> None:
    name = at.simple_name() if at.take("CONSTRAINT") else None
    match at.take(*PARTS):
        case "SET DEFAULT" | "SET NULL":
            pass
        case "DEFAULT":
            end = min(at.source.end_of(at.place, AFTER_DEFINITION), at.end)
            defined.default, at.place = at.source.cut(at.place, end), end
        case "GENERATED":
            _generated(at, defined)
        case "COLLATE":
            collation = at.name()
            defined.collation = collation.written if collation else None
        case "NOT ENFORCED":
            if defined.constraints:
                defined.constraints[-1] = replace(defined.constraints[-1], not_enforced=True)
        case None:
            at.skip()
        case kind:
            defined.constraints.append(replace(_of_column(at, kind, column), name=name))


def _of_column(at: Cursor, kind: str, column: str) -> Constraint:
    if kind == "REFERENCES":
        return _references(at, (column,))
    if kind == "CHECK":
        return Constraint(kind=ConstraintKind.CHECK, columns=(column,), expression=_in_parentheses(at))
    return Constraint(kind=ConstraintKind(kind), columns=(column,))


def _generated(at: Cursor, defined: _Defined) -> None:
    at.take("ALWAYS AS", "BY DEFAULT AS")
    if at.take("IDENTITY"):
        defined.identity = True
        return
    defined.generated = _in_parentheses(at)
    defined.stored = at.take("STORED") is not None
