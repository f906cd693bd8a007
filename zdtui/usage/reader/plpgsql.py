"""The SQL inside a body in PL/pgSQL: its statements, and its expressions as queries of their own. Pure; never raises.

Cut by tokens, because the server's grammar takes a body for a string. What EXECUTE puts together is told by `dynamic`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from zdtui.sql.text.name import Name
from zdtui.sql.text.quote import read_name, string_value
from zdtui.sql.text.tokens import Token, TokenKind, tokens

NAMES = frozenset({TokenKind.WORD, TokenKind.QUOTED})
PASSED = frozenset({"BEGIN", "ELSE", "LOOP", "EXCEPTION"})
"""Words before a statement."""
CONDITIONS = frozenset({"IF", "ELSIF", "ELSEIF", "WHILE", "WHEN", "ASSERT", "CASE"})
QUERIES = frozenset({"SELECT", "WITH", "VALUES", "TABLE", "INSERT", "UPDATE", "DELETE", "MERGE"})
NO_SQL = frozenset({"END", "NULL", "COMMIT", "ROLLBACK", "FETCH", "MOVE", "CLOSE", "GET", "RESET", "SET"})
TYPE_ENDS = frozenset({"NOT", "DEFAULT", "COLLATE"})


@dataclass
class Body:
    """What stands in a body."""

    queries: list[str] = field(default_factory=list)
    """Statements, and each expression as SELECT expression."""
    dynamic: bool = False
    """It runs SQL that it puts together."""
    rows: list[tuple[str, Name]] = field(default_factory=list)
    """Variables whose type is written as a name: rows of a relation, where it is one's."""
    types: list[tuple[Name, str]] = field(default_factory=list)
    """Columns whose type is taken: users.name%TYPE."""
    fields: list[tuple[str, str]] = field(default_factory=list)
    """Fields that are assigned: ('new', 'name')."""


def body_of(text: str) -> Body:
    """What stands in the body."""
    found = Body()
    declares = False
    for piece in _pieces(text):
        while piece and (piece[0].upper in PASSED or piece[0].upper == "DECLARE" or piece[0].text == "<"):
            if piece[0].text == "<":
                end = next((place for place, each in enumerate(piece) if each.text == ">"), len(piece))
                piece = piece[end + 2 :]
                continue
            declares = piece[0].upper == "DECLARE" or (declares and piece[0].upper != "BEGIN")
            piece = piece[1:]
        if piece and declares:
            _declaration(text, piece, found)
        elif piece:
            _statement(text, piece, found)
    return found


def _pieces(text: str) -> Iterator[list[Token]]:
    """The tokens of each statement, condition and loop head: THEN and LOOP end one as a semicolon does."""
    piece: list[Token] = []
    depth = cases = 0
    for token in tokens(text):
        word = token.upper
        depth += (token.text == "(") - (token.text == ")")
        if word == "CASE" and not _is_beginning(piece):
            cases += 1
        elif word == "END" and cases:
            cases -= 1
        ends = word in ("THEN", "LOOP") and depth == 0 and cases == 0 and not _is_merge(piece)
        if token.kind is TokenKind.SEMICOLON or ends:
            yield piece
            piece, depth, cases = [], 0, 0
        else:
            piece.append(token)
    yield piece


def _is_beginning(piece: list[Token]) -> bool:
    """Whether a statement begins here: a CASE here is PL/pgSQL's own, whose THEN ends what stands before it."""
    return all(each.upper in PASSED or each.upper == "END" for each in piece)


def _is_merge(piece: list[Token]) -> bool:
    """Its WHEN MATCHED THEN is one statement."""
    words = [each.upper for each in piece]
    first = next((place for place, word in enumerate(words) if word in QUERIES or word in CONDITIONS), len(words))
    return "MERGE" in words[first : first + 1] or ("WITH" in words[first : first + 1] and "MERGE" in words)


def _declaration(text: str, piece: list[Token], found: Body) -> None:
    if (query := _after(piece, "FOR") or _after(piece, "IS")) and any(each.upper == "CURSOR" for each in piece):
        found.queries.append(_text(text, query))
        return
    value = _value_from(piece)
    named = [each for each in piece[1:value] if each.upper != "CONSTANT"]
    written = next((place for place, each in enumerate(named) if each.upper in TYPE_ENDS), len(named))
    _type(text, piece[0], named[:written], found)
    if piece[value:]:
        found.queries.append("SELECT " + _text(text, piece[value:]))


def _value_from(piece: list[Token]) -> int:
    """Where the expression of a DEFAULT, := or = begins; past the end where there is none."""
    for place, token in enumerate(piece):
        if token.upper == "DEFAULT" or token.text == "=":
            return place + 1
    return len(piece)


def _type(text: str, variable: Token, named: list[Token], found: Body) -> None:
    named = [each for each in named if each.text not in (":", "=")]
    percent = next((place for place, each in enumerate(named) if each.text == "%"), len(named))
    parts = read_name(_text(text, named[:percent])) if named[:percent] else None
    if parts is None:
        return
    is_column = any(each.upper == "TYPE" for each in named[percent:])
    if is_column and len(parts) > 1:
        found.types.append((Name(parts[-3] if len(parts) > 2 else None, parts[-2]), parts[-1]))
    elif not is_column:
        variable_name = (read_name(variable.text) or ("",))[-1]
        found.rows.append((variable_name, Name(parts[-2] if len(parts) > 1 else None, parts[-1])))


