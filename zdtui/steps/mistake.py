"""What is wrong with the SQL of a step, and where in it; the loader says where that is in the file. Pure."""

from collections.abc import Iterator
from typing import NamedTuple

from zdtui.counted import counted
from zdtui.sql.classify import is_transaction_control
from zdtui.sql.statement import Statement, StatementClass
from zdtui.sql.syntax import GRAMMAR_VERSION, not_understood
from zdtui.sql.text.psql import next_backslash
from zdtui.sql.text.tokens import has_open_end, tokens
from zdtui.steps.runner_s_own import takes_from_the_runner
from zdtui.steps.statements import Sql

NO_ANSWER = ("EXPLAIN", "SHOW", "FETCH")
"""Queries whose value is never true or false."""
NEVER_ENDS = "a string, a quoted name or a comment that begins here"


class Mistake(NamedTuple):
    """One thing that is wrong."""

    sentence: str
    key: str = ""
    """The key it is about: of the step, or of the kind's mapping; empty: the one that makes it of this kind."""
    offset: int = 0
    """The character of that key's text."""
    name: str | None = None
    """Of a key of pairs: the name that is wrong."""
    grammar: bool = False
    """The server's own grammar says so; a newer server may know better."""


def sql_mistakes(text: Sql) -> Iterator[Mistake]:
    """The runner owns transactions, and psql's commands are not SQL."""
    if (offset := has_open_end(text.sql)) is not None:
        yield Mistake(f"{NEVER_ENDS} never ends", offset=offset)
        return
    if not text.statements:
        yield Mistake("there is no statement in this SQL")
    if "\\" in text.sql:
        yield from _backslashes(text.sql)
    for statement in text.statements:
        yield from _statement_mistakes(statement)


def transaction_mistakes(text: Sql) -> Iterator[Mistake]:
    """`transaction: off` where nothing needs it."""
    if not text.transaction and text.runs_together:
        yield Mistake(
            "`transaction: off` is for CALL and DO, which may commit as they go; there is none", "transaction"
        )


def query_mistakes(query: str, statements: tuple[Statement, ...], what: str) -> Iterator[Mistake]:
    """A check or verify asks one thing, and changes nothing."""
    if (offset := has_open_end(query)) is not None:
        yield Mistake(f"{NEVER_ENDS} in this {what} never ends", offset=offset)
    elif len(statements) != 1:
        offset = statements[1].offset if statements else 0
        yield Mistake(f"a {what} is one query; this is {counted(len(statements), 'statement')}", offset=offset)
    elif statements[0].statement_class is not StatementClass.QUERY:
        yield Mistake(f"a {what} is a query that changes nothing; this is {statements[0].kind}")
    elif statements[0].kind in NO_ANSWER:
        yield Mistake(f"a {what} answers true or false; {statements[0].kind} does not")
    else:
        yield from _not_understood(statements[0])


def _statement_mistakes(statement: Statement) -> Iterator[Mistake]:
    if is_transaction_control(statement):
        first = statement.text.split("\n", maxsplit=1)[0][:60]
        sentence = f"`{first}`: zdtui opens and ends the transactions itself; leave it out"
        yield Mistake(sentence, offset=statement.offset)
    elif statement.kind == "COPY" and any(token.upper in ("STDIN", "STDOUT") for token in tokens(statement.text)):
        sentence = "COPY from or to the client needs psql; use INSERT, or a file on the server"
        yield Mistake(sentence, offset=statement.offset)
    elif (why := takes_from_the_runner(statement)) is not None:
        yield Mistake(why, offset=statement.offset)
    else:
        yield from _not_understood(statement)


def _not_understood(statement: Statement) -> Iterator[Mistake]:
    """psql's own commands are told by themselves."""
    found = None if _of_psql(statement.text) else not_understood(statement.text)
    if found is not None:
        sentence = (
            f"PostgreSQL {GRAMMAR_VERSION} cannot read this: {found.message}; if it is for a newer server, say so by "
            "`minimum_version` of the target"
        )
        yield Mistake(sentence, offset=statement.offset + found.offset, grammar=True)


def _backslashes(sql: str) -> Iterator[Mistake]:
    """Outside of strings a backslash means nothing to the server; what follows the first one is left alone."""
    if (start := next_backslash(sql)) is not None:
        command = sql[start:].split("\n", maxsplit=1)[0][:60]
        yield Mistake(f"`{command}` is a command of psql, not SQL", offset=start)


def _of_psql(sql: str) -> bool:
    return "\\" in sql and next_backslash(sql) is not None
