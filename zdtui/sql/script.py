"""The statements of a file of SQL as psql sends them. Pure; never raises."""

from collections.abc import Iterator
from heapq import merge

from zdtui.sql.split import statements_in
from zdtui.sql.statement import Statement, StatementClass
from zdtui.sql.text.psql import Command, as_sent


def statements_of_script(text: str) -> Iterator[Statement]:
    r"""Each where it stands. What psql does itself is none; a command that runs what is not in the file (`\i`, `\copy`)
    is a statement that nobody knows."""
    sent = as_sent(text)
    return merge(statements_in(sent.text), _unread(text, sent.commands), key=lambda each: each.offset)


def _unread(text: str, commands: tuple[Command, ...]) -> Iterator[Statement]:
    line, counted = 1, 0
    for command in commands:
        line += text.count("\n", counted, command.offset)
        counted = command.offset
        if command.runs_more:
            yield Statement(command.text, command.offset, line, "?", StatementClass.UNKNOWN, transactional=True)