def _statement(text: str, piece: list[Token], found: Body) -> None:
    word, rest = piece[0].upper, piece[1:]
    if word in CONDITIONS or word == "PERFORM":
        _condition(text, piece, found)
    elif word in ("EXIT", "CONTINUE"):
        _expression(text, _after(piece, "WHEN"), found)
    elif word == "RETURN":
        _returned(text, rest, found)
    elif word == "EXECUTE":
        _execute(rest, found)
    elif word in ("FOR", "FOREACH"):
        _walked(text, piece, found)
    elif word == "OPEN":
        _opened(text, _after(piece, "FOR"), found)
    elif word == "RAISE":
        _raised(text, rest, found)
    elif (equals := _assigned(piece)) is not None:
        _assignment(text, piece, equals, found)
    elif word not in NO_SQL or word == "SET":
        found.queries.append(_without_into(text, piece))


def _condition(text: str, piece: list[Token], found: Body) -> None:
    """What stands after the word; of a CASE also what it compares that with."""
    parts: tuple[list[Token], ...] = (piece[1:],)
    if piece[0].upper == "CASE":
        when = next((place for place, each in enumerate(piece) if each.upper == "WHEN"), len(piece))
        parts = (piece[1:when], piece[when + 1 :])
    for each in parts:
        _expression(text, each, found)


def _expression(text: str, piece: list[Token], found: Body) -> None:
    if piece:
        found.queries.append("SELECT " + _text(text, piece))


def _returned(text: str, rest: list[Token], found: Body) -> None:
    """RETURN NEW gives a row back and asks for no column of it."""
    word = rest[0].upper if rest else ""
    if word == "QUERY":
        _opened(text, rest[1:], found)
    elif word == "NEXT":
        _returned(text, rest[1:], found)
    elif len(rest) > 1:
        _expression(text, rest, found)


def _execute(rest: list[Token], found: Body) -> None:
    """What is a string alone says what it does."""
    if len(rest) >= 1 and rest[0].kind is TokenKind.STRING and (not rest[1:] or rest[1].upper in ("INTO", "USING")):
        found.queries.append(string_value(rest[0].text))
    else:
        found.dynamic = True


def _opened(text: str, piece: list[Token], found: Body) -> None:
    """The query of a cursor, of RETURN QUERY or of a FOR."""
    if piece and piece[0].upper == "EXECUTE":
        _execute(piece[1:], found)
    elif piece:
        found.queries.append(_text(text, piece))


def _walked(text: str, piece: list[Token], found: Body) -> None:
    walked = [each for each in _after(piece, "IN") if each.upper not in ("REVERSE", "ARRAY")]
    if walked and (walked[0].upper in QUERIES or walked[0].upper == "EXECUTE" or walked[0].text == "("):
        _opened(text, walked, found)
        return
    dots = next((at for at, (one, two) in enumerate(pairwise(walked)) if one.text + two.text == ".."), None)
    for part in (walked,) if dots is None else (walked[:dots], walked[dots + 2 :]):
        _expression(text, [each for each in part if each.upper != "BY"], found)


def _raised(text: str, rest: list[Token], found: Body) -> None:
    """What is put into the message, and the options after USING."""
    using = next((place for place, each in enumerate(rest) if each.upper == "USING"), len(rest))
    comma = next((place for place, each in enumerate(rest[:using]) if each.text == ","), using)
    _expression(text, rest[comma + 1 : using], found)
    for place, token in enumerate(rest[using:], using):
        if token.text == "=":
            end = next((at for at in range(place, len(rest)) if rest[at].text == ","), len(rest))
            _expression(text, rest[place + 1 : end], found)


def _assigned(piece: list[Token]) -> int | None:
    """Where the = of an assignment stands: after a name, its fields and its places alone."""
    depth = 0
    for place, token in enumerate(piece):
        depth += (token.text in ("[", "(")) - (token.text in ("]", ")"))
        if token.text == "=" and depth == 0 and place:
            return place
        if depth == 0 and token.kind not in NAMES and token.text not in (".", ":", "]"):
            return None
        before = piece[place - 1] if place else None
        if depth == 0 and before is not None and token.kind in NAMES and before.kind in NAMES:
            return None
    return None


def _assignment(text: str, piece: list[Token], equals: int, found: Body) -> None:
    names = [each for each in piece[:equals] if each.kind in NAMES]
    if len(names) > 1:
        record, assigned = ((read_name(each.text) or ("",))[-1] for each in names[:2])
        found.fields.append((record, assigned))
    value = piece[equals + 1 :]
    if len(value) > 1 or (value and value[0].kind not in NAMES):
        _expression(text, value, found)


def _without_into(text: str, piece: list[Token]) -> str:
    """A statement without the variables that INTO fills."""
    for place, token in enumerate(piece):
        if token.upper == "INTO" and place and piece[place - 1].upper not in ("INSERT", "MERGE"):
            end = _past_names(piece, place + 1)
            return _text(text, piece[:place]) + " " + _text(text, piece[end:])
    return _text(text, piece)


def _past_names(piece: list[Token], place: int) -> int:
    if piece[place : place + 1] and piece[place].upper == "STRICT":
        place += 1
    while place < len(piece):
        place += 1
        if not (piece[place : place + 1] and piece[place].text in (".", ",")):
            break
        place += 1
    return place


def _after(piece: list[Token], word: str) -> list[Token]:
    """What follows the first of that word outside of parentheses; nothing where there is none."""
    depth = 0
    for place, token in enumerate(piece):
        depth += (token.text == "(") - (token.text == ")")
        if depth == 0 and token.upper == word:
            return piece[place + 1 :]
    return []


def _text(text: str, piece: list[Token]) -> str:
    return text[piece[0].start : piece[-1].end] if piece else ""
