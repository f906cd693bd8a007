"""SQL in the operator's own colours, by the lexer that cuts it. What is shown is what is sent, letter for letter."""

from functools import lru_cache

from screens.look import Look
from screens.rows import Row, Span
from screens.text import fold, told
from zdtui.sql.text.tokens import TokenKind, tokens

WORDS = frozenset(
    [
        "ADD",
        "ALL",
        "ALTER",
        "AND",
        "AS",
        "ASC",
        "ATTACH",
        "BEFORE",
        "BEGIN",
        "BETWEEN",
        "BY",
        "CASCADE",
        "CASE",
        "CHECK",
        "COLUMN",
        "COMMENT",
        "CONCURRENTLY",
        "CONFLICT",
        "CONSTRAINT",
        "COPY",
        "CREATE",
        "CROSS",
        "DATA",
        "DEFAULT",
        "DELETE",
        "DESC",
        "DETACH",
        "DISTINCT",
        "DO",
        "DROP",
        "EACH",
        "ELSE",
        "END",
        "EXCEPT",
        "EXECUTE",
        "EXISTS",
        "FALSE",
        "FOR",
        "FOREIGN",
        "FROM",
        "FUNCTION",
        "GENERATED",
        "GRANT",
        "GROUP",
        "HAVING",
        "IDENTITY",
        "IF",
        "IN",
        "INDEX",
        "INNER",
        "INSERT",
        "INTO",
        "IS",
        "JOIN",
        "KEY",
        "LANGUAGE",
        "LATERAL",
        "LEFT",
        "LIKE",
        "LIMIT",
        "LOCK",
        "MODE",
        "NOT",
        "NOTHING",
        "NULL",
        "OF",
        "OFFSET",
        "ON",
        "ONLY",
        "OR",
        "ORDER",
        "OUTER",
        "OWNED",
        "PARTITION",
        "PRIMARY",
        "REFERENCES",
        "REINDEX",
        "RENAME",
        "REPLACE",
        "RETURNS",
        "RETURNING",
        "REVOKE",
        "ROW",
        "SCHEMA",
        "SELECT",
        "SEQUENCE",
        "SET",
        "TABLE",
        "THEN",
        "TO",
        "TRIGGER",
        "TRUE",
        "TRUNCATE",
        "TYPE",
        "UNION",
        "UNIQUE",
        "UPDATE",
        "USING",
        "VACUUM",
        "VALID",
        "VALIDATE",
        "VALUES",
        "VIEW",
        "WHEN",
        "WHERE",
        "WITH",
    ]
)
KINDS = {TokenKind.STRING: Look.STRING, TokenKind.NUMBER: Look.NUMBER}


CONTINUED = "↪"
"""Before the rest of a line that is folded: what follows a comment on the screen may still be the comment."""


@lru_cache(maxsize=64)
def sql_rows(sql: str, width: int) -> tuple[Row, ...]:
    """The SQL as rows of at most `width` columns, the first of which is blank or says that the line goes on.

    Without that column and the folds the rows are the SQL's lines, letter for letter (`screens.text.told`).
    """
    text = sql.strip("\n").rstrip(" \t\n").replace("\r\n", "\n")
    looks = _looks(text)
    rows: list[Row] = []
    start = 0
    for line in text.split("\n"):
        rows.extend(_line(line, looks[start : start + len(line)], width))
        start += len(line) + 1
    return tuple(rows)


def _looks(text: str) -> list[Look]:
    """A look for each character; what lies between tokens is a comment or blank."""
    looks = [Look.COMMENT] * len(text)
    for token in tokens(text):
        look = KINDS.get(token.kind, Look.PLAIN)
        if token.upper in WORDS:
            look = Look.WORD
        looks[token.start : token.end] = [look] * (token.end - token.start)
    return looks


def _line(line: str, looks: list[Look], width: int) -> list[Row]:
    shown = told(line)
    drawn = [look for piece, look in zip(shown, looks, strict=True) for _ in piece]
    rows: list[Row] = []
    place = 0
    for part in fold("".join(shown), max(1, width - 1)):
        gutter = Span(CONTINUED if place else " ", Look.QUIET)
        rows.append(Row((gutter, *_spans(part, drawn[place : place + len(part)]))))
        place += len(part)
    return rows


def _spans(text: str, looks: list[Look]) -> tuple[Span, ...]:
    spans: list[Span] = []
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or looks[place] != looks[start]:
            spans.append(Span(text[start:place], looks[start], verbatim=True))
            start = place
    return tuple(spans)
