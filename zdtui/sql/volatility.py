"""How volatile an expression is: whether each row gets a value of its own. Pure; never raises.

A default that is not volatile is computed once and stored with the column (PostgreSQL 11 and later); a volatile one has
the table rewritten. See https://www.postgresql.org/docs/current/xfunc-volatility.html.
"""

from enum import StrEnum

from zdtui.sql.built_in import built_in_functions
from zdtui.sql.text.name import Name
from zdtui.sql.text.quote import read_name
from zdtui.sql.text.tokens import Token, TokenKind, has_open_end, tokens


class Volatility(StrEnum):
    """From the tamest to the wildest; UNKNOWN may be VOLATILE."""

    IMMUTABLE = "immutable"
    """The same for ever: a constant, arithmetic."""
    STABLE = "stable"
    """The same for every row of one statement: now()."""
    UNKNOWN = "unknown"
    """It calls a function that is not PostgreSQL's own."""
    VOLATILE = "volatile"
    """May differ from row to row: random(), clock_timestamp(), nextval()."""


ORDER = {volatility: place for place, volatility in enumerate(Volatility)}
STABLE_WORDS = frozenset(
    {"CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP", "LOCALTIME", "LOCALTIMESTAMP", "CURRENT_ROLE"}
    | {"CURRENT_USER", "SESSION_USER", "SYSTEM_USER", "USER", "CURRENT_CATALOG", "CURRENT_SCHEMA"}
)
"""Functions that are called without parentheses: src/backend/parser/gram.y, func_expr_common_subexpr."""
TYPES_READ_WHEN_RUN = frozenset(
    {"DATE", "TIME", "TIMESTAMP", "TIMESTAMPTZ", "TIMETZ", "REGCLASS", "REGPROC", "REGPROCEDURE", "REGTYPE", "REGROLE"}
    | {"REGNAMESPACE", "REGOPER", "REGOPERATOR", "REGCONFIG", "REGDICTIONARY", "REGCOLLATION"}
)
"""Types whose reading of a text depends on settings or on the catalogs: 'now'::timestamptz is stable."""
SYNTAX = frozenset(
    {"COALESCE", "NULLIF", "GREATEST", "LEAST", "ROW", "ARRAY", "CAST", "EXISTS", "IN", "ANY", "ALL", "SOME", "AND"}
    | {"OR", "NOT", "CASE", "WHEN", "THEN", "ELSE", "VALUES", "BETWEEN", "LIKE", "ILIKE", "SIMILAR", "TO", "IS", "FROM"}
    | {"AS", "USING", "ON", "SELECT", "WHERE", "DISTINCT", "GROUPING", "TRIM", "COLLATION", "TREAT", "FOR", "BY"}
    | {"ESCAPE", "SYMMETRIC", "OF", "UNION", "EXCEPT"}
)
"""Words before a parenthesis that call no function of an application."""
TYPES = frozenset(
    {"VARCHAR", "CHAR", "CHARACTER", "VARYING", "NUMERIC", "DECIMAL", "DEC", "BIT", "TIMESTAMP", "TIME", "INTERVAL"}
    | {"FLOAT", "BPCHAR", "NCHAR", "TIMESTAMPTZ", "TIMETZ", "SECOND", "VARBIT"}
)
"""Types that have a size in parentheses."""
OF_EXTENSIONS = {
    "uuid_generate_v1": Volatility.VOLATILE,
    "uuid_generate_v1mc": Volatility.VOLATILE,
    "uuid_generate_v4": Volatility.VOLATILE,
    "uuid_generate_v3": Volatility.IMMUTABLE,
    "uuid_generate_v5": Volatility.IMMUTABLE,
    "gen_random_bytes": Volatility.VOLATILE,
    "gen_salt": Volatility.VOLATILE,
}
"""Of uuid-ossp and pgcrypto, which come with PostgreSQL and are met in defaults: contrib/*/*.sql."""


def volatility(expression: str) -> Volatility:
    """The wildest thing in the expression. What the lexer cannot even read is UNKNOWN."""
    if has_open_end(expression) is not None:
        return Volatility.UNKNOWN
    found = list(tokens(expression))
    levels = [_of_token(found, place) for place in range(len(found))]
    return max(levels, key=lambda level: ORDER[level], default=Volatility.IMMUTABLE)


def function_volatility(function: Name) -> Volatility:
    """Of a function by name: the wildest of PostgreSQL's own that are called so, or of its extensions."""
    if function.schema in (None, "pg_catalog") and (known := built_in_functions().get(function.name)):
        return Volatility(known)
    return OF_EXTENSIONS.get(function.name, Volatility.UNKNOWN)


def _of_token(found: list[Token], place: int) -> Volatility:
    token = found[place]
    if token.kind not in (TokenKind.WORD, TokenKind.QUOTED):
        return Volatility.IMMUTABLE
    after_dot = place > 0 and found[place - 1].text == "."
    if token.upper in STABLE_WORDS and not after_dot:
        return Volatility.STABLE
    if token.upper in TYPES_READ_WHEN_RUN and _is_a_type(found, place):
        return Volatility.STABLE
    if place + 1 < len(found) and found[place + 1].text == "(":
        return _of_call(found, place)
    return Volatility.IMMUTABLE


def _is_a_type(found: list[Token], place: int) -> bool:
    """After `::`, before a string, or in a CAST."""
    before, after = _at(found, place - 1), _at(found, place + 1)
    if before is not None and (before.text == ":" or before.upper == "AS"):
        return True
    return after is not None and (after.kind is TokenKind.STRING or after.upper in ("WITH", "WITHOUT"))


def _at(found: list[Token], place: int) -> Token | None:
    return found[place] if 0 <= place < len(found) else None


def _of_call(found: list[Token], place: int) -> Volatility:
    """Of the function whose parenthesis follows this token."""
    first = place
    while first > 1 and found[first - 1].text == ".":
        first -= 2
    if first == place:
        word = found[place].upper
        is_cast = place > 0 and (found[place - 1].text == ":" or found[place - 1].upper == "AS")
        if word in SYNTAX or word in TYPES or is_cast:
            return Volatility.IMMUTABLE
    name = read_name("".join(token.text for token in found[first : place + 1]))
    if name is None:
        return Volatility.UNKNOWN
    return function_volatility(Name(name[-2] if len(name) > 1 else None, name[-1]))
