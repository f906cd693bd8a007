"""`zdtui draft`: a risky statement as the plan that makes it without downtime."""

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from zdtui.cli.hand_over import hand_over
from zdtui.cli.options import database_if_named, output_file
from zdtui.cli.say import say
from zdtui.counted import counted

if TYPE_CHECKING:
    from zdtui.draft.known import Known

LARGEST = 16 * 1024 * 1024
"""Bytes of SQL."""


@click.command()
@click.argument("sql", metavar="SQL|FILE|-")
@output_file
@database_if_named
@click.option(
    "--schema", metavar="FILE", help="Read the tables from a file of SQL, as pg_dump --schema-only writes it."
)
@click.option(
    "--postgres-version", "version", type=click.IntRange(14, 19), help="The server's version, where no server tells it."
)
@click.option("--name", help="The plan's name.")
def command(
    sql: str, output: str | None, dsn: str | None, schema: str | None, version: int | None, name: str | None
) -> None:
    """Make a plan of SQL: one statement or several, a file of them, or what comes in by '-'.

    Nothing is run. With --dsn or --target the server's catalogs tell the tables and the version, in a session that only
    reads; with --schema a file does. With none of them nothing is known of the tables: the plan says what it assumes.
    What cannot be made safe is said, with what a person has to decide; then nothing is written, and the exit code is 2.
    """
    from zdtui.draft.draft import draft_plan
    from zdtui.draft.drafted import DraftError

    if dsn is not None and (schema is not None or version is not None):
        raise DraftError("the server tells its tables and its version: leave out --schema and --postgres-version")
    text = _text(sql)
    known, database = known_of(text, dsn, schema, version)
    drafted = draft_plan(text, known, name, database)
    lines = [f"drafted: {counted(drafted.steps, 'step')}{hand_over(drafted.text, output)}"]
    lines += [f"  for you to decide: {each}" for each in drafted.decisions]
    say("\n".join(lines), err=True)


def _text(sql: str) -> str:
    from zdtui.regular_file import FileError, read_text, text_of

    if sql == "-":
        data = sys.stdin.buffer.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise FileError(f"the standard input is larger than {LARGEST // 1024**2} MB; draft it in parts")
        return text_of(data, "the standard input")
    if sql.endswith(".sql") or _is_file(sql):
        return read_text(sql, "SQL file", largest=LARGEST)
    return sql


def _is_file(sql: str) -> bool:
    try:
        return Path(sql).is_file()
    except (OSError, ValueError):  # a long statement is no name of a file
        return False


def known_of(text: str, dsn: str | None, schema: str | None, version: int | None) -> "tuple[Known, str | None]":
    """What is known, and in which database."""
    from zdtui.draft.known import OLDEST, Known
    from zdtui.draft.of_sql import known_of_sql
    from zdtui.regular_file import read_text
    from zdtui.sql.split import split

    if dsn is not None:
        from zdtui.cli.reachable import reachable
        from zdtui.draft.live import known_of_server

        tables = {each.relation for one in split(text) for each in one.operations if each.relation is not None}
        known = asyncio.run(known_of_server(reachable(dsn), tables))
        return known, known.where_from.partition(" at ")[0]
    if schema is not None:
        return known_of_sql(read_text(schema, "SQL file", largest=LARGEST), version or OLDEST, schema), None
    return Known(version=version or OLDEST), None
