"""The rows of a run that stand aside, as `zdtui rejected` lists them. Reads the journal and writes nothing."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

import psycopg

from zdtui.errors import JournalError, TargetError
from zdtui.postgres.connect import Target, connect
from zdtui.postgres.journal import journal_sql
from zdtui.run import journal
from zdtui.run.report import CONTROL
from zdtui.run.work import sentence


@dataclass(frozen=True, slots=True)
class Rejected:
    """One row that was not taken."""

    step: str
    table: str
    """The table or partition, as SQL writes it; empty in a journal from before there were partitions."""
    key: tuple[str, ...]
    """In key order; the row's place (ctid) where the table has no key."""
    reason: str
    """The name of the plan's rule, or the server's SQLSTATE and words."""
    at: datetime


async def read_rejected(target: Target, prefix: str | None = None, step: str = "") -> list[Rejected]:
    """Of the newest run, or of the one whose id begins with `prefix`; of one step if it is named.

    Raises JournalError when there is no journal, or not exactly one such run, TargetError when there is no server.
    """
    try:
        async with await connect(target, application_name="zdtui reader") as connection:
            if not await journal.installed(connection):
                raise JournalError("this database has no journal of zdtui: no run was ever begun here")
            runs = [run for run in await journal.runs(connection) if prefix is None or str(run).startswith(prefix)]
            if not runs:
                raise JournalError("no run was ever begun here" if prefix is None else f"no run begins with {prefix}")
            if prefix is not None and len(runs) > 1:
                raise JournalError(f"{len(runs)} runs begin with {prefix}; give more of the id")
            if not await journal.current(connection):
                raise JournalError("the journal is of an older zdtui; the next run in the console brings it up to date")
            rows = await (await connection.execute(journal_sql("read_rejected"), {"run": runs[0]})).fetchall()
    except psycopg.Error as error:
        raise TargetError(sentence(error)) from error
    found = [Rejected(name, part, tuple(key), reason, at) for name, part, key, reason, at in rows]
    return [each for each in found if not step or each.step == step]


def as_text_lines(found: Iterable[Rejected]) -> Iterator[str]:
    """By step and table; text from the server is stripped of control characters."""
    nothing = True
    for (step, table), rows in groupby(found, key=lambda each: (each.step, each.table)):
        listed, nothing = list(rows), False
        yield _clean(f"{step}  {table or 'its table'}  {len(listed)} rejected")
        for row in listed:
            yield _clean(f"    ({', '.join(row.key)})  {row.at:%Y-%m-%d %H:%M:%S} UTC  {row.reason}")
    if nothing:
        yield "no row was rejected"


def as_json_lines(found: Iterable[Rejected]) -> Iterator[str]:
    """One object a row."""
    for row in found:
        told = {"step": row.step, "table": row.table, "key": row.key, "reason": row.reason, "at": row.at.isoformat()}
        yield json.dumps(told)


def _clean(text: str) -> str:
    return " ".join(text.split("\n")).translate(CONTROL)
