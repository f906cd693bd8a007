"""The rows of a run that stand aside, as `zdtui rejected` lists them. Reads the journal and writes nothing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from zdtui.drawable import drawable, drawable_json
from zdtui.errors import JournalError
from zdtui.postgres.journal import journal_sql
from zdtui.postgres.keyset import key_text
from zdtui.postgres.target.target import Target
from zdtui.run.journal import store as journal
from zdtui.run.journal.reader import reader, run_of
from zdtui.sql.text.secrets import values_without_secrets

WITH_PARTS = 2
"""The layout from which on the table or partition of a row is told."""


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
    async with reader(target) as connection:
        run = await run_of(connection, prefix)
        if (await journal.journal_facts(connection)).layout < WITH_PARTS:
            raise JournalError("the journal is of an older zdtui; the next run in the console brings it up to date")
        rows = await (await connection.execute(journal_sql("read_rejected"), {"run": run})).fetchall()
    found = [Rejected(name, part, tuple(key), reason, at) for name, part, key, reason, at in rows]
    return [each for each in found if not step or each.step == step]


def as_text_lines(found: Iterable[Rejected]) -> Iterator[str]:
    """By step and table; what the server said is printed on one line."""
    nothing = True
    for (step, table), rows in groupby(found, key=lambda each: (each.step, each.table)):
        listed, nothing = list(rows), False
        yield drawable(f"{step}  {table or 'its table'}  {len(listed)} rejected")
        for row in listed:
            yield drawable(f"    {key_text(row.key)}  {row.at:%Y-%m-%d %H:%M:%S} UTC  {row.reason}")
    if nothing:
        yield "no row was rejected"


def as_json_lines(found: Iterable[Rejected]) -> Iterator[str]:
    """One object a row."""
    for row in found:
        told = {"step": row.step, "table": row.table, "key": row.key, "reason": row.reason, "at": row.at.isoformat()}
        yield drawable_json(values_without_secrets(told))
