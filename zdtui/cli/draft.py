"""`zdtui draft`: a risky statement as the plan that makes it without downtime."""

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from zdtui.cli.say import say, say_whole
from zdtui.counted import counted

if TYPE_CHECKING:
    from zdtui.draft.known import Known

LARGEST = 16_000_000
"""Bytes of a file of SQL."""


@click.command()
@click.argument("sql", metavar="SQL|FILE|-")
@click.option("-o", "--output", metavar="FILE", help="Write the plan there; else it is printed.")
@click.option("--dsn", default=None, help="Read the tables from this server's catalogs, in a read-only session.")
@click.option(
    "--schema", metavar="FILE", help="Read the tables from a file of SQL, as pg_dump --schema-only writes it."
)
@click.option("--postgres-version", "version", type=click.IntRange(14, 19), help="Without --dsn: the server's version.")
@click.option("--name", help="The plan's name.")
def command(
    sql: str, output: str | None, dsn: str | None, schema: str | None, version: int | None, name: str | None
) -> None:
    """Make a plan of SQL: one statement or several, a file of them, or what comes in by '-'.

    Nothing is run. With neither --dsn nor --schema nothing is known of the tables, and the plan says what it assumes.
    What cannot be made safe is said, with what a person has to decide; then nothing is written, and the exit code is 2.
    """
    from zdtui import regular_file
    from zdtui.draft.draft import draft_plan
    from zdtui.draft.drafted import DraftError

    if dsn is not None and (schema is not None or version is not None):
        raise DraftError("--dsn tells the tables and the version: leave --schema and --postgres-version out")
    text = _text(sql)
    known, database = _known(text, dsn, schema, version)
    drafted = draft_plan(text, known, name, database)
    if output is None:
        say_whole(drafted.text)
    elif Path(output).exists():
        raise DraftError(f"{output} is there already; name another file, or remove it first")
    else:
        regular_file.put_in_place(output, drafted.text)
    lines = [f"drafted: {counted(drafted.steps, 'step')}" + (f" in {output}" if output else "")]
    lines += [f"  for you to decide: {each}" for each in drafted.decisions]
    say("\n".join(lines), err=True)


def _text(sql: str) -> str:
    from zdtui.regular_file import read_text, text_of

    if sql == "-":
        return text_of(sys.stdin.buffer.read(LARGEST), "the standard input")
    if sql.endswith(".sql") or _is_file(sql):
        return read_text(sql, "SQL file", largest=LARGEST)
    return sql


def _is_file(sql: str) -> bool:
    try:
        return Path(sql).is_file()
    except (OSError, ValueError):  # a long statement is no name of a file
        return False


def _known(text: str, dsn: str | None, schema: str | None, version: int | None) -> "tuple[Known, str | None]":
    """What is known, and in which database."""
    from zdtui.draft.known import OLDEST, Known, known_of_sql
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
