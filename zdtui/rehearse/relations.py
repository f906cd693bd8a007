"""The relations of a database as they are at a moment, and which of them a step touches."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import psycopg

from zdtui.plan.model import Step
from zdtui.postgres.ask import Connection, ask
from zdtui.postgres.rehearsal import rehearsal_sql
from zdtui.postgres.sessions.connect import connect
from zdtui.postgres.target.target import Target
from zdtui.run.preflight.touched import touches
from zdtui.sql.text.name import Name
from zdtui.sql.text.quote import read_name

NAME = "zdtui rehearsal"
"""What sessions of a rehearsal are called."""
NEVER_IN_A_QUEUE = "SET lock_timeout = '200ms'"
"""Behind a question that waits for a lock the application would come to stand."""
TABLES = frozenset("rp")


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation as it was before or after a move."""

    name: Name
    kind: str
    filenode: int | None
    scans: int
    bytes: int | None
    rows: int | None

    @property
    def said(self) -> str:
        """As the evidence names it, and as SQL asks for its size: 'public.users', 'public."Users"'."""
        return self.name.written


async def read_relations(session: Connection) -> dict[int, Relation]:
    """Every relation of people, by its number; without sizes where somebody has one locked. Raises psycopg.Error."""
    try:
        rows = await ask(session, rehearsal_sql("relations"), [True])
    except psycopg.errors.LockNotAvailable:
        rows = await ask(session, rehearsal_sql("relations"), [False])
    return {row[0]: Relation(Name(row[1], row[2]), *row[3:]) for row in rows}


async def tables_there(target: Target, steps: Iterable[Step]) -> tuple[str, ...]:
    """The tables that are there and that these steps name, as SQL writes them. Raises TargetError."""
    async with await connect(target, application_name=NAME, only_asks=True) as session:
        await session.execute(NEVER_IN_A_QUEUE)
        found = [each.name for each in (await read_relations(session)).values() if each.kind in TABLES]
    touched = frozenset[Name]().union(*(relations_touched(step, found) for step in steps))
    return tuple(sorted(each.written for each in touched))


def relations_touched(step: Step, there: Collection[Name]) -> frozenset[Name]:
    """Those that are there and that the step names, in whatever schema where it says none. Pure."""
    found: set[Name] = set()
    for touch in touches((step,)):
        match read_name(touch.name):
            case (name,):
                found.update(each for each in there if each.name == name)
            case (schema, name) if Name(schema, name) in there:
                found.add(Name(schema, name))
    return frozenset(found)
