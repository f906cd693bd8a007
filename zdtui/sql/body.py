"""The statements in the body of a DO block or a procedure in PL/pgSQL, as far as it shows them. Pure; never raises.

What stands in an IF or a loop may run never or often: it is taken to run. What EXECUTE puts together is not seen.
"""

from collections.abc import Iterator

from zdtui.sql.text.pieces import Source
from zdtui.sql.text.quote import string_value
from zdtui.sql.text.tokens import Token, TokenKind, tokens

LONGEST = 200_000
"""Characters of a body that is looked through."""
UNTIL = {
    "IF": "THEN",
    "ELSIF": "THEN",
    "ELSEIF": "THEN",
    "WHEN": "THEN",
    "FOR": "LOOP",
    "FOREACH": "LOOP",
    "WHILE": "LOOP",
}
"""What begins a condition or a loop, and the word before its first statement."""
PASSED = frozenset({"BEGIN", "ELSE", "LOOP", "EXCEPTION", "DECLARE"})
STATEMENTS = frozenset(
    {"CREATE", "ALTER", "DROP", "INSERT", "UPDATE", "DELETE", "MERGE", "TRUNCATE", "LOCK", "SELECT", "WITH", "VACUUM"}
    | {"CLUSTER", "REINDEX", "REFRESH", "GRANT", "REVOKE", "COPY", "SET", "ANALYZE", "COMMENT", "CALL", "REASSIGN"}
)
"""How the SQL of a body begins; PL/pgSQL's own statements change no table."""
ENDS = frozenset({"COMMIT", "ROLLBACK"})


def statements_of(body: str) -> tuple[str, ...]:
    """The SQL in the body, in order; what PERFORM and EXECUTE of a plain string do too."""
    return tuple(each for group in _groups(body) for each in _sql(body, group))


def ends_a_transaction(body: str) -> bool:
    """Whether the body says COMMIT or ROLLBACK."""
    return any(group[0].upper in ENDS for group in _groups(body))


def _groups(body: str) -> Iterator[list[Token]]:
    """The tokens of each statement, without what leads to it."""
    if len(body) > LONGEST:
        return
    group: list[Token] = []
    declares = False
    for token in (*tokens(body), Token(TokenKind.SEMICOLON, ";", len(body), len(body))):
        if token.kind is not TokenKind.SEMICOLON:
            group.append(token)
            continue
        begins = next((place for place, each in enumerate(group) if each.upper == "BEGIN"), None)
        if group and (declares or group[0].upper == "DECLARE"):
            declares = begins is None
            group = [] if begins is None else group[begins:]
        for found in _without_lead(group):
            if found:
                yield found
        group = []


def _without_lead(group: list[Token]) -> Iterator[list[Token]]:
    """Past BEGIN, IF ... THEN and their kin; the query that a FOR walks through is one of its own."""
    while group:
        word = group[0].upper
        if group[0].text == "<":
            end = next((place for place, each in enumerate(group) if each.text == ">"), len(group))
            group = group[end + 2 :]
        elif word in PASSED:
            group = group[1:]
        elif word in UNTIL:
            end = _find(group, UNTIL[word])
            walked = _find(group[:end], "IN")
            if word == "FOR" and group[walked + 1 : walked + 2] and group[walked + 1].upper in STATEMENTS:
                yield group[walked + 1 : end]
            group = group[end + 1 :]
        else:
            break
    yield group


def _find(group: list[Token], word: str) -> int:
    depth = 0
    for place, token in enumerate(group):
        depth += (token.text == "(") - (token.text == ")")
        if depth == 0 and token.upper == word:
            return place
    return len(group)


def _sql(body: str, group: list[Token]) -> Iterator[str]:
    word = group[0].upper
    if word == "PERFORM":
        yield "SELECT " + body[group[0].end : group[-1].end]
    elif word == "EXECUTE" and group[1:2] and group[1].kind is TokenKind.STRING:
        if not group[2:] or group[2].upper in ("USING", "INTO"):
            yield from _pieces(string_value(group[1].text))
    elif word in STATEMENTS:
        yield body[group[0].start : group[-1].end]


def _pieces(text: str) -> Iterator[str]:
    source = Source(text)
    first = 0
    for place, token in enumerate((*source.tokens, Token(TokenKind.SEMICOLON, ";", 0, 0))):
        if token.kind is TokenKind.SEMICOLON:
            if (piece := source.cut(first, place)) is not None:
                yield piece
            first = place + 1
